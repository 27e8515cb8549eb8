import * as z from 'zod';
import type { Job } from '../../shared/job/job.ts';
import type { Json } from '../../shared/job/json.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import { isCompleted } from '../../shared/job/status.ts';
import { answerRing, type Invocation } from '../../shared/service/answer-ring.ts';
import type { Operation } from '../../shared/service/operation.ts';
import type { Alarm, Ring } from '../../shared/service/ports.ts';
import { ringOf } from '../../shared/service/ring-of.ts';
import { countingIds } from './memory/counting-ids.ts';
import type { MemoryAudit } from './memory/memory-audit.ts';
import { MemoryDoorbell } from './memory/memory-doorbell.ts';
import { MemoryInputs } from './memory/memory-inputs.ts';
import { MemoryJobDetails } from './memory/memory-job-details.ts';
import { MemoryJobStore } from './memory/memory-job-store.ts';
import type { MemoryLogs } from './memory/memory-logs.ts';
import { MemorySeries } from './memory/memory-series.ts';
import { MemoryTimers } from './memory/memory-timers.ts';
import { type SettableClock, settableClock } from './memory/settable-clock.ts';
import { stepsOf } from './steps.ts';

/** The service in memory, at noon: everything that verbs, workers and the scan need, and what they said. */
export interface World<R = unknown> {
  readonly clock: SettableClock;
  readonly alarm: Alarm;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly newId: () => string;
  readonly newSecret: () => string;
  readonly nextSequence: () => number;
  readonly jobs: MemoryJobStore;
  /** The same store: a job and its place change together. */
  readonly chains: MemoryJobStore;
  readonly details: MemoryJobDetails;
  readonly audit: MemoryAudit;
  readonly logs: MemoryLogs;
  readonly maxLogLines: () => Promise<number>;
  readonly inputs: MemoryInputs;
  readonly series: MemorySeries;
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
  const details = new MemoryJobDetails();
  const jobs = new MemoryJobStore(details.audit);
  const logged: World['logged'] = [];
  let secrets = 0;
  return {
    clock,
    alarm: clock.alarm,
    sleep: async () => {},
    random: () => 0.5,
    newId: countingIds(),
    newSecret: () => `secret-${++secrets}`,
    nextSequence: sequenceMaker(clock, () => 0),
    jobs,
    chains: jobs,
    details,
    audit: details.audit,
    logs: details.logs,
    maxLogLines: async () => 100_000,
    inputs: new MemoryInputs(),
    series: new MemorySeries(jobs, details.audit),
    doorbell: new MemoryDoorbell(),
    timers: new MemoryTimers(),
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    repositories,
    logged,
    log: (text, facts) => logged.push({ text, facts }),
  };
}

/** The same world with an operation that may know the world. */
export const withOperation = <R>(world: World<R>, operation: Operation<R>): World<R> => ({
  ...world,
  operations: new Map([...world.operations, [operation.name, operation]]),
});

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

/** An invocation of the lane `bulk` with ten minutes for a slice, if nothing else is said. */
export const anInvocation = (
  { clock }: Pick<World, 'clock'>,
  facts: Partial<Invocation> = {},
): Invocation => ({
  lane: 'bulk',
  drainUntil: clock() + 60_000,
  sliceMs: Number.POSITIVE_INFINITY,
  slicesEndAt: clock() + 600_000,
  leaseEndsAt: clock() + 900_000,
  ...facts,
});

/** Puts a job where it is wanted, with its place in the line of its token while it is open. */
export function put<R>(job: Job, { jobs, operations }: Pick<World<R>, 'jobs' | 'operations'>): Job {
  if (isCompleted(job.statusCode)) jobs.put(job);
  else jobs.putInLine(job, ringOf(job, operations).lane);
  return job;
}

/** Answers a ring, once. */
export const hear = <R>(ring: Ring, world: World<R>, invocation: Partial<Invocation> = {}): Promise<void> =>
  answerRing(ring, world, anInvocation(world, invocation));

/** Puts a job where it is wanted, answers one ring for it, and shows what has become of it. */
export async function runOnce<R>(
  job: Job,
  world: World<R>,
  invocation: Partial<Invocation> = {},
): Promise<Job> {
  if ((await world.jobs.get(job.jobId)) === undefined) put(job, world);
  await hear(ringOf(job, world.operations), world, invocation);
  return theJob(job.jobId, world);
}

export async function theJob(jobId: string, { jobs }: Pick<World, 'jobs'>): Promise<Job> {
  const job = await jobs.get(jobId);
  if (job === undefined) throw new Error(`There is no job ${jobId}.`);
  return job;
}
