import { afterAll, beforeAll, describe } from '@jest/globals';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryJobStore } from '../support/memory/memory-job-store.ts';
import { jobStoreSuite } from './suites/job-store.ts';
import { timelineSuite } from './suites/timeline.ts';

describe('the jobs in memory', () => {
  jobStoreSuite(async () => new MemoryJobStore());
  timelineSuite(async () => new MemoryJobStore());
});

describe('the jobs on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const freshStore = (shards: number) => async () => {
    const { jobs, jobDetails } = await emulators.freshTables();
    return new DynamoJobStore(emulators.tables, { jobsTable: jobs, jobDetailsTable: jobDetails, shards });
  };
  jobStoreSuite(freshStore(8));
  describe('in eight partitions', () => timelineSuite(freshStore(8)));
  describe('in one partition', () => timelineSuite(freshStore(1)));
});
