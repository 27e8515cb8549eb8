import { describe, expect, it } from '@jest/globals';
import { checkpoint, fail, succeed, yieldClaim } from '../../../shared/job/worker-transitions.ts';
import { at } from '../../support/a-job.ts';

const OWN = { jobId: 'a', claimNumber: 2 };
const END = { now: at(), executionTimeSpan: 1.5 };

describe('a checkpoint', () => {
  it('leaves a total that was known before as it is when it says none', () => {
    expect(checkpoint(OWN, { done: 4 }, at()).set).toEqual({ progressDone: 4, modifiedOn: at() });
  });

  it('does not touch the lease: a worker cannot make its invocation longer', () => {
    const { set, remove } = checkpoint(OWN, { done: 4 }, at());
    expect([Object.keys(set), remove]).toEqual([['modifiedOn', 'progressDone'], []]);
  });
});

describe('a yield', () => {
  it('keeps the job watched', () => {
    const { set } = yieldClaim(OWN, { ...END, watchAt: at(60_000) });
    expect(set.watchAt).toBe(at(60_000));
  });
});

describe('the end of a job', () => {
  it('says only that there is a result where there is one', () => {
    expect(succeed(OWN, { ...END, hasResult: true }).set.hasResult).toBe(true);
    expect(succeed(OWN, { ...END, hasResult: false }).set).not.toHaveProperty('hasResult');
  });

  it('tells how far the work came where that is known', () => {
    expect(succeed(OWN, { ...END, hasResult: false, done: 3, total: 4 }).set).toMatchObject({
      progressDone: 3,
      progressTotal: 4,
    });
    expect(succeed(OWN, { ...END, hasResult: false }).set).not.toHaveProperty('progressDone');
  });

  it('carries the texts just as they are given', () => {
    const texts = {
      message: 'ECONNRESET',
      friendlyMessage: 'It broke…',
      longTexts: ['friendlyMessage'],
    } as const;
    expect(fail(OWN, { ...END, errorCode: 2, texts }).set).toMatchObject({ errorCode: 2, ...texts });
    expect(succeed(OWN, { ...END, hasResult: false, texts }).set).toMatchObject(texts);
  });
});
