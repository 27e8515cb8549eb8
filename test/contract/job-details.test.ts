import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { detailsKey } from '../../shared/job/details-key.ts';
import { aJob } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryJobDetails } from '../support/memory/memory-job-details.ts';
import { callbacksSuite } from './suites/callbacks.ts';
import { jobDetailsSuite } from './suites/job-details.ts';

describe('the payloads in memory', () => {
  jobDetailsSuite(async () => new MemoryJobDetails());
  callbacksSuite(async () => new MemoryJobDetails());
});

describe('the payloads on DynamoDB and S3', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const freshDetails = async () => {
    const { tables, buckets, bucket } = emulators;
    const { jobDetails } = await emulators.freshTables();
    return new DynamoJobDetails(tables, jobDetails, s3Texts(buckets, bucket));
  };
  jobDetailsSuite(freshDetails);
  callbacksSuite(freshDetails);

  const blobsOf = async (key: string): Promise<string[]> => {
    const order = new ListObjectsV2Command({ Bucket: emulators.bucket, Prefix: `job-details/${key}/` });
    const { Contents = [] } = await emulators.buckets.send(order);
    return Contents.map(({ Key = '' }) => Key.replace(/.*\//, ''));
  };

  describe('the blobs of a job', () => {
    const LARGE = 'x'.repeat(256 * 1024);

    it('are never more than are led to: each worker takes those of its predecessors away', async () => {
      const details = await freshDetails();
      const job = aJob();
      for (const claimNumber of [1, 1, 2, 3]) await details.saveCursor({ ...job, claimNumber }, LARGE);
      expect(await blobsOf(job.jobId)).toEqual(['cursor-3']);
      await details.saveCursor({ ...job, claimNumber: 3 }, 'small');
      expect(await blobsOf(job.jobId)).toEqual([]);
    });

    it('of a worker that was replaced do not stay', async () => {
      const details = await freshDetails();
      const job = aJob();
      await details.saveCursor({ ...job, claimNumber: 2 }, LARGE);
      await expect(details.saveCursor({ ...job, claimNumber: 1 }, LARGE)).rejects.toMatchObject({
        code: 'TransitionRefused',
      });
      expect(await blobsOf(job.jobId)).toEqual(['cursor-2']);
    });

    it('are not more of a callback, whoever was late', async () => {
      const details = await freshDetails();
      const job = aJob();
      const callback = { key: 'one', secret: 'secret', deadline: job.createdOn };
      await details.openCallback({ ...job, claimNumber: 1 }, callback);
      await details.answerCallback(job, 'secret', LARGE);
      const kept = await blobsOf(job.jobId);
      expect(kept).toHaveLength(1);
      await details.answerCallback(job, 'secret', LARGE);
      await details.answerCallback(job, 'secret', `${LARGE}, other`);
      expect(await blobsOf(job.jobId)).toEqual(kept);
      await details.openCallback({ ...job, claimNumber: 2 }, { ...callback, key: 'two' });
      expect(await blobsOf(job.jobId)).toEqual([]);
    });

    it('go with the job', async () => {
      const details = await freshDetails();
      const job = aJob({ requestHash: 'one' });
      await details.putInput(job, LARGE);
      await details.putResult({ ...job, claimNumber: 4 }, LARGE);
      expect(await blobsOf(detailsKey(job))).toEqual(['input', 'result-4']);
      await details.removeAll(job);
      expect(await blobsOf(detailsKey(job))).toEqual([]);
    });
  });
});
