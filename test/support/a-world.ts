import * as z from 'zod';
import type { Job } from '../../shared/job/job.ts';
import type { Json } from '../../shared/job/json.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import type { Operation } from '../../shared/service/operation.ts';
import { type Answer, type Invocation, runJob } from '../../shared/service/run-job.ts';
import { countingIds } from './memory/counting-ids.ts';
import { MemoryDoorbell } from './memory/memory-doorbell.ts';
import { MemoryJobDetails } from './memory/memory-job-details.ts';
import { MemoryJobStore } from './memory/memory-job-store.ts';
import { MemoryTimers } from './memory/memory-timers.ts';
import { type SettableClock, settableClock } from './memory/settable-clock.ts';
import { stepsOf } from './steps.ts';

/** The service in memory, at noon: everything that verbs and workers need, and what they said. */
export interface World<R = unknown> {
  readonly clock: SettableClock;
  readonly newId: () => string;
  readonly nextSequence: () => number;
  readonly jobs: MemoryJobStore;
  readonly details: MemoryJobDetails;
  readonly doorbell: MemoryDoorbell;
  readonly timers: MemoryTimers;
  readonly operations: ReadonlyMap<string, Operation<R>>;
  readonly repositories: R;
  readonly logged: { text: string; facts: Record<string, Json> }[];
  readonly log: (text: string, facts: Record<string, Json>) => void;
}

export function aWorld(...operations: Operation<unknown>[]): World {
  return aWorldWith<unknown>({}, ...operations);
}

export function aWorldWith<R>(repositories: R, ...operations: Operation<R>[]): World<R> {
  const clock = settableClock();
  const logged: World['logged'] = [];
  return {
    clock,
    newId: countingIds(),
    nextSequence: sequenceMaker(clock, () => 0),
    jobs: new MemoryJobStore(),
    details: new MemoryJobDetails(),
    doorbell: new MemoryDoorbell(),
    timers: new MemoryTimers(),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    repositories,
    logged,
    log: (text, facts) => logged.push({ text, facts }),
  };
}

/** An operation that takes any input and succeeds at once, unless it is told something else. */
export const anOperation = <R = unknown>(facts: Partial<Operation<R>> = {}): Operation<R> => ({
  name: 'count-to',
  label: 'Count',
  description: 'Counts.',
  operationType: 100_000_001,
  lane: 'bulk',
  input: z.json(),
  run: () => stepsOf([]),
  ...facts,
});

/** Puts a job where it is wanted and runs one slice of it: ten minutes if nothing else is said. */
export async function runOnce<R>(
  job: Job,
  world: World<R>,
  invocation: Partial<Invocation> = {},
): Promise<{ answer: Answer; job: Job }> {
  if ((await world.jobs.get(job.jobId)) === undefined) world.jobs.put(job);
  const answer = await runJob(job.jobId, world, anInvocation(world, invocation));
  return { answer, job: await theJob(job.jobId, world) };
}

export const anInvocation = (
  { clock, newId }: Pick<World, 'clock' | 'newId'>,
  facts: Partial<Invocation> = {},
): Invocation => ({
  hostId: newId(),
  sliceEndsAt: clock() + 600_000,
  leaseEndsAt: clock() + 900_000,
  ...facts,
});

export async function theJob(jobId: string, { jobs }: Pick<World, 'jobs'>): Promise<Job> {
  const job = await jobs.get(jobId);
  if (job === undefined) throw new Error(`There is no job ${jobId}.`);
  return job;
}
