import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import { isCompleted, Status } from '../job/status.ts';
import type { Claim } from '../job/transition.ts';
import { checkpoint, claim, fail, succeed, yieldClaim } from '../job/worker-transitions.ts';
import { ErrorCode, type Operation, type Operations } from './operation.ts';
import { type Clock, type Doorbell, type JobDetails, type JobStore, TransitionRefused } from './ports.ts';
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

/** A job goes on in a message of its own a minute later at the latest, if the ring after a yield is lost. */
const WATCH_AFTER_YIELD_MS = 60_000;

/** Takes the job, runs one slice of it and records how that ended. Safe to call any number of times. */
export async function runJob<R>(jobId: string, worker: Worker<R>, invocation: Invocation): Promise<Answer> {
  const job = await take(jobId, worker, invocation);
  if (job === 'nothingToDo') return 'done';
  if (job === 'held') return 'held';
  const operation = worker.operations.get(job.operation);
  if (operation === undefined) {
    const message = `This deployment has no operation "${job.operation}".`;
    await finish(
      job,
      worker,
      fail(job, { ...ending(job, worker), message, errorCode: ErrorCode.UnknownOperation }),
    );
    return 'done';
  }
  await record(job, await work(job, operation, worker, invocation), operation, worker);
  return 'done';
}

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

async function record<R>(job: Job, end: SliceEnd, operation: Operation<R>, worker: Worker<R>): Promise<void> {
  switch (end.kind) {
    case 'succeeded': {
      const { result, friendlyMessage } = end.outcome;
      const hasResult = result !== undefined;
      if (hasResult && !(await stillOurs(worker.details.putResult(job, result), job, worker))) return;
      const { done, total } = end.latest ?? {};
      return finish(
        job,
        worker,
        succeed(job, { ...ending(job, worker), hasResult, friendlyMessage, done, total }),
      );
    }
    case 'failed': {
      worker.log('operation failed', { jobId: job.jobId, error: describe(end.error) });
      const errorCode = end.permanent ? ErrorCode.Permanent : ErrorCode.Unexpected;
      const message = describe(end.error);
      const friendlyMessage = end.permanent ? message : `${operation.label} stopped at an unexpected error.`;
      return finish(job, worker, fail(job, { ...ending(job, worker), message, friendlyMessage, errorCode }));
    }
    case 'yielded': {
      const watchAt = iso(worker.clock() + WATCH_AFTER_YIELD_MS);
      if (
        !(await stillOurs(
          worker.jobs.make(yieldClaim(job, { ...ending(job, worker), watchAt })),
          job,
          worker,
        ))
      )
        return;
      return worker.doorbell.ring({ jobId: job.jobId, lane: operation.lane });
    }
    case 'lost':
      return worker.log('claim lost', { jobId: job.jobId, claimNumber: job.claimNumber });
    default:
      return end satisfies never;
  }
}

async function finish<R>(
  own: Claim,
  worker: Worker<R>,
  step: Parameters<JobStore['make']>[0],
): Promise<void> {
  await stillOurs(worker.jobs.make(step), own, worker);
}

/** A refused write means that the claim is lost: its new holder will record the end. */
async function stillOurs<R>(write: Promise<unknown>, own: Claim, { log }: Worker<R>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    log('claim lost', { jobId: own.jobId, claimNumber: own.claimNumber });
    return false;
  }
}

function ending<R>(job: Job, { clock }: Worker<R>): { now: string; executionTimeSpan: number } {
  const now = clock();
  // hostId and the lease are written by the claim, so modifiedOn of the claimed row is when this slice began.
  const sliceSeconds = Math.max(0, now - Date.parse(job.modifiedOn)) / 1000;
  return { now: iso(now), executionTimeSpan: round2((job.executionTimeSpan ?? 0) + sliceSeconds) };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const round2 = (seconds: number): number => Math.round(seconds * 100) / 100;
const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
