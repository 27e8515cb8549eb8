import { randomUUID } from 'node:crypto';
import { v5 } from 'uuid';
import { sequenceMaker } from '../job/sequence.ts';
import type { PlatformCreator } from '../service/create-platform-job.ts';
import { makeBuckets, makeQueues, makeTables } from './clients.ts';
import { DynamoJobDetails } from './dynamo-job-details.ts';
import { DynamoJobStore, type JobTables } from './dynamo-job-store.ts';
import { s3Texts } from './s3-texts.ts';
import { type LaneQueues, sqsDoorbell } from './sqs-doorbell.ts';

/** What the functions of schedules share: all that it takes to create a job and ring for it. */
export function platformCreator(config: JobTables & { bucket: string; lanes: LaneQueues }): PlatformCreator {
  const tables = makeTables();
  return {
    jobs: new DynamoJobStore(tables, config),
    details: new DynamoJobDetails(tables, config.jobDetailsTable, s3Texts(makeBuckets(), config.bucket)),
    doorbell: sqsDoorbell(makeQueues(), config.lanes, randomUUID),
    nextSequence: sequenceMaker(Date.now, Math.random),
    idOf: (name) => v5(name, v5.URL),
  };
}
