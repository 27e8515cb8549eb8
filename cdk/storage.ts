import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

/** All that Longhaul keeps. A deployed stage keeps it when the stack is destroyed. */
export class Storage extends Construct {
  readonly jobs: TableV2;
  readonly jobDetails: TableV2;
  readonly assets: TableV2;
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    const kept = {
      billing: Billing.onDemand(),
      removalPolicy: stage.isLocal ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      deletionProtection: !stage.isLocal,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    };
    this.jobs = new TableV2(this, 'Jobs', {
      ...kept,
      tableName: `longhaul-${stage.name}-jobs`,
      partitionKey: text('jobId'),
      globalSecondaryIndexes: [
        // Written once at creation, never moves: lists and the purge.
        keysOnly('timeline', text('timelineShard'), number('sequence')),
        // Sparse: the jobs that are not Completed, by when they are to be looked at.
        keysOnly('open', text('openShard'), text('watchAt')),
      ],
    });
    this.jobDetails = new TableV2(this, 'JobDetails', {
      ...kept,
      tableName: `longhaul-${stage.name}-job-details`,
      partitionKey: text('jobId'),
      sortKey: text('part'),
    });
    this.assets = new TableV2(this, 'Assets', {
      ...kept,
      tableName: `longhaul-${stage.name}-assets`,
      partitionKey: text('folder'),
      sortKey: text('name'),
    });
    this.bucket = new Bucket(this, 'Blobs', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: kept.removalPolicy,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      // Browsers PUT uploads straight to the bucket, by presigned URLs.
      cors: [
        { allowedMethods: [HttpMethods.PUT], allowedOrigins: ['*'], allowedHeaders: ['*'], maxAge: 3_000 },
      ],
    });
  }
}

const keysOnly = (
  indexName: string,
  partitionKey: ReturnType<typeof text>,
  sortKey: ReturnType<typeof text>,
) => ({
  indexName,
  partitionKey,
  sortKey,
  projectionType: ProjectionType.KEYS_ONLY,
});
