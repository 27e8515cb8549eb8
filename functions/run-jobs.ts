import { randomUUID } from 'node:crypto';
import { makeBuckets, makeQueues, makeTables } from '../shared/aws/clients.ts';
import { DynamoAssetStore } from '../shared/aws/dynamo-asset-store.ts';
import { DynamoJobDetails } from '../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../shared/aws/dynamo-job-store.ts';
import { S3Blobs } from '../shared/aws/s3-blobs.ts';
import { s3Texts } from '../shared/aws/s3-texts.ts';
import { sqsDoorbell } from '../shared/aws/sqs-doorbell.ts';
import { Environment, readEnvironment } from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { log } from '../shared/lambda/log.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';

const environment = readEnvironment(Environment);
const tables = makeTables();
const buckets = makeBuckets();
const texts = s3Texts(buckets, environment.BUCKET);
const jobTables = {
  jobsTable: environment.JOBS_TABLE,
  jobDetailsTable: environment.JOB_DETAILS_TABLE,
  shards: environment.INDEX_SHARDS,
};

export const handler = laneHandler({
  clock: Date.now,
  newId: randomUUID,
  log,
  operations: OPERATIONS,
  jobs: new DynamoJobStore(tables, jobTables),
  details: new DynamoJobDetails(tables, environment.JOB_DETAILS_TABLE, texts),
  doorbell: sqsDoorbell(makeQueues(), { bulk: environment.BULK_QUEUE_URL }, randomUUID),
  repositories: {
    assets: new DynamoAssetStore(tables, environment.ASSETS_TABLE, texts),
    blobs: new S3Blobs(buckets, environment.BUCKET),
    // Bundled beside this file: parsers of hostile files run in a thread of their own.
    inspectorScript: new URL('./inspect-file.mjs', import.meta.url),
  },
});
