import * as z from 'zod';
import { passedOver, remark, seconds, tags } from './passed-over.ts';

const mapping = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z
    .string()
    .regex(/^arn:aws:(sqs|dynamodb):/, 'event sources here are queues and table streams'),
  BatchSize: z.number().int().min(1).max(10_000).optional(),
  Enabled: z.boolean().default(true),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000) }).optional(),
  MaximumBatchingWindowInSeconds: seconds.min(0).max(300).optional(),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  TumblingWindowInSeconds: seconds.min(0).max(900).optional(),
  MaximumRetryAttempts: z.number().int().min(-1).max(10_000).optional(),
  MaximumRecordAgeInSeconds: seconds.min(-1).max(604_800).optional(),
  BisectBatchOnFunctionError: z.boolean().optional(),
  ParallelizationFactor: z.literal(1, 'one batch of a shard at once is run here').optional(),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string().regex(/^arn:aws:sqs:/) }) })
    .optional(),
  Tags: tags,
});

type Mapping = z.output<typeof mapping>;

const onlyForStreams = [
  'StartingPosition',
  'TumblingWindowInSeconds',
  'MaximumRetryAttempts',
  'MaximumRecordAgeInSeconds',
  'BisectBatchOnFunctionError',
  'ParallelizationFactor',
  'DestinationConfig',
] as const satisfies readonly (keyof Mapping)[];

/** What Lambda itself would refuse: a property that this kind of source does not have. */
function fitsItsSource(given: Mapping, context: z.core.$RefinementCtx<Mapping>): void {
  const refuse = (path: keyof Mapping, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (given.EventSourceArn.startsWith('arn:aws:sqs:')) {
    for (const name of onlyForStreams) if (given[name] !== undefined) refuse(name, 'is only for streams');
    if (given.MaximumBatchingWindowInSeconds)
      refuse('MaximumBatchingWindowInSeconds', 'is not run here for queues');
    // Without a batching window, which a FIFO queue cannot have, a batch has ten messages at most.
    if ((given.BatchSize ?? 0) > 10) refuse('BatchSize', 'is at most 10 for a queue');
    return;
  }
  if (given.StartingPosition === undefined) refuse('StartingPosition', 'is required for a stream');
  if (given.ScalingConfig !== undefined) refuse('ScalingConfig', 'is only for queues');
}

export const functionTypes = {
  'AWS::Lambda::Function': z.strictObject({
    FunctionName: z.string().optional(),
    Runtime: z.literal('nodejs24.x'),
    Handler: z.string().regex(/^[\w-]+\.[\w-]+$/),
    Code: z.strictObject({ S3Bucket: passedOver('the bundle is taken from cdk.out'), S3Key: z.string() }),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
    MemorySize: z.number().int().default(128),
    Timeout: seconds.default(3),
    Role: z.string(),
    Architectures: passedOver('the bundles are JavaScript'),
    Description: remark,
    EphemeralStorage: passedOver('the functions write no files'),
    LoggingConfig: passedOver('logs go to files of the data folder'),
    TracingConfig: passedOver('there is no X-Ray here'),
    Tags: tags,
  }),

  'AWS::Lambda::EventSourceMapping': mapping.superRefine(fitsItsSource),
} as const;
