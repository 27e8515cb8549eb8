import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoLogs } from '../../shared/aws/dynamo-logs.ts';
import { s3Packs } from '../../shared/aws/s3-packs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { aRunningJob } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryJobDetails } from '../support/memory/memory-job-details.ts';
import { logsSuite } from './suites/logs.ts';

describe('the logs in memory', () => {
  logsSuite(async () => {
    const details = new MemoryJobDetails();
    return { details, logs: details.logs };
  });
});

describe('the logs on DynamoDB and S3', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const fresh = async () => {
    const { tables, buckets, bucket } = emulators;
    const { jobDetails } = await emulators.freshTables();
    return {
      details: new DynamoJobDetails(tables, jobDetails, s3Texts(buckets, bucket)),
      logs: new DynamoLogs(tables, jobDetails, s3Packs(buckets, bucket)),
    };
  };
  logsSuite(fresh);

  it('leave no blob that nothing leads to', async () => {
    const { logs, details } = await fresh();
    const job = aRunningJob();
    const segment = { first: 1, count: 1, packed: new Uint8Array(9) };
    for (const claimNumber of [1, 1, 2]) await logs.putSegment({ ...job, claimNumber }, segment);
    expect(await blobsOf(job.jobId)).toEqual(['log-1-2']);
    await details.removeAll(job);
    expect(await blobsOf(job.jobId)).toEqual([]);
  });

  const blobsOf = async (key: string): Promise<string[]> => {
    const order = new ListObjectsV2Command({ Bucket: emulators.bucket, Prefix: `job-details/${key}/` });
    const { Contents = [] } = await emulators.buckets.send(order);
    return Contents.map(({ Key = '' }) => Key.replace(/.*\//, ''));
  };
});
