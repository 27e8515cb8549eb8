import { randomUUID } from 'node:crypto';
import { v7 } from 'uuid';
import { makeBuckets, makeQueues, makeTables } from '../../shared/aws/clients.ts';
import { DynamoAssetStore } from '../../shared/aws/dynamo-asset-store.ts';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { S3Blobs } from '../../shared/aws/s3-blobs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { sqsDoorbell } from '../../shared/aws/sqs-doorbell.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import { Environment, readEnvironment } from '../../shared/lambda/environment.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { assetRoutes } from './assets.ts';
import { jobRoutes } from './jobs.ts';
import { operationRoutes } from './operations.ts';

const environment = readEnvironment(Environment);
const tables = makeTables();
const buckets = makeBuckets();
const texts = s3Texts(buckets, environment.BUCKET);
const jobTables = {
  jobsTable: environment.JOBS_TABLE,
  jobDetailsTable: environment.JOB_DETAILS_TABLE,
  shards: environment.INDEX_SHARDS,
};
const service = {
  clock: Date.now,
  newId: () => v7(),
  nextSequence: sequenceMaker(Date.now, Math.random),
  operations: OPERATIONS,
  jobs: new DynamoJobStore(tables, jobTables),
  details: new DynamoJobDetails(tables, environment.JOB_DETAILS_TABLE, texts),
  doorbell: sqsDoorbell(makeQueues(), { bulk: environment.BULK_QUEUE_URL }, randomUUID),
  assets: new DynamoAssetStore(tables, environment.ASSETS_TABLE, texts),
  blobs: new S3Blobs(buckets, environment.BUCKET),
};

export const handler = httpHandler([
  ...jobRoutes(service),
  ...operationRoutes(service),
  ...assetRoutes(service),
]);
