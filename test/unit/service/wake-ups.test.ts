import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Status } from '../../../shared/job/status.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { rescheduleJob } from '../../../shared/service/verbs.ts';
import { at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, theJob, type World } from '../../support/a-world.ts';
import { OPERATOR } from '../../support/callers.ts';
import { SCAN_EVERY_MS, timeIn } from '../../support/pass-time.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const postponed = async (world: World, ms: number, dependencyToken?: string): Promise<string> => {
  const order = {
    operation: 'count-to',
    input: {},
    postponeUntil: at(ms),
    ...(dependencyToken !== undefined && { dependencyToken }),
  };
  return (await createJob(order, OPERATOR, world)).job.jobId;
};

describe.each([
  ['without a token', undefined],
  ['with a token', 'orders'],
])('a job %s that is postponed', (_kind, token) => {
  it.each([
    ['3 seconds', 3 * SECOND_MS],
    ['15 minutes and a half, by a timer that is sent on', 15.5 * MINUTE_MS],
    ['20 minutes, found by the scan', 20 * MINUTE_MS],
    ['3 days', 72 * HOUR_MS],
  ])('by %s begins at its date', async (_distance, ms) => {
    const world = aWorld(anOperation());
    const pass = timeIn(world);
    const jobId = await postponed(world, ms, token);
    await pass(ms - 1);
    expect(await theJob(jobId, world)).toMatchObject({ statusCode: Status.Waiting, claimNumber: 0 });
    await pass(1);
    expect(await theJob(jobId, world)).toMatchObject({ statusCode: Status.Succeeded, startedOn: at(ms) });
  });

  it('begins at its date, at any distance', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 * HOUR_MS }), async (ms) => {
        const world = aWorld(anOperation());
        const pass = timeIn(world);
        const jobId = await postponed(world, ms, token);
        await pass(ms);
        expect((await theJob(jobId, world)).startedOn).toBe(at(ms));
      }),
      { numRuns: 60 },
    );
  });

  it('until a date in the past runs at once', async () => {
    const world = aWorld(anOperation());
    const pass = timeIn(world);
    const jobId = await postponed(world, -HOUR_MS, token);
    await pass(0);
    expect(await theJob(jobId, world)).toMatchObject({ statusCode: Status.Succeeded, startedOn: at() });
  });

  it('and then further begins at its new date: the timer of the old one does nothing', async () => {
    const world = aWorld(anOperation());
    const pass = timeIn(world);
    const jobId = await postponed(world, 5 * MINUTE_MS, token);
    const [stale] = world.timers.timers;
    await rescheduleJob(jobId, { until: at(40 * MINUTE_MS) }, OPERATOR, world);
    await pass(39 * MINUTE_MS);
    if (stale !== undefined) await hear(stale.ring, world);
    expect(await theJob(jobId, world)).toMatchObject({ statusCode: Status.Waiting, claimNumber: 0 });
    await pass(MINUTE_MS);
    expect(await theJob(jobId, world)).toMatchObject({ claimNumber: 1, startedOn: at(40 * MINUTE_MS) });
  });

  it('and then less far begins at its new date', async () => {
    const world = aWorld(anOperation());
    const pass = timeIn(world);
    const jobId = await postponed(world, 40 * HOUR_MS, token);
    await pass(HOUR_MS);
    await rescheduleJob(jobId, { until: at(HOUR_MS + 7 * SECOND_MS) }, OPERATOR, world);
    await pass(7 * SECOND_MS);
    expect((await theJob(jobId, world)).startedOn).toBe(at(HOUR_MS + 7 * SECOND_MS));
    await pass(40 * HOUR_MS);
    expect((await theJob(jobId, world)).claimNumber).toBe(1);
  });

  it('runs once, however often its timers arrive', async () => {
    const world = aWorld(anOperation());
    const pass = timeIn(world);
    const jobId = await postponed(world, 20 * MINUTE_MS, token);
    await pass(HOUR_MS, { arrivals: 3 });
    expect(await theJob(jobId, world)).toMatchObject({ claimNumber: 1, startedOn: at(20 * MINUTE_MS) });
  });

  it('begins within a scan’s period and a minute of its date when all timers are lost', async () => {
    for (const ms of [3 * SECOND_MS, 14 * MINUTE_MS, 20 * MINUTE_MS, 5 * HOUR_MS]) {
      const world = aWorld(anOperation());
      const pass = timeIn(world);
      const jobId = await postponed(world, ms, token);
      await pass(ms, { arrivals: 0 });
      expect((await theJob(jobId, world)).startedOn).toBeUndefined();
      await pass(MINUTE_MS + SCAN_EVERY_MS, { arrivals: 1 });
      const { startedOn = at(1e9) } = await theJob(jobId, world);
      expect(startedOn <= at(ms + MINUTE_MS + SCAN_EVERY_MS)).toBe(true);
    }
  });
});
