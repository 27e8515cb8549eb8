import * as z from 'zod';
import { encryption, passedOver, tags } from './passed-over.ts';

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projection = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const throughput = passedOver('there is no throughput to provision');
const report = passedOver('a report for operators');
const price = passedOver('a matter of price');
const recovery = passedOver('the emulator has no point-in-time recovery, and its API refuses the call');
const deletionProtection = passedOver('nothing here deletes a table');

const secondaryIndex = z.strictObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: projection,
  ProvisionedThroughput: throughput,
  OnDemandThroughput: throughput,
  WriteOnDemandThroughputSettings: throughput,
  WriteProvisionedThroughputSettings: throughput,
  ContributorInsightsSpecification: report,
  WarmThroughput: throughput,
});

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
  TimeToLiveSpecification: z
    .strictObject({ AttributeName: z.string().optional(), Enabled: z.boolean() })
    .optional(),
  SSESpecification: encryption,
  WarmThroughput: throughput,
};

const tableReplica = z.strictObject({
  Region: z.literal('us-east-1'),
  PointInTimeRecoverySpecification: recovery,
  DeletionProtectionEnabled: deletionProtection,
  TableClass: price,
  SSESpecification: encryption,
  ContributorInsightsSpecification: report,
  GlobalSecondaryIndexes: throughput,
  ReadOnDemandThroughputSettings: throughput,
  Tags: tags,
});

export const tableTypes = {
  'AWS::DynamoDB::Table': z.strictObject({
    ...tableProperties,
    ProvisionedThroughput: throughput,
    OnDemandThroughput: throughput,
    PointInTimeRecoverySpecification: recovery,
    DeletionProtectionEnabled: deletionProtection,
    TableClass: price,
    Tags: tags,
  }),

  'AWS::DynamoDB::GlobalTable': z.strictObject({
    ...tableProperties,
    Replicas: z.array(tableReplica).length(1),
    WriteOnDemandThroughputSettings: throughput,
    WriteProvisionedThroughputSettings: throughput,
  }),
} as const;
