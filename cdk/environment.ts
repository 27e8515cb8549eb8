import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stage } from './stage.ts';
import type { Storage } from './storage.ts';

export interface Surroundings {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly lanes: { readonly bulk: { readonly queue: Queue } };
}

/** The variables that `shared/lambda/environment.ts` reads. */
export const environmentOf = ({ stage, storage, lanes }: Surroundings): Record<string, string> => ({
  JOBS_TABLE: storage.jobs.tableName,
  JOB_DETAILS_TABLE: storage.jobDetails.tableName,
  ASSETS_TABLE: storage.assets.tableName,
  BUCKET: storage.bucket.bucketName,
  BULK_QUEUE_URL: lanes.bulk.queue.queueUrl,
  INDEX_SHARDS: String(stage.indexShards),
});
