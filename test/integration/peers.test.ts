import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Job } from '../../shared/job/job.ts';
import type { Json } from '../../shared/job/json.ts';
import { Status } from '../../shared/job/status.ts';
import { createJob } from '../../shared/service/create-job.ts';
import { createJobs } from '../../shared/service/create-jobs.ts';
import type { Checkpoint, Operation, Outcome, RunContext } from '../../shared/service/operation.ts';
import { ringOf } from '../../shared/service/ring-of.ts';
import { cancelJob, pauseJob, postponeJob, resumeJob } from '../../shared/service/verbs.ts';
import { anOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { answer, type Service, serviceOn, untilQuiet } from '../support/on-emulators.ts';

/**
 * What users of other job systems have reported, each as a test of ours, on the tables of the emulator. The numbers
 * are those of the reports.
 */
describe('bugs of our peers', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  it('BullMQ 2774: a job that is tried again keeps its place, and the jobs behind it wait', async () => {
    const { service, seen } = await aNotebook(emulators);
    await create(service, { fails: 2, says: 'first' }, 'a');
    await create(service, { says: 'second' }, 'a');
    await untilQuiet(service);
    expect(seen).toEqual(['first fails', 'first fails', 'first', 'second']);
  });

  it('graphile-worker 621: ten workers that are handed the same line at once run it one at a time', async () => {
    const { service, seen } = await aNotebook(emulators);
    const jobs = await createMany(service, 20, 'a');
    const ring = ringOf(jobs[0], service.operations);
    await Promise.all(Array.from({ length: 10 }, () => answer(ring, service)));
    await untilQuiet(service);
    expect(seen).toEqual(jobs.map((_, place) => `job ${place}`));
  });

  it('pg-boss 871: a key that is held up, with hundreds behind it, starves no other', async () => {
    const { service, seen } = await aNotebook(emulators);
    const [head] = await createMany(service, 300, 'held up');
    const until = new Date(service.clock() + 3_600_000).toISOString();
    await postponeJob(head.jobId, { until }, OPERATOR, service);
    await create(service, { says: 'another line' }, 'b');
    await create(service, { says: 'no line' });
    const rings = service.doorbell.take();
    for (const ring of rings) await answer(ring, service);
    expect(seen.toSorted()).toEqual(['another line', 'no line']);
  });

  it('Hatchet 4828: after a pause and a resume nothing is left stranded behind', async () => {
    const { service, seen, atStep } = await aNotebook(emulators);
    const head = await create(service, { says: 'paused', steps: 3 }, 'a');
    await createMany(service, 5, 'a');
    atStep.call = once(() => pauseJob(head.jobId, OPERATOR, service));
    await untilQuiet(service);
    expect([await statusOf(head, service), seen]).toEqual([Status.Waiting, []]);
    await resumeJob(head.jobId, OPERATOR, service);
    await untilQuiet(service);
    expect(seen).toEqual(['paused', 'job 0', 'job 1', 'job 2', 'job 3', 'job 4']);
  });

  it('Trigger.dev 4398: what was admitted before a pause does not run after it', async () => {
    const { service, seen, atStep } = await aNotebook(emulators);
    const job = await create(service, { says: 'paused', steps: 3 });
    const admitted = service.doorbell.rings[0] ?? ringOf(job, service.operations);
    atStep.call = once(() => pauseJob(job.jobId, OPERATOR, service));
    await untilQuiet(service);
    await answer(admitted, service);
    await answer(admitted, service);
    expect([await statusOf(job, service), seen]).toEqual([Status.Waiting, []]);
  });

  it('DBOS: a job that is resumed does not jump the queue', async () => {
    const { service, seen } = await aNotebook(emulators);
    const jobs = await createMany(service, 3, 'a');
    const until = new Date(service.clock() + 3_600_000).toISOString();
    await postponeJob(jobs[2].jobId, { until }, OPERATOR, service);
    await resumeJob(jobs[2].jobId, OPERATOR, service);
    await answer(ringOf(jobs[2], service.operations), service, { drainUntil: service.clock() });
    expect(seen).toEqual(['job 0']);
    await untilQuiet(service);
    expect(seen).toEqual(['job 0', 'job 1', 'job 2']);
  });

  it('Oban, graphile-worker: a worker that was replaced completes nothing', async () => {
    const { service, seen, atEnd } = await aNotebook(emulators);
    const job = await create(service, { says: 'late' });
    const ring = { ...ringOf(job, service.operations), lane: 'bulk' as const };
    const LEASE_MS = 10_000;
    atEnd.call = once(async () => {
      service.clock.advance(LEASE_MS + 1_000); // it sleeps through its lease; somebody else takes the job over
      await answer(ring, service);
    });
    await answer(ring, service, { leaseEndsAt: service.clock() + LEASE_MS });
    const row = await service.jobs.get(job.jobId);
    expect([row?.statusCode, row?.claimNumber]).toEqual([Status.Succeeded, 2]);
    expect(service.logged.map(({ text }) => text)).toContain('claim lost');
    expect(seen).toEqual(['late', 'late']);
  });

  it('Dataverse: a job that is canceled while it runs never ends as succeeded', async () => {
    const { service, atStep } = await aNotebook(emulators);
    const job = await create(service, { says: 'canceled', steps: 1 }, 'a');
    const follower = await create(service, { says: 'next' }, 'a');
    atStep.call = once(() => cancelJob(job.jobId, OPERATOR, service));
    await untilQuiet(service);
    const ends = [await statusOf(job, service), await statusOf(follower, service)];
    expect(ends).toEqual([Status.Canceled, Status.Succeeded]);
  });
});

