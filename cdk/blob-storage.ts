import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

const ACCESS_LOG_DAYS = 90;
/** So long an uploaded input can be ordered with. */
const UPLOAD_DAYS = 7;
/** So long what was made for a download stays; it is made anew from the job. */
const EXPORT_DAYS = 1;

/** The bucket of blobs, and the one that says who reached them. Both private, encrypted, reached by TLS only. */
export class BlobStorage extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    const guarded = {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: stage.isLocal ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...guarded,
      lifecycleRules: [{ expiration: Duration.days(ACCESS_LOG_DAYS) }],
    });
    this.bucket = new Bucket(this, 'Bucket', {
      ...guarded,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library is not typed for exact optional properties
      serverAccessLogsBucket: accessLogs as unknown as IBucket,
      serverAccessLogsPrefix: 'blobs/',
      // What was never finished must not be paid for, nor an input that was uploaded for orders: each job has a copy of its
      // own, which goes with it; nor an export. Nothing else expires by age: a job may be postponed by years.
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
        { prefix: 'inputs/', expiration: Duration.days(UPLOAD_DAYS) },
        { prefix: 'exports/', expiration: Duration.days(EXPORT_DAYS) },
      ],
      // Browsers PUT straight to the bucket, by presigned URLs.
      cors: [
        {
          allowedMethods: [HttpMethods.PUT],
          allowedOrigins: [...stage.origins],
          allowedHeaders: ['*'],
          maxAge: 3_000,
        },
      ],
    });
  }
}
