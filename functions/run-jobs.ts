import { randomUUID } from 'node:crypto';
import { makeBuckets, makeQueues, makeTables } from '../shared/aws/clients.ts';
import { DynamoAssetStore } from '../shared/aws/dynamo-asset-store.ts';
import { DynamoJobDetails } from '../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../shared/aws/dynamo-job-store.ts';
import { S3Blobs } from '../shared/aws/s3-blobs.ts';
import { s3Texts } from '../shared/aws/s3-texts.ts';
import { sqsDoorbell, sqsTimers } from '../shared/aws/sqs-doorbell.ts';
import {
  AssetEnvironment,
  JobEnvironment,
  jobTablesOf,
  LaneEnvironment,
  laneQueuesOf,
  readEnvironment,
  TimerEnvironment,
} from '../shared/lambda/environment.ts';
import { laneHandler } from '../shared/lambda/lane.ts';
import { log } from '../shared/lambda/log.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';

const environment = readEnvironment({
  ...JobEnvironment,
  ...AssetEnvironment,
  ...LaneEnvironment,
  ...TimerEnvironment,
});
const queues = makeQueues();
const tables = makeTables();
const buckets = makeBuckets();
const texts = s3Texts(buckets, environment.BUCKET);
const jobs = new DynamoJobStore(tables, jobTablesOf(environment));
const doorbell = sqsDoorbell(queues, laneQueuesOf(environment), randomUUID);

export const handler = laneHandler({
  clock: Date.now,
  newId: randomUUID,
  log,
  operations: OPERATIONS,
  jobs,
  details: new DynamoJobDetails(tables, environment.JOB_DETAILS_TABLE, texts),
  doorbell,
  timers: sqsTimers(queues, environment.TIMER_QUEUE_URL, Date.now),
  repositories: {
    jobs,
    doorbell,
    assets: new DynamoAssetStore(tables, environment.ASSETS_TABLE, texts),
    blobs: new S3Blobs(buckets, environment.BUCKET),
    // Bundled beside this file: parsers of hostile files run in a thread of their own.
    inspectorScript: new URL('./inspect-file.mjs', import.meta.url),
  },
});
