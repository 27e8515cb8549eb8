import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import type { Json } from '../../../shared/job/json.ts';
import { isCompleted } from '../../../shared/job/status.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorldWith, runOnce, type World, withOperation } from '../../support/a-world.ts';
import { settled } from '../../support/held.ts';
import { abortedBy, countingSteps, type Done, nothingDone } from '../../support/steps.ts';

const CURSOR = z.object({ counted: z.number() });

/** A world whose operation counts to ten, a tenth of a second each. */
function counting(): World<Done> {
  const world = aWorldWith(nothingDone());
  const operation = anOperation<Done>({
    lane: 'standard',
    run: (_input, { cursor, repositories }) => {
      const from = cursor === undefined ? 0 : CURSOR.parse(cursor).counted;
      return countingSteps({ from, to: 10, msPerStep: 100, clock: world.clock, done: repositories });
    },
  });
  return withOperation(world, operation);
}

const slice = (job: ReturnType<typeof aJob>, world: World<Done>, ms: number) =>
  runOnce(job, world, { sliceMs: ms });

describe('a job that needs more than its slice', () => {
  it('gives the claim back, keeps its cursor and progress, and is watched as before', async () => {
    const world = counting();
    const job = await slice(aJob(), world, 400);
    expect(job).toMatchObject({
      statusCode: 20,
      claimNumber: 1,
      progressDone: 4,
      progressTotal: 10,
      watchAt: at(60_000),
    });
    expect(job).not.toHaveProperty('leaseEndsAt');
    expect(await world.details.getCursor(job)).toEqual({ counted: 4 });
  });

  it('rings for itself, in the lane for those that need time', async () => {
    const world = counting();
    const { jobId } = await slice(aJob(), world, 400);
    expect(world.doorbell.take()).toEqual([{ jobId, lane: 'bulk' }]);
  });

  it('rings with its token, so that it stays the one of its line that runs', async () => {
    const world = counting();
    const { jobId } = await slice(aJob({ dependencyToken: 'orders' }), world, 400);
    expect(world.doorbell.take()).toEqual([{ jobId, token: 'orders', lane: 'bulk' }]);
  });

  it('gives way at the first checkpoint after its operation’s time, and is not told to stop before that', async () => {
    const world = aWorldWith(nothingDone());
    const signaled: boolean[] = [];
    const patient = anOperation<Done>({
      givesWayAfterMs: 5_000,
      async *run(_input, { signal }) {
        for (let done = 1; done <= 9; done++) {
          world.clock.advance(done === 2 ? 60_000 : 1_000);
          signaled.push(signal.aborted);
          yield { done, total: 9, cursor: { counted: done } };
        }
        return {};
      },
    });
    const job = await runOnce(aJob(), withOperation(world, patient));
    expect([job.statusCode, job.progressDone, signaled]).toEqual([20, 2, [false, false]]);
    expect(job).not.toHaveProperty('leaseEndsAt');
    expect(world.doorbell.take()).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
  });

  it('ends its slice with the invocation, if that comes first', async () => {
    const world = counting();
    const job = await runOnce(aJob(), world, { slicesEndAt: world.clock() + 300 });
    expect(job.progressDone).toBe(3);
  });

  it('goes on from the cursor by the next claim', async () => {
    const world = counting();
    const job = aJob();
    await slice(job, world, 400);
    await slice(job, world, 300);
    expect(world.repositories).toEqual({ effects: [1, 2, 3, 4, 5, 6, 7], cleanedUp: 2 });
  });

  it('adds up the seconds of its slices, and not those in between', async () => {
    const world = counting();
    const job = aJob();
    await slice(job, world, 400);
    world.clock.advance(3_600_000);
    await slice(job, world, 300);
    world.clock.advance(3_600_000);
    expect(await slice(job, world, 10_000)).toMatchObject({ statusCode: 30, executionTimeSpan: 1 });
  });

  it('keeps when it was started first', async () => {
    const world = counting();
    const job = aJob();
    await slice(job, world, 400);
    world.clock.advance(60_000);
    expect((await slice(job, world, 10_000)).startedOn).toBe(at());
  });

  it('comes to the same end however it is cut into slices', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 1_500 }), { maxLength: 30 }), async (lengths) => {
        const world = counting();
        const job = aJob();
        for (const ms of lengths) await slice(job, world, ms);
        const last = await slice(job, world, 10_000);
        expect(isCompleted(last.statusCode)).toBe(true);
        expect(await resultOf(last, world.details)).toEqual({ counted: 10 });
        expect(world.repositories.effects).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('an operation that is asked to stop between two checkpoints', () => {
  it('may obey by throwing: the job yields and goes on later', async () => {
    const world = aWorldWith(nothingDone());
    const cursors: (Json | undefined)[] = [];
    const operation = anOperation<Done>({
      async *run(_input, { cursor, signal }) {
        cursors.push(cursor);
        if (cursor !== undefined) return {};
        yield { done: 1, total: 2, cursor: 'one' };
        return abortedBy(signal);
      },
    });
    const patient = withOperation(world, operation);
    const running = runOnce(aJob(), patient, { sliceMs: 20 });
    await settled();
    world.clock.advance(20);
    const first = await running;
    expect(first).toMatchObject({ statusCode: 20, progressDone: 1 });
    expect(await runOnce(first, patient)).toMatchObject({ statusCode: 30 });
    expect(cursors).toEqual([undefined, 'one']);
  });
});
