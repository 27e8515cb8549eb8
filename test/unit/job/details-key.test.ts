import { describe, expect, it } from '@jest/globals';
import { detailsKey } from '../../../shared/job/details-key.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

const OURS = aJob({ jobId: 'a' });
const CHOSEN = aJob({ jobId: 'a', requestHash: 'one' });

describe('the key of a job’s payloads', () => {
  it('is its id where the id is our own: that is never used twice', () => {
    expect([detailsKey(OURS), detailsKey({ ...OURS, createdOn: at(5) })]).toEqual(['a', 'a']);
  });

  it('is another one for another order, and for another moment, where a client has chosen the id', () => {
    const keys = [
      CHOSEN,
      { ...CHOSEN, requestHash: 'other' },
      { ...CHOSEN, createdOn: at(1) },
      { ...CHOSEN, jobId: 'b' },
    ];
    expect(new Set(keys.map(detailsKey)).size).toBe(4);
  });

  it('stays the same as the job goes on', () => {
    expect(detailsKey(aRunningJob({ ...CHOSEN, claimNumber: 9, sequence: 1 }))).toBe(detailsKey(CHOSEN));
  });
});
