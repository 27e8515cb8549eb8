import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { dynamoTurns } from '../../shared/aws/dynamo-turns.ts';
import { S3Inputs } from '../../shared/aws/s3-inputs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import type { Turns } from '../../shared/service/start-upkeep.ts';
import { aJob } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { idOf } from '../support/memory/counting-ids.ts';
import { MemoryTurns } from '../support/memory/memory-turns.ts';

function turnsSuite(fresh: () => Promise<Turns>): void {
  it('know the latest job of each duty, and of a new one none', async () => {
    const turns = await fresh();
    expect(await turns.latest('scan')).toBeUndefined();
    for (const n of [1, 2]) await turns.note('scan', idOf(n));
    await turns.note('purge', idOf(3));
    expect([await turns.latest('scan'), await turns.latest('purge')]).toEqual([idOf(2), idOf(3)]);
  });
}

describe('the turns in memory', () => turnsSuite(async () => new MemoryTurns()));

describe('on DynamoDB and S3', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const copiesOf = async (jobId: string) => {
    const order = new ListObjectsV2Command({ Bucket: emulators.bucket, Prefix: `job-details/${jobId}/` });
    return (await emulators.buckets.send(order)).KeyCount;
  };

  describe('the turns', () =>
    turnsSuite(async () => dynamoTurns(emulators.tables, (await emulators.freshTables()).jobDetails)));

  describe('an uploaded input', () => {
    const [first, second, upload] = [aJob({ jobId: idOf(1) }), aJob({ jobId: idOf(2) }), idOf(9)];
    const stores = async () => {
      const { buckets, tables, bucket } = emulators;
      const { jobDetails } = await emulators.freshTables();
      const put = new PutObjectCommand({ Bucket: bucket, Key: `inputs/${upload}`, Body: '{"to":3}' });
      await buckets.send(put);
      return {
        inputs: new S3Inputs({ buckets, tables }, { bucket, jobDetailsTable: jobDetails }),
        details: new DynamoJobDetails(tables, jobDetails, s3Texts(buckets, bucket)),
      };
    };
    it('is copied for each job, and a copy goes with its job alone', async () => {
      const { inputs, details } = await stores();
      await inputs.keepFor({ ...first, inputBlobId: upload });
      await inputs.keepFor({ ...second, inputBlobId: upload }, { ...first, inputBlobId: upload });
      await details.removeAll(first);
      expect([await copiesOf(first.jobId), await copiesOf(second.jobId)]).toEqual([0, 1]);
      expect(await inputs.get({ ...second, inputBlobId: upload })).toBe('{"to":3}');
      const still = new HeadObjectCommand({ Bucket: emulators.bucket, Key: `inputs/${upload}` });
      expect((await emulators.buckets.send(still)).ContentLength).toBe(8);
    });

    it('that is gone by now is no input of anybody, and what was kept of the attempt goes with the job', async () => {
      const { inputs, details } = await stores();
      await expect(inputs.keepFor({ ...first, inputBlobId: idOf(8) })).rejects.toThrow();
      await details.removeAll(first);
      expect(await copiesOf(first.jobId)).toBe(0);
    });
  });
});
