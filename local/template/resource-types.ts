import * as z from 'zod';

/**
 * The resource types that are run here. A schema lists the properties that are honoured and, knowingly and with the reason,
 * those that are passed over; any other property is an error, for the runtime would silently differ from AWS.
 */
const passedOver = (reason: string) => z.unknown().optional().describe(`passed over: ${reason}`);

const tags = passedOver('tags have no effect here');
const encryption = passedOver('encryption at rest cannot be seen from outside');

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const throughput = passedOver('there is no throughput to provision');

const secondaryIndex = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: projection,
  ProvisionedThroughput: throughput,
  OnDemandThroughput: throughput,
  WriteOnDemandThroughputSettings: throughput,
  WriteProvisionedThroughputSettings: throughput,
  ContributorInsightsSpecification: passedOver('a report for operators'),
  WarmThroughput: throughput,
});

const recovery = passedOver('the emulator has no point-in-time recovery, and its API refuses the call');
const deletionProtection = passedOver('nothing here deletes a table');

const tableProperties = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(secondaryIndex).optional(),
  LocalSecondaryIndexes: z.array(secondaryIndex).optional(),
  StreamSpecification: z
    .strictObject({ StreamViewType: z.enum(['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES']) })
    .optional(),
  BillingMode: passedOver('every table here is on demand'),
  TimeToLiveSpecification: passedOver(
    'the emulator never deletes expired items; readers must not rely on it anyway',
  ),
  SSESpecification: encryption,
  WarmThroughput: throughput,
};

const tableReplica = z.strictObject({
  Region: z.literal('us-east-1'),
  PointInTimeRecoverySpecification: recovery,
  DeletionProtectionEnabled: deletionProtection,
  TableClass: passedOver('a matter of price'),
  SSESpecification: encryption,
  ContributorInsightsSpecification: passedOver('a report for operators'),
  GlobalSecondaryIndexes: throughput,
  ReadOnDemandThroughputSettings: throughput,
  Tags: tags,
});

const seconds = z.number().int();

