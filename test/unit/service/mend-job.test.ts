import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { mendJob } from '../../../shared/service/mend-job.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const mended = async (facts: Partial<Job>) => {
  const world = aWorld(anOperation({ lane: 'standard' }));
  const job = aJob({ jobId: 'a', ...facts });
  world.jobs.put(job);
  const what = await mendJob(job, world);
  expect(world.jobs.rows()).toEqual([job]);
  return [what, world.doorbell.rings, world.timers.timers];
};
const RING = { jobId: 'a', lane: 'standard' } as const;
const IN_BULK = { jobId: 'a', lane: 'bulk' } as const;

describe('the scan', () => {
  it('rings for a Ready job, in its lane and with its token', async () => {
    expect(await mended({})).toEqual(['rung', [RING], []]);
    expect(await mended({ lane: 'bulk', dependencyToken: 'orders' })).toEqual([
      'rung',
      [{ ...IN_BULK, token: 'orders' }],
      [],
    ]);
  });

  it.each([-5_000, 0, 16 * 60_000])(
    'sets the timer of a date in %d ms: no other scan is sure to come before it',
    async (ms) => {
      expect(await mended({ statusCode: Status.Waiting, postponeUntil: at(ms) })).toEqual([
        'timed',
        [],
        [{ ring: RING, at: NOON + ms }],
      ]);
    },
  );

  it.each([
    ['whose date is far', { statusCode: Status.Waiting, postponeUntil: at(16 * 60_000 + 1) }],
    ['that waits for a person', { statusCode: Status.Waiting }],
    ['that a worker holds', { statusCode: Status.InProgress, leaseEndsAt: at(1) }],
    ['that a worker holds and is asked to pause', { statusCode: Status.Pausing, leaseEndsAt: at(1) }],
    ['that a worker holds and is asked to stop', { statusCode: Status.Canceling, leaseEndsAt: at(1) }],
    ['that is Succeeded', { statusCode: Status.Succeeded }],
    ['that is Failed', { statusCode: Status.Failed }],
    ['that is Canceled', { statusCode: Status.Canceled }],
  ] as const)('leaves a job alone %s', async (_what, facts) => {
    expect(await mended(facts)).toEqual(['left', [], []]);
  });

  it.each([Status.InProgress, Status.Pausing, Status.Canceling])(
    'rings for a job in status %d that nobody holds, where it is alone: it may have killed its worker',
    async (statusCode) => {
      expect(await mended({ statusCode })).toEqual(['rung', [IN_BULK], []]);
      expect(await mended({ statusCode, leaseEndsAt: at() })).toEqual(['rung', [IN_BULK], []]);
    },
  );

  it('rings for a job whose operation this deployment does not have: it fails then', async () => {
    expect(await mended({ operation: 'gone' })).toEqual(['rung', [IN_BULK], []]);
  });
});
