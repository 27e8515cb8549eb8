import { describe, expect, it } from '@jest/globals';
import { wakeJob } from '../../../shared/service/wake-job.ts';
import { aWorld } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const RING = { jobId: 'a', token: 'orders', lane: 'bulk' } as const;

describe('a timer that comes back', () => {
  it.each([-1, 0])('%d ms after its time rings', async (ms) => {
    const world = aWorld();
    await wakeJob({ ...RING, at: NOON + ms }, world);
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[RING], []]);
  });

  it('before its time, for SQS waits 15 minutes at most, is sent for the rest of the way', async () => {
    const world = aWorld();
    await wakeJob({ ...RING, at: NOON + 1 }, world);
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[], [{ ring: RING, at: NOON + 1 }]]);
  });
});
