import { afterAll, beforeAll, describe } from '@jest/globals';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryJobDetails } from '../support/memory/memory-job-details.ts';
import { jobDetailsSuite } from './suites/job-details.ts';

describe('the payloads in memory', () => {
  jobDetailsSuite(async () => new MemoryJobDetails());
});

describe('the payloads on DynamoDB and S3', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  jobDetailsSuite(async () => {
    const { tables, buckets, bucket } = emulators;
    const { jobDetails } = await emulators.freshTables();
    return new DynamoJobDetails(tables, jobDetails, s3Texts(buckets, bucket));
  });
});
