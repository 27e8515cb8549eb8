import * as z from 'zod';
import { passedOver, remark, seconds, tags } from './passed-over.ts';

const throttling = passedOver('throttling is not simulated');

export const httpApiTypes = {
  'AWS::ApiGatewayV2::Api': z.strictObject({
    Name: z.string(),
    ProtocolType: z.literal('HTTP'),
    CorsConfiguration: z
      .strictObject({
        AllowCredentials: z.boolean().optional(),
        AllowHeaders: z.array(z.string()).optional(),
        AllowMethods: z.array(z.string()).optional(),
        AllowOrigins: z.array(z.string()).optional(),
        ExposeHeaders: z.array(z.string()).optional(),
        MaxAge: seconds.optional(),
      })
      .optional(),
    Description: remark,
    Tags: tags,
  }),

  'AWS::ApiGatewayV2::Stage': z.strictObject({
    ApiId: z.string(),
    StageName: z.literal('$default'),
    AutoDeploy: z.literal(true),
    AccessLogSettings: passedOver('access logs are for operators'),
    DefaultRouteSettings: throttling,
    RouteSettings: throttling,
    Description: remark,
    Tags: tags,
  }),

  'AWS::ApiGatewayV2::Integration': z.strictObject({
    ApiId: z.string(),
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string().regex(/^arn:aws:lambda:/),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: z.number().int().min(50).max(30_000).default(30_000),
    IntegrationMethod: passedOver('a Lambda function is always invoked by POST'),
    ConnectionType: passedOver('there is no VPC here'),
    Description: remark,
  }),

  'AWS::ApiGatewayV2::Route': z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().regex(/^integrations\/.+/),
    AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
    AuthorizerId: z.string().optional(),
    AuthorizationScopes: z.array(z.string()).default([]),
    OperationName: remark,
  }),

  'AWS::ApiGatewayV2::Authorizer': z.strictObject({
    ApiId: z.string(),
    Name: z.string(),
    AuthorizerType: z.literal('JWT'),
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()).min(1) }),
  }),
} as const;
