import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import { isCompleted, Status } from '../job/status.ts';
import { checkpoint, claim } from '../job/worker-transitions.ts';
import { type Operation, type Operations, UnknownOperation } from './operation.ts';
import { type Clock, type Doorbell, type JobDetails, type JobStore, TransitionRefused } from './ports.ts';
import { recordEnd } from './record-end.ts';
import { runSlice, type SliceEnd } from './run-slice.ts';

export interface Worker<Repositories> {
  readonly clock: Clock;
  /** Unique ids for claims. */
  readonly newId: () => string;
  readonly jobs: JobStore;
  readonly details: JobDetails;
  readonly doorbell: Doorbell;
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

/**
 * `done`: the message has served. `held`: another worker's lease is alive; the message must come back, for
 * that worker may be dead.
 */
export type Answer = 'done' | 'held';

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
  { jobs, clock, log }: Worker<R>,
  { hostId, leaseEndsAt }: Invocation,
): Promise<Job | 'nothingToDo' | 'held'> {
  const terms = { now: iso(clock()), leaseEndsAt: iso(leaseEndsAt), hostId };
  try {
    return await jobs.make(claim(jobId, terms));
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    const { current } = error;
    log('claim refused', { jobId, statusCode: current?.statusCode ?? null });
    if (current === undefined || isCompleted(current.statusCode)) return 'nothingToDo';
    return current.statusCode === Status.Waiting ? 'nothingToDo' : 'held';
  }
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
