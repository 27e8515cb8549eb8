import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../shared/job/job.ts';
import { PERSON_VERBS, type PersonVerb } from '../../shared/job/open-verbs.ts';
import { isCompleted, Status } from '../../shared/job/status.ts';
import { createJob } from '../../shared/service/create-job.ts';
import { NotFound, VerbRefused } from '../../shared/service/errors.ts';
import type { Checkpoint, Outcome } from '../../shared/service/operation.ts';
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
import { anOperation, aWorld, hear, type World, withOperation } from '../support/a-world.ts';
import { ADMIN, OPERATOR } from '../support/callers.ts';
import { throughScheduler } from '../support/through-scheduler.ts';

const JOBS = 3;

/**
 * Two and three workers, and people, on one line of jobs: every call to the outside waits until fast-check lets it
 * through, in any order. Time stands still, so no lease ends: whatever overlaps here overlaps for good.
 */
describe('workers and people that meet at a line', () => {
  it('never run two of its jobs at once, nor out of order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), aMeeting(), async (s, meeting) => {
        const { world, work } = aLine();
        const jobs = await meet(s, meeting, world);
        expect(faultsIn(work)).toEqual([]);
        for (const { jobId } of jobs) expectToMakeSense(await world.jobs.get(jobId), work);
      }),
      { numRuns: 300 },
    );
  });

  it('are seen to, where a worker takes the youngest job instead of the head', async () => {
    const found = await fc.check(
      fc.asyncProperty(fc.scheduler(), aMeeting(), async (s, meeting) => {
        const { world, work } = aLine();
        world.chains.line = async (token) => world.chains.linksOf(token).slice(-1);
        await meet(s, meeting, world);
        expect(faultsIn(work)).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(found.failed).toBe(true);
  });
});

interface Meeting {
  readonly workers: number;
  readonly verbs: readonly { readonly verb: PersonVerb; readonly place: number }[];
}

const aMeeting = (): fc.Arbitrary<Meeting> =>
  fc.record({ workers: fc.integer({ min: 2, max: 3 }), verbs: someVerbs() });

async function meet(s: fc.Scheduler, { workers, verbs }: Meeting, world: World): Promise<Job[]> {
  const jobs = await createAll(world);
  const slow = throughScheduler(world, s);
  const [head] = jobs;
  const rings = Array.from({ length: workers }, () => hear(ringOf(head, world.operations), slow));
  const wishes = verbs.map(({ verb, place }) => ask(verb, jobs[place] ?? head, slow));
  await s.waitIdle();
  await Promise.all([...rings, ...wishes]);
  return jobs;
}

interface Work {
  readonly jobId: string;
  readonly sequence: number;
  readonly what: 'begins' | 'ends';
}

/** A world whose operation writes down when it begins and ends, with a step in between. */
function aLine() {
  const work: Work[] = [];
  const world = aWorld();
  const note = async (jobId: string, what: Work['what']): Promise<void> => {
    const { sequence = 0 } = (await world.jobs.get(jobId)) ?? {};
    work.push({ jobId, sequence, what });
  };
  const operation = anOperation({
    run: async function* (_input, { jobId }): AsyncGenerator<Checkpoint, Outcome, void> {
      await note(jobId, 'begins');
      try {
        yield { done: 1, cursor: 1 };
        return { result: 'done' };
      } finally {
        await note(jobId, 'ends');
      }
    },
  });
  return { work, world: withOperation(world, operation) };
}

async function createAll(world: World): Promise<[Job, ...Job[]]> {
  const order = { operation: 'count-to', input: {}, dependencyToken: 'a' };
  const jobs: Job[] = [];
  for (let place = 0; place < JOBS; place++) jobs.push((await createJob(order, OPERATOR, world)).job);
  const [head, ...others] = jobs;
  if (head === undefined) throw new Error('No job was created.');
  return [head, ...others];
}

const someVerbs = () =>
  fc.array(
    fc.record({ verb: fc.constantFrom(...PERSON_VERBS), place: fc.integer({ min: 0, max: JOBS - 1 }) }),
    { maxLength: 4 },
  );

/** Illegal moves are made too: they are refused, and nothing else. */
async function ask(verb: PersonVerb, { jobId }: Job, world: World): Promise<void> {
  const until = new Date(world.clock() + 3_600_000).toISOString();
  const asked: Record<PersonVerb, () => Promise<unknown>> = {
    cancel: () => cancelJob(jobId, OPERATOR, world),
    pause: () => pauseJob(jobId, OPERATOR, world),
    resume: () => resumeJob(jobId, OPERATOR, world),
    postpone: () => postponeJob(jobId, { until }, OPERATOR, world),
    reschedule: () => rescheduleJob(jobId, { until }, OPERATOR, world),
    rerun: () => rerunJob(jobId, ADMIN, world),
    delete: () => deleteJob(jobId, OPERATOR, world, { force: true }),
  };
  await asked[verb]().catch((error: unknown) => {
    if (!(error instanceof VerbRefused) && !(error instanceof NotFound)) throw error;
  });
}

function faultsIn(work: readonly Work[]): string[] {
  const faults: string[] = [];
  let running: Work | undefined;
  let latest = 0;
  for (const each of work) {
    if (each.what === 'begins') {
      if (running !== undefined) faults.push(`${each.jobId} begins while ${running.jobId} runs`);
      if (each.sequence < latest) faults.push(`${each.jobId} begins after one that was created later`);
      latest = Math.max(latest, each.sequence);
      running = each;
    } else if (running?.jobId === each.jobId) {
      running = undefined;
    }
  }
  return faults;
}

/** A job that is over has been worked on as its status says; one that is gone was deleted. */
function expectToMakeSense(job: Job | undefined, work: readonly Work[]): void {
  if (job === undefined) return;
  const began = work.filter(({ jobId, what }) => jobId === job.jobId && what === 'begins').length;
  if (job.statusCode === Status.Succeeded) expect(began).toBeGreaterThan(0);
  if (isCompleted(job.statusCode)) expect([job.leaseEndsAt, job.watchAt]).toEqual([undefined, undefined]);
}