export const resourceTypes = {
  'AWS::DynamoDB::Table': z.strictObject({
    ...tableProperties,
    ProvisionedThroughput: throughput,
    OnDemandThroughput: throughput,
    PointInTimeRecoverySpecification: recovery,
    DeletionProtectionEnabled: deletionProtection,
    TableClass: passedOver('a matter of price'),
    Tags: tags,
  }),

  'AWS::DynamoDB::GlobalTable': z.strictObject({
    ...tableProperties,
    Replicas: z.array(tableReplica).length(1),
    WriteOnDemandThroughputSettings: throughput,
    WriteProvisionedThroughputSettings: throughput,
  }),

  'AWS::SQS::Queue': z.strictObject({
    QueueName: z.string().optional(),
    FifoQueue: z.boolean().default(false),
    ContentBasedDeduplication: z.boolean().optional(),
    DeduplicationScope: passedOver('the emulator deduplicates per queue; nothing relies on deduplication'),
    FifoThroughputLimit: passedOver('the emulator has no throughput limit'),
    VisibilityTimeout: seconds.default(30),
    MessageRetentionPeriod: seconds.optional(),
    DelaySeconds: seconds.optional(),
    ReceiveMessageWaitTimeSeconds: seconds.optional(),
    MaximumMessageSize: z.number().int().optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number().int() })
      .optional(),
    RedriveAllowPolicy: passedOver('nobody else can name the dead-letter queue here'),
    KmsMasterKeyId: encryption,
    KmsDataKeyReusePeriodSeconds: encryption,
    SqsManagedSseEnabled: encryption,
    Tags: tags,
  }),

  'AWS::S3::Bucket': z.strictObject({
    BucketName: z.string().optional(),
    BucketEncryption: encryption,
    PublicAccessBlockConfiguration: passedOver('the emulator listens on loopback only'),
    OwnershipControls: passedOver('there is one owner'),
    LifecycleConfiguration: passedOver('nothing expires within the life of a data folder'),
    VersioningConfiguration: passedOver('the emulator keeps the newest version only'),
    LoggingConfiguration: passedOver('access logs are for auditors'),
    CorsConfiguration: passedOver('the emulator knows no CORS'),
    Tags: tags,
  }),

  'AWS::Lambda::Function': z.strictObject({
    FunctionName: z.string().optional(),
    Runtime: z.literal('nodejs24.x'),
    Handler: z.string().regex(/^[\w-]+\.[\w-]+$/),
    Code: z.strictObject({ S3Bucket: passedOver('the bundle is taken from cdk.out'), S3Key: z.string() }),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
    MemorySize: z.number().int().default(128),
    Timeout: seconds.default(3),
    Role: passedOver('permissions are not enforced yet'),
    Architectures: passedOver('the bundles are JavaScript'),
    Description: passedOver('a remark'),
    EphemeralStorage: passedOver('the functions write no files'),
    LoggingConfig: passedOver('logs go to files of the data folder'),
    TracingConfig: passedOver('there is no X-Ray here'),
    Tags: tags,
  }),

  'AWS::Lambda::EventSourceMapping': z.strictObject({
    FunctionName: z.string(),
    EventSourceArn: z.string().regex(/^arn:aws:sqs:/, 'only SQS queues are event sources here so far'),
    BatchSize: z.number().int().min(1).max(10).default(10),
    Enabled: z.boolean().default(true),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000) }).optional(),
    MaximumBatchingWindowInSeconds: passedOver('messages are handed over as they come'),
    Tags: tags,
  }),

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
    Description: passedOver('a remark'),
    Tags: tags,
  }),

  'AWS::ApiGatewayV2::Stage': z.strictObject({
    ApiId: z.string(),
    StageName: z.literal('$default'),
    AutoDeploy: z.literal(true),
    AccessLogSettings: passedOver('access logs are for operators'),
    DefaultRouteSettings: passedOver('throttling is not simulated'),
    RouteSettings: passedOver('throttling is not simulated'),
    Description: passedOver('a remark'),
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
    Description: passedOver('a remark'),
  }),

  'AWS::ApiGatewayV2::Route': z.strictObject({
    ApiId: z.string(),
    RouteKey: z.string(),
    Target: z.string().regex(/^integrations\/.+/),
    AuthorizationType: z.enum(['NONE', 'JWT']).default('NONE'),
    AuthorizerId: z.string().optional(),
    AuthorizationScopes: z.array(z.string()).default([]),
    OperationName: passedOver('a remark'),
  }),

  'AWS::ApiGatewayV2::Authorizer': z.strictObject({
    ApiId: z.string(),
    Name: z.string(),
    AuthorizerType: z.literal('JWT'),
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.strictObject({ Issuer: z.string(), Audience: z.array(z.string()).min(1) }),
  }),
} as const;

export type ResourceTypeName = keyof typeof resourceTypes;
export type Properties<T extends ResourceTypeName> = z.output<(typeof resourceTypes)[T]>;

/** Types that need nothing done here, and why. */
export const passedOverTypes: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'permissions are not enforced yet',
  'AWS::IAM::Policy': 'permissions are not enforced yet',
  'AWS::IAM::ManagedPolicy': 'permissions are not enforced yet',
  'AWS::Lambda::Permission': 'the local callers need no permission to invoke',
  'AWS::Logs::LogGroup': 'logs go to files of the data folder',
  'AWS::SQS::QueuePolicy': 'the emulator has one account and no strangers',
  'AWS::S3::BucketPolicy': 'the emulator has one account and no strangers',
  'AWS::CDK::Metadata': 'statistics of the CDK',
  'AWS::CloudWatch::Alarm': 'there is nobody to wake',
  'AWS::Cognito::UserPool': 'a local issuer signs the tokens',
  'AWS::Cognito::UserPoolClient': 'a local issuer signs the tokens',
  'AWS::Cognito::UserPoolDomain': 'a local issuer signs the tokens',
  'AWS::Cognito::UserPoolGroup': 'a local issuer signs the tokens',
  'AWS::Cognito::UserPoolResourceServer': 'a local issuer signs the tokens',
};