const Note = z.object({
  says: z.string(),
  /** How often it fails before. */
  fails: z.number().default(0),
  steps: z.number().default(0),
});
type Note = Partial<z.infer<typeof Note>> & { readonly says: string };

/** Jobs that write what they say into one book when they end, and call back at their first step. */
async function aNotebook(emulators: Emulators) {
  const seen: string[] = [];
  const atStep: { call: () => Promise<unknown> } = { call: async () => undefined };
  const atEnd = { ...atStep };
  const failed = new Map<string, number>();
  async function* run(
    input: Json,
    { jobId }: RunContext<unknown>,
  ): AsyncGenerator<Checkpoint, Outcome, void> {
    const { says, fails, steps } = Note.parse(input);
    for (let step = 1; step <= steps; step++) {
      await atStep.call();
      service.clock.advance(1_500); // so that each step is saved
      yield { done: step, total: steps, cursor: step };
    }
    const before = failed.get(jobId) ?? 0;
    if (before < fails) {
      failed.set(jobId, before + 1);
      seen.push(`${says} fails`);
      throw new Error('as it was asked to');
    }
    await atEnd.call();
    seen.push(says);
    return {};
  }
  const operation: Operation<unknown> = anOperation({ name: 'note', input: Note, lane: 'standard', run });
  const service = await serviceOn(emulators, operation);
  return { service, seen, atStep, atEnd };
}

async function create(service: Service, input: Note, dependencyToken?: string): Promise<Job> {
  const { says, fails = 0, steps = 0 } = input;
  const order = {
    operation: 'note',
    input: { says, fails, steps },
    ...(dependencyToken !== undefined && { dependencyToken }),
  };
  return (await createJob(order, OPERATOR, service)).job;
}

async function createMany(
  service: Service,
  count: number,
  dependencyToken: string,
): Promise<[Job, Job, Job]> {
  const orders = Array.from({ length: count }, (_, place) => ({
    order: { operation: 'note', input: { says: `job ${place}` }, dependencyToken },
  }));
  const answers = await createJobs(orders, OPERATOR, service);
  const jobs = answers.flatMap((one) => ('refused' in one ? [] : [one.job]));
  expect(jobs).toHaveLength(count);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each test makes three at least
  return jobs as unknown as [Job, Job, Job];
}

function once(call: () => Promise<unknown>): () => Promise<unknown> {
  let isDone = false;
  return async () => {
    if (isDone) return;
    isDone = true;
    await call();
  };
}

const statusOf = async ({ jobId }: Job, { jobs }: Service) => (await jobs.get(jobId))?.statusCode;
