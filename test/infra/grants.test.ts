import { describe, expect, it } from '@jest/globals';
import { DEPLOYED, grantsOf, synthesised } from '../support/template.ts';

const resources = synthesised(DEPLOYED);
const mayDo = (functionName: string, pattern: RegExp): string[] =>
  grantsOf(resources, functionName)
    .filter((grant) => pattern.test(grant))
    .toSorted();

const JOBS = / on StorageJobs(\/|$)/;
const WRITES_TABLE = /^dynamodb:(Put|Update|Delete|BatchWrite)/;

const apiMay = (pattern: RegExp) => mayDo('longhaul-dev-api', pattern);
const workersMay = (pattern: RegExp) => mayDo('longhaul-dev-run-jobs-bulk', pattern);

describe('the API', () => {
  it('makes jobs and takes them back, and moves none: that is for workers', () => {
    expect(apiMay(WRITES_TABLE).filter((grant) => JOBS.test(grant) && !grant.includes('/index/'))).toEqual([
      'dynamodb:DeleteItem on StorageJobs',
      'dynamodb:PutItem on StorageJobs',
    ]);
  });

  it('reads details of jobs and assets, and no files', () => {
    expect(apiMay(/^s3:GetObject.*\//)).toEqual([
      's3:GetObject on StorageBlobsBucket/asset-details/*',
      's3:GetObject on StorageBlobsBucket/job-details/*',
    ]);
  });

  it('rings, and hears no ring', () => {
    expect(apiMay(/^sqs:(Send|Receive|Delete)/)).toEqual([
      'sqs:SendMessage on DoorbellsLanebulk',
      'sqs:SendMessage on DoorbellsLanestandard',
    ]);
  });
});

describe('the workers', () => {
  it('move jobs, and neither make nor delete any', () => {
    const writes = workersMay(WRITES_TABLE).filter((grant) => JOBS.test(grant) && !grant.includes('/index/'));
    expect(writes).toEqual(['dynamodb:UpdateItem on StorageJobs']);
  });

  it('read all files, and write details of jobs and assets only', () => {
    expect(workersMay(/^s3:PutObject /)).toEqual([
      's3:PutObject on StorageBlobsBucket/asset-details/*',
      's3:PutObject on StorageBlobsBucket/job-details/*',
    ]);
    expect(workersMay(/^s3:GetObject/)).toContain('s3:GetObject on StorageBlobsBucket/assets/*');
  });

  it('delete nothing that is kept', () => {
    expect(workersMay(/^(dynamodb:Delete|s3:Delete)/)).toEqual([]);
  });
});

describe('nobody', () => {
  it.each(['longhaul-dev-api', 'longhaul-dev-run-jobs-bulk'])('may do everything: %s', (name) => {
    expect(grantsOf(resources, name).length).toBeGreaterThan(5);
    expect(mayDo(name, /^(\*|\w+:\*) on |^(?!xray:).* on "?\*|Scan|DeleteTable|PutBucket|iam:/)).toEqual([]);
  });
});
