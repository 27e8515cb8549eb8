import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AssetEnvironment,
  JobEnvironment,
  LaneEnvironment,
  readEnvironment,
} from '../../../shared/lambda/environment.ts';

const Environment = { ...JobEnvironment, ...AssetEnvironment, ...LaneEnvironment };

const WHOLE = {
  JOBS_TABLE: 'jobs',
  CHAINS_TABLE: 'chains',
  JOB_DETAILS_TABLE: 'job-details',
  ASSETS_TABLE: 'assets',
  BUCKET: 'bucket',
  STANDARD_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/standard.fifo',
  BULK_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bulk.fifo',
  INDEX_SHARDS: '8',
};

describe('the environment of a function', () => {
  beforeEach(() => {
    Object.assign(process.env, WHOLE);
  });
  afterEach(() => {
    for (const name of Object.keys(WHOLE)) delete process.env[name];
  });

  it('is read into what it means', () => {
    expect(readEnvironment(Environment)).toEqual({ ...WHOLE, INDEX_SHARDS: 8 });
  });

  it('that is not usable is refused with all that is wrong, at once', () => {
    delete process.env['JOBS_TABLE'];
    Object.assign(process.env, { BUCKET: '', BULK_QUEUE_URL: 'bulk.fifo', INDEX_SHARDS: 'many' });
    expect(() => readEnvironment(Environment)).toThrow(
      /^The function's environment is not usable\. JOBS_TABLE: .+; BUCKET: .+; INDEX_SHARDS: .+; BULK_QUEUE_URL: .+$/,
    );
  });

  it.each(['0', '257', '1.5', ''])('cannot have %s shards', (shards) => {
    process.env['INDEX_SHARDS'] = shards;
    expect(() => readEnvironment(Environment)).toThrow('INDEX_SHARDS');
  });

  it('is read only as far as a function uses it', () => {
    process.env['INDEX_SHARDS'] = 'many';
    const { BUCKET } = Environment;
    expect(readEnvironment({ BUCKET })).toEqual({ BUCKET: 'bucket' });
  });
});
