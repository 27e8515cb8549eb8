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
import {
  AssetEnvironment,
  JobEnvironment,
  jobTablesOf,
  LaneEnvironment,
  laneQueuesOf,
  readEnvironment,
} from '../../shared/lambda/environment.ts';
import { httpHandler } from '../../shared/lambda/http.ts';
import { OPERATIONS } from '../../shared/operations/registry.ts';
import { assetRoutes } from './assets.ts';
import { jobRoutes } from './jobs.ts';
import { operationRoutes } from './operations.ts';

const environment = readEnvironment({ ...JobEnvironment, ...AssetEnvironment, ...LaneEnvironment });
const tables = makeTables();
const buckets = makeBuckets();
const texts = s3Texts(buckets, environment.BUCKET);
const service = {
  clock: Date.now,
  newId: () => v7(),
  nextSequence: sequenceMaker(Date.now, Math.random),
  operations: OPERATIONS,
  jobs: new DynamoJobStore(tables, jobTablesOf(environment)),
  details: new DynamoJobDetails(tables, environment.JOB_DETAILS_TABLE, texts),
  doorbell: sqsDoorbell(makeQueues(), laneQueuesOf(environment), randomUUID),
  assets: new DynamoAssetStore(tables, environment.ASSETS_TABLE, texts),
  blobs: new S3Blobs(buckets, environment.BUCKET),
};

export const handler = httpHandler([
  ...jobRoutes(service),
  ...operationRoutes(service),
  ...assetRoutes(service),
]);
