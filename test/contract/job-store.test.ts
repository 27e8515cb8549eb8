import { afterAll, beforeAll, describe } from '@jest/globals';
import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryJobStore } from '../support/memory/memory-job-store.ts';
import { chainsSuite, type JobsInLine } from './suites/chains.ts';
import { dueSuite } from './suites/due.ts';
import { jobStoreSuite } from './suites/job-store.ts';
import { lineSuite } from './suites/line.ts';
import { timelineSuite } from './suites/timeline.ts';

const inMemory = async (): Promise<JobsInLine> => {
  const jobs = new MemoryJobStore();
  return { jobs, chains: jobs };
};

describe('the jobs in memory', () => {
  jobStoreSuite(async () => new MemoryJobStore());
  timelineSuite(async () => new MemoryJobStore());
  chainsSuite(inMemory);
  lineSuite(inMemory);
  dueSuite(async () => new MemoryJobStore());
});

describe('the jobs on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const freshTables = async (shards: number): Promise<JobsInLine> => {
    const { jobs, chains, jobDetails } = await emulators.freshTables();
    const config = { jobsTable: jobs, chainsTable: chains, jobDetailsTable: jobDetails, shards };
    const timeline = new Timeline(emulators.tables, config);
    return {
      jobs: new DynamoJobStore(emulators.tables, config, timeline),
      chains: new DynamoChains(emulators.tables, config, timeline),
    };
  };
  const freshStore = (shards: number) => async () => (await freshTables(shards)).jobs;

  jobStoreSuite(freshStore(8));
  describe('in eight partitions', () => timelineSuite(freshStore(8)));
  describe('in one partition', () => timelineSuite(freshStore(1)));
  chainsSuite(() => freshTables(8));
  lineSuite(() => freshTables(8));
  dueSuite(freshStore(8));
});
