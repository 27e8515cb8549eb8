import * as z from 'zod';
import { passedOver, remark, tags } from './passed-over.ts';

const signIn = passedOver('nobody signs in here: the local issuer signs tokens for whoever is named');
const mail = passedOver('no mail is sent');
const validity = passedOver('local tokens are valid for twelve hours, so that a day of work needs one');
const trigger = z.strictObject({ LambdaArn: z.string(), LambdaVersion: z.enum(['V2_0', 'V3_0']) });

export const identityTypes = {
  'AWS::Cognito::UserPool': z.strictObject({
    UserPoolName: z.string().optional(),
    LambdaConfig: z.strictObject({ PreTokenGenerationConfig: trigger.optional() }).optional(),
    AccountRecoverySetting: signIn,
    AdminCreateUserConfig: signIn,
    AutoVerifiedAttributes: signIn,
    DeletionProtection: passedOver('nothing here deletes a user pool'),
    EmailVerificationMessage: mail,
    EmailVerificationSubject: mail,
    SmsVerificationMessage: mail,
    VerificationMessageTemplate: mail,
    EnabledMfas: signIn,
    MfaConfiguration: signIn,
    Policies: signIn,
    Schema: passedOver('users have the attributes that a token shows'),
    UsernameAttributes: signIn,
    AliasAttributes: signIn,
    UserPoolTier: passedOver('a matter of price'),
    UserPoolTags: tags,
  }),

  'AWS::Cognito::UserPoolClient': z.strictObject({
    UserPoolId: z.string(),
    ClientName: z.string().optional(),
    AllowedOAuthFlows: z.array(z.enum(['code', 'implicit', 'client_credentials'])).default([]),
    AllowedOAuthScopes: z.array(z.string()).default([]),
    AllowedOAuthFlowsUserPoolClient: z.boolean().optional(),
    AccessTokenValidity: validity,
    IdTokenValidity: validity,
    RefreshTokenValidity: validity,
    TokenValidityUnits: validity,
    CallbackURLs: signIn,
    LogoutURLs: signIn,
    ExplicitAuthFlows: signIn,
    GenerateSecret: signIn,
    PreventUserExistenceErrors: signIn,
    SupportedIdentityProviders: signIn,
    EnableTokenRevocation: signIn,
  }),

  'AWS::Cognito::UserPoolGroup': z.strictObject({
    UserPoolId: z.string(),
    GroupName: z.string(),
    Description: remark,
  }),

  'AWS::Cognito::UserPoolResourceServer': z.strictObject({
    UserPoolId: z.string(),
    Identifier: z.string(),
    Name: z.string(),
    Scopes: z.array(z.strictObject({ ScopeName: z.string(), ScopeDescription: z.string() })).default([]),
  }),
} as const;
