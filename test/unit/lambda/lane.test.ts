// oxlint-disable-next-line import/no-unassigned-import -- it has to come before anything that logs
import '../../support/log-to-console.ts';
import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { laneHandler } from '../../../shared/lambda/lane.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, theJob } from '../../support/a-world.ts';
import { aBatch, aContext, aRecord } from '../../support/an-event.ts';
import { collectLog } from '../../support/collect-log.ts';
import { stepsOf } from '../../support/steps.ts';

const ringFor = ({ jobId }: Pick<Job, 'jobId'>, lane = 'bulk') =>
  aBatch(aRecord('ring', jobId, { jobId, lane }));
const minutesLeft = (minutes: number) => aContext({ getRemainingTimeInMillis: () => minutes * 60_000 });
const DONE = { batchItemFailures: [] };
const AGAIN = { batchItemFailures: [{ itemIdentifier: 'ring' }] };

describe('a ring that a lane hears', () => {
  it('runs the job', async () => {
    const world = aWorld(anOperation());
    const job = aJob();
    world.jobs.put(job);
    expect(await laneHandler(world)(ringFor(job), minutesLeft(15))).toEqual(DONE);
    expect((await theJob(job.jobId, world)).statusCode).toBe(30);
  });

  it('for a job that another worker holds sets a timer for just after the end of the lease', async () => {
    const world = aWorld(anOperation());
    const job = aRunningJob();
    world.jobs.put(job);
    expect(await laneHandler(world)(ringFor(job), minutesLeft(15))).toEqual(DONE);
    const afterLease = Date.parse(job.leaseEndsAt ?? '') + 1_000;
    expect(world.timers.timers).toEqual([{ ring: { jobId: job.jobId, lane: 'bulk' }, at: afterLease }]);
  });

  it('for a job that is gone is forgotten', async () => {
    expect(await laneHandler(aWorld())(ringFor(aJob()), minutesLeft(15))).toEqual(DONE);
  });

  it.each(['', '{', '[]', '{}', '{"jobId":7}', '{"jobId":"days","lane":"bulk"}'])(
    'that says %s is none, and comes back',
    async (body) => {
      collectLog();
      expect(await laneHandler(aWorld())(aBatch(aRecord('ring', 'a', body)), minutesLeft(15))).toEqual(AGAIN);
    },
  );
});

/** The lease and the end of the slice that a job gets in an invocation of so many minutes. */
async function timesWith(minutes: number, lane = 'bulk') {
  const world = aWorld();
  const job = aJob();
  const seen: { leaseEndsAt?: string; yieldedAt?: string } = {};
  const operation = anOperation({
    run: async function* () {
      const { leaseEndsAt } = await theJob(job.jobId, world);
      if (leaseEndsAt !== undefined) seen.leaseEndsAt = leaseEndsAt;
      for (let second = 0; second <= minutes * 60; second++) {
        seen.yieldedAt = new Date(world.clock()).toISOString();
        yield { done: second, cursor: second };
        world.clock.advance(1_000);
      }
      return {};
    },
  });
  world.jobs.put(job);
  await laneHandler({ ...world, operations: new Map([[operation.name, operation]]) })(
    ringFor(job, lane),
    minutesLeft(minutes),
  );
  return seen;
}

describe('the time of an invocation', () => {
  it('of 15 minutes leaves a minute for the end, and the lease outlives it by two seconds', async () => {
    expect(await timesWith(15)).toEqual({ leaseEndsAt: at(902_000), yieldedAt: at(840_000) });
  });

  it('in the lane standard is five seconds, for other jobs share it', async () => {
    expect(await timesWith(1, 'standard')).toEqual({ leaseEndsAt: at(62_000), yieldedAt: at(5_000) });
  });

  it('of 30 seconds leaves a fifth for the end', async () => {
    expect(await timesWith(0.5)).toEqual({ leaseEndsAt: at(32_000), yieldedAt: at(24_000) });
  });
});

describe('every ring', () => {
  it('claims by a host of its own, so that a lost answer can be told from another’s claim', async () => {
    const hosts: unknown[] = [];
    const world = aWorld();
    const operation = anOperation({
      run: (_input, { jobId }) =>
        stepsOf([], async () => {
          hosts.push((await theJob(jobId, world)).hostId);
          return {};
        }),
    });
    const handler = laneHandler({ ...world, operations: new Map([[operation.name, operation]]) });
    for (const job of [aJob(), aJob()]) {
      world.jobs.put(job);
      await handler(ringFor(job), minutesLeft(15));
    }
    expect([hosts.length, new Set(hosts).size]).toEqual([2, 2]);
  });
});
