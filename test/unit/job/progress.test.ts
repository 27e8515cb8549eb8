import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { progressOf } from '../../../shared/job/progress.ts';
import { at } from '../../support/a-job.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

describe('the progress of a job', () => {
  it('is nothing until the job has said something', () => {
    expect(progressOf({}, NOON)).toBeUndefined();
  });

  it('has no percentage while the total is unknown', () => {
    expect(progressOf({ progressDone: 5, startedOn: at() }, NOON + 1_000)).toEqual({ done: 5 });
  });

  it('foretells the end at the average rate since the start', () => {
    const job = { progressDone: 25, progressTotal: 100, startedOn: at() };
    expect(progressOf(job, NOON + 10_000)).toEqual({ done: 25, total: 100, percent: 25, etaSeconds: 30 });
  });

  it.each([
    ['when nothing is done yet', { progressDone: 0, progressTotal: 9, startedOn: at() }],
    ['when it was never started', { progressDone: 1, progressTotal: 9 }],
    ['when it is over', { progressDone: 9, progressTotal: 9, startedOn: at(), completedOn: at(5) }],
  ])('foretells nothing %s', (_when, job) => {
    expect(progressOf(job, NOON + 1_000)).not.toHaveProperty('etaSeconds');
  });

  it('of an empty job is complete', () => {
    expect(progressOf({ progressDone: 0, progressTotal: 0 }, NOON)?.percent).toBe(100);
  });

  it('shows 100 percent only when all is done', () => {
    expect(progressOf({ progressDone: 9_999, progressTotal: 10_000 }, NOON)?.percent).toBe(99);
  });

  it('stays between 0 and 100 percent and never ends in the past, whatever the numbers and clocks say', () => {
    const count = fc.nat();
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: -1e9, max: 1e9 }),
        (progressDone, progressTotal, elapsed) => {
          const progress = progressOf({ progressDone, progressTotal, startedOn: at() }, NOON + elapsed);
          expect(progress?.percent).toBeGreaterThanOrEqual(0);
          expect(progress?.percent).toBeLessThanOrEqual(100);
          expect(progress?.etaSeconds ?? 0).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
