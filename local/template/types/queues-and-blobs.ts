import * as z from 'zod';
import { encryption, passedOver, remark, seconds, tags } from './passed-over.ts';

const corsRule = z.strictObject({
  Id: remark,
  AllowedOrigins: z.array(z.string()).min(1),
  AllowedMethods: z.array(z.enum(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])).min(1),
  AllowedHeaders: z.array(z.string()).default([]),
  ExposedHeaders: z.array(z.string()).optional(),
  MaxAge: seconds.optional(),
});

const topicSubscription = { Endpoint: z.string(), Protocol: z.string() };

export const queueAndBlobTypes = {
  'AWS::SQS::Queue': z.strictObject({
    QueueName: z.string().optional(),
    FifoQueue: z.boolean().default(false),
    ContentBasedDeduplication: z.boolean().optional(),
    DeduplicationScope: passedOver('the emulator deduplicates per queue; nothing relies on deduplication'),
    FifoThroughputLimit: passedOver('the emulator has no throughput limit'),
    VisibilityTimeout: seconds.default(30),
    MessageRetentionPeriod: seconds.optional(),
    DelaySeconds: seconds.max(900).optional(),
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
    AccessControl: passedOver('there is one owner'),
    LifecycleConfiguration: passedOver('nothing expires within the life of a data folder'),
    VersioningConfiguration: passedOver('the emulator keeps the newest version only'),
    LoggingConfiguration: passedOver('access logs are for auditors'),
    CorsConfiguration: z.strictObject({ CorsRules: z.array(corsRule).min(1) }).optional(),
    Tags: tags,
  }),

  'AWS::SNS::Topic': z.strictObject({
    TopicName: z.string().optional(),
    DisplayName: z.string().optional(),
    FifoTopic: z.literal(false).optional(),
    Subscription: z.array(z.strictObject(topicSubscription)).default([]),
    KmsMasterKeyId: encryption,
    TracingConfig: passedOver('there is no X-Ray here'),
    Tags: tags,
  }),

  'AWS::SNS::Subscription': z.strictObject({
    ...topicSubscription,
    TopicArn: z.string(),
    RawMessageDelivery: z.boolean().optional(),
    FilterPolicy: z.unknown().optional(),
    FilterPolicyScope: z.string().optional(),
    RedrivePolicy: passedOver('an emulated delivery does not fail'),
    Region: passedOver('there is one region'),
  }),
} as const;
