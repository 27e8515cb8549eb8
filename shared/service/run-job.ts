import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import { State, stateOf } from '../job/status.ts';
import { checkpoint, claim } from '../job/worker-transitions.ts';
import { type Operation, type Operations, UnknownOperation } from './operation.ts';
import {
  type Clock,
  type Doorbell,
  type JobDetails,
  type JobStore,
  type Timers,
  TransitionRefused,
} from './ports.ts';
import { recordEnd } from './record-end.ts';
import { runSlice, type SliceEnd } from './run-slice.ts';

export interface Worker<Repositories> {
  readonly clock: Clock;
  /** Unique ids for claims. */
  readonly newId: () => string;
  readonly jobs: JobStore;
  readonly details: JobDetails;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
  readonly operations: Operations<Repositories>;
  readonly repositories: Repositories;
  readonly log: (text: string, facts: Record<string, Json>) => void;
}

/** The invocation that lends its time. Instants in milliseconds since 1970. */
export interface Invocation {
  /** Unique per claim. */
  readonly hostId: string;
  /** When the slice ends by itself. */
  readonly sliceEndsAt: number;
  /** Later than the moment at which the platform kills the invocation: see `Lease` in ARCHITECTURE. */
  readonly leaseEndsAt: number;
}

/** `held`: another worker's lease is alive; a timer is set for its end, for that worker may be dead. */
export type Answer = 'done' | 'held';

/** A timer for a held lease comes a moment after its end. */
const AFTER_LEASE_MS = 1_000;

/** Takes the job, runs one slice of it and records how that ended. Safe to call any number of times. */
export async function runJob<R>(jobId: string, worker: Worker<R>, invocation: Invocation): Promise<Answer> {
  const job = await take(jobId, worker, invocation);
  if (job === 'nothingToDo') return 'done';
  if (job === 'held') return 'held';
  const operation = worker.operations.get(job.operation);
  const end =
    operation === undefined ? unknownOperation(job) : await work(job, operation, worker, invocation);
  await recordEnd(end, job, worker);
  return 'done';
}

const unknownOperation = ({ operation }: Job): SliceEnd => ({
  kind: 'failed',
  error: new UnknownOperation(operation),
  permanent: true,
});

async function take<R>(
  jobId: string,
  worker: Worker<R>,
  { hostId, leaseEndsAt }: Invocation,
): Promise<Job | 'nothingToDo' | 'held'> {
  const { jobs, clock, log } = worker;
  const terms = { now: iso(clock()), leaseEndsAt: iso(leaseEndsAt), hostId };
  try {
    return await jobs.make(claim(jobId, terms));
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    const { current } = error;
    log('claim refused', { jobId, statusCode: current?.statusCode ?? null });
    if (current === undefined || stateOf(current.statusCode) !== State.Locked) return 'nothingToDo';
    await lookAgain(current, worker);
    return 'held';
  }
}

/** Never dropped: the holder may be dead, and then nobody else would ring. */
async function lookAgain<R>(
  { jobId, operation, leaseEndsAt }: Job,
  { timers, operations, clock }: Worker<R>,
): Promise<void> {
  const lane = operations.get(operation)?.lane ?? 'bulk';
  const end = leaseEndsAt === undefined ? clock() : Date.parse(leaseEndsAt);
  await timers.set({ jobId, lane }, end + AFTER_LEASE_MS);
}

async function work<R>(
  job: Job,
  operation: Operation<R>,
  worker: Worker<R>,
  invocation: Invocation,
): Promise<SliceEnd> {
  const { clock, details } = worker;
  const timeUp = new AbortController();
  const timer = setTimeout(() => timeUp.abort(), Math.max(0, invocation.sliceEndsAt - clock()));
  try {
    const input = job.input === undefined ? await details.getInput(job.jobId) : parseJson(job.input);
    const cursor = job.claimNumber === 1 ? undefined : await details.getCursor(job.jobId);
    const steps = operation.run(input ?? null, {
      jobId: job.jobId,
      cursor,
      clock,
      repositories: worker.repositories,
      signal: timeUp.signal,
      log: (text, facts) => worker.log(text, { jobId: job.jobId, ...facts }),
    });
    return await runSlice(steps, {
      clock,
      endsAt: invocation.sliceEndsAt,
      stop: timeUp,
      save: async (latest) => {
        await details.saveCursor(job, latest.cursor);
        await worker.jobs.make(checkpoint(job, latest, iso(clock())));
      },
    });
  } finally {
    clearTimeout(timer);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
