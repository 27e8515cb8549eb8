import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoHistory } from '../../shared/aws/dynamo-history.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import { sequenceAt } from '../../shared/job/sequence.ts';
import { Status } from '../../shared/job/status.ts';
import { aJob } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryHistory } from '../support/memory/memory-history.ts';
import { MemoryJobStore } from '../support/memory/memory-job-store.ts';
import { historySuite } from './suites/history.ts';

const on = (day: string) => aJob({ sequence: sequenceAt(Date.parse(day)), statusCode: Status.Succeeded });

describe('the past in memory', () => {
  historySuite(async () => {
    const jobs = new MemoryJobStore();
    return { jobs, chains: jobs, history: new MemoryHistory(jobs) };
  });
});

describe('the past on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const freshPast = async (shards = 8) => {
    const { jobs, chains, jobDetails } = await emulators.freshTables();
    const config = { jobsTable: jobs, chainsTable: chains, jobDetailsTable: jobDetails, shards };
    const timeline = new Timeline(emulators.tables, config);
    return {
      jobDetails,
      jobs: new DynamoJobStore(emulators.tables, config, timeline),
      chains: new DynamoChains(emulators.tables, config, timeline),
      history: new DynamoHistory(emulators.tables, config),
    };
  };

  historySuite(freshPast);
  describe('in one partition', () => historySuite(() => freshPast(1)));

  describe('a day of the directory', () => {
    it('goes when it has no job any more, if it is long over', async () => {
      const { jobs, history, jobDetails } = await freshPast();
      const days = ['2020-01-01', '2020-02-29', '2021-12-31', '2022-01-01'];
      const made = days.map(on);
      for (const job of made) await jobs.insert(job);
      await history.removeRows(made.filter((_, place) => place !== 1));
      expect(await history.forgetEmptyDays('2022-01-01')).toBe(2);
      const { Items = [] } = await emulators.tables.send(
        new QueryCommand({
          TableName: jobDetails,
          KeyConditionExpression: 'jobId = :days',
          ExpressionAttributeValues: { ':days': 'days' },
        }),
      );
      expect(Items.map(({ part }) => String(part))).toEqual(['2020-02-29', '2022-01-01']);
    });
  });
});
