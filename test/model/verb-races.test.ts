import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AuditEntry } from '../../shared/job/audit-entry.ts';
import type { Job } from '../../shared/job/job.ts';
import { PERSON_VERBS, type PersonVerb } from '../../shared/job/open-verbs.ts';
import { Status, type StatusCode } from '../../shared/job/status.ts';
import { NotFound, VerbRefused } from '../../shared/service/errors.ts';
import { rerunJob } from '../../shared/service/rerun-job.ts';
import { ringOf } from '../../shared/service/ring-of.ts';
import {
  cancelJob,
  deleteJob,
  pauseJob,
  postponeJob,
  rescheduleJob,
  resumeJob,
} from '../../shared/service/verbs.ts';
import { aJob, at } from '../support/a-job.ts';
import { anOperation, aWorld, hear, put, type World } from '../support/a-world.ts';
import { ADMIN, OPERATOR } from '../support/callers.ts';
import { stepsOf } from '../support/steps.ts';
import { throughScheduler } from '../support/through-scheduler.ts';

const UNTIL = at(3_600_000);
const RUNS = 15;

const ASK: Readonly<
  Record<PersonVerb, (jobId: string, world: World, caller: typeof ADMIN) => Promise<unknown>>
> = {
  cancel: (jobId, world, caller) => cancelJob(jobId, caller, world),
  pause: (jobId, world, caller) => pauseJob(jobId, caller, world),
  resume: (jobId, world, caller) => resumeJob(jobId, caller, world),
  postpone: (jobId, world, caller) => postponeJob(jobId, { until: UNTIL }, caller, world),
  reschedule: (jobId, world, caller) => rescheduleJob(jobId, { until: UNTIL }, caller, world),
  rerun: (jobId, world, caller) => rerunJob(jobId, caller, world),
  delete: (jobId, world, caller) => deleteJob(jobId, caller, world, { force: true }),
};

const STARTS: readonly StatusCode[] = [
  Status.WaitingForResources,
  Status.Waiting,
  Status.InProgress,
  Status.Pausing,
];

const jobIn = (statusCode: StatusCode, dependencyToken: string | undefined): Job =>
  aJob({
    statusCode,
    claimNumber: 1,
    createdBy: OPERATOR.id,
    ownerId: OPERATOR.id,
    ...(dependencyToken !== undefined && { dependencyToken }),
    ...(statusCode === Status.Waiting && { postponeUntil: at(60_000) }),
    ...(statusCode >= Status.InProgress && { leaseEndsAt: at(60_000), hostId: 'host-1' }),
  });

/** Whether it was done; any refusal but the expected ones is a fault. */
async function wasDone(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    if (error instanceof VerbRefused || error instanceof NotFound) return false;
    throw error;
  }
}

/** The entries are a walk from the first status to that of the row; two of one millisecond in either order. */
function expectAWalk(start: StatusCode, entries: readonly AuditEntry[], end: Job): void {
  const moves = entries.filter(({ to }) => to !== undefined).toReversed();
  const ways = moves.length === 2 && moves[0]?.at === moves[1]?.at ? [moves, moves.toReversed()] : [moves];
  const ends = ways.map((way) =>
    way.reduce<StatusCode | undefined>((here, { from, to }) => (from === here ? to : undefined), start),
  );
  expect(ends).toContain(end.statusCode);
}

const PAIRS = PERSON_VERBS.flatMap((a, place) => PERSON_VERBS.slice(place).map((b) => [a, b] as const));

describe('two people who ask for something at once', () => {
  it.each(PAIRS)('%s and %s: what is acknowledged is done, once, and nothing else', async (a, b) => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.constantFrom(...STARTS),
        fc.constantFrom(undefined, 'orders'),
        async (s, start, token) => {
          const world = aWorld(anOperation());
          const job = put(jobIn(start, token), world);
          const slow = throughScheduler(world, s);
          const asked = [wasDone(ASK[a](job.jobId, slow, ADMIN)), wasDone(ASK[b](job.jobId, slow, OPERATOR))];
          await s.waitIdle();
          const done = await Promise.all(asked);
          const row = await world.jobs.get(job.jobId);
          // The job is gone, and its entries with it.
          if (row === undefined) return expect([a, b].filter((_, place) => done[place])).toContain('delete');
          const entries = world.audit.of(job);
          expect(entries).toHaveLength(done.filter(Boolean).length);
          return expectAWalk(start, entries, row);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('a person who asks for something while a worker takes, works on and ends the job', () => {
  it.each(PERSON_VERBS)('%s is done or refused, and never lost', async (verb) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.constantFrom(undefined, 'orders'), async (s, token) => {
        const steps = [1, 2].map((done) => ({ done, cursor: done, mustSave: true as const }));
        const world = aWorld(anOperation({ run: () => stepsOf(steps) }));
        const start = Status.WaitingForResources;
        const job = put({ ...jobIn(start, token), claimNumber: 0 }, world);
        const slow = throughScheduler(world, s);
        const working = hear(ringOf(job, world.operations), slow);
        const asked = wasDone(ASK[verb](job.jobId, slow, OPERATOR));
        await s.waitIdle();
        await working;
        const isDone = await asked;
        const row = await world.jobs.get(job.jobId);
        if (row === undefined) return expect([verb, isDone]).toEqual(['delete', true]);
        const noted = world.audit.of(job).filter(({ by }) => by === OPERATOR.id);
        expect(noted).toHaveLength(isDone ? 1 : 0);
        // Whoever succeeds although he was to be canceled has not heard.
        if (verb === 'cancel' && isDone) expect(row.statusCode).toBe(Status.Canceled);
        if (verb === 'delete') expect(isDone).toBe(false); // a deleted job has no row
        return expect([0, 10, 30, 32]).toContain(row.statusCode);
      }),
      { numRuns: RUNS * 4 },
    );
  });

  it('would be seen to be lost, if a worker overwrote it', async () => {
    const found = await fc.check(
      fc.asyncProperty(fc.scheduler(), async (s) => {
        const world = aWorld(anOperation({ run: () => stepsOf([{ done: 1, cursor: 1 }]) }));
        const made = world.jobs.make.bind(world.jobs);
        world.jobs.make = (step) =>
          made({
            ...step,
            moves: step.verb === 'succeed' ? [...step.moves, { from: 22, to: 30, needs: [] }] : step.moves,
          });
        const job = put({ ...jobIn(0, undefined), claimNumber: 0 }, world);
        const slow = throughScheduler(world, s);
        const working = hear(ringOf(job, world.operations), slow);
        const asked = wasDone(cancelJob(job.jobId, OPERATOR, slow));
        await s.waitIdle();
        await working;
        if (await asked) expect((await world.jobs.get(job.jobId))?.statusCode).toBe(Status.Canceled);
      }),
      { numRuns: 200 },
    );
    expect(found.failed).toBe(true);
  });
});
