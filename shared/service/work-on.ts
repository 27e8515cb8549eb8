import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { Status } from '../job/status.ts';
import { checkpoint } from '../job/worker-transitions.ts';
import type { Invocation, Worker } from './answer-ring.ts';
import { openCallback } from './callbacks.ts';
import { JobLog } from './job-log.ts';
import { type Operation, type RunContext, UnknownOperation } from './operation.ts';
import type { CallOff, Ring } from './ports.ts';
import { readInput } from './read-input.ts';
import { recordEnd } from './record-end.ts';
import { runSlice, type SliceEnd } from './run-slice.ts';

/** A request of a person is seen this soon, even if the operation does not come to a checkpoint. */
const LOOK_EVERY_MS = 3_000;

/** Runs one slice of a job that was claimed, and records how it ended. */
export async function workOn<R>(
  job: Job,
  ring: Ring,
  worker: Worker<R>,
  invocation: Invocation,
): Promise<'left' | 'stays'> {
  const operation = worker.operations.get(job.operation);
  const log = new JobLog(job, worker);
  const end =
    operation === undefined
      ? ({ kind: 'failed', error: new UnknownOperation(job.operation), permanent: true } as const)
      : await work(job, operation, { ...worker, jobLog: log }, invocation);
  await log.end(end);
  return recordEnd(end, { job, ring }, worker);
}

type Logging<R> = Worker<R> & { readonly jobLog: JobLog };

async function work<R>(
  job: Job,
  operation: Operation<R>,
  worker: Logging<R>,
  { sliceMs, slicesEndAt }: Invocation,
): Promise<SliceEnd> {
  const { clock } = worker;
  const now = clock();
  const mustEndAt = Math.min(now + sliceMs, slicesEndAt);
  // Whoever gives way does so at a checkpoint: what takes longer than that would else never get done.
  const endsAt = Math.min(mustEndAt, now + (operation.givesWayAfterMs ?? Number.POSITIVE_INFINITY));
  const stop = new AbortController();
  const callOff = worker.alarm(Math.max(0, mustEndAt - now), () => stop.abort());
  const stopLooking = lookForRequests(job, worker, stop);
  try {
    return await runSlice(stepsOf(job, operation, worker, stop.signal), {
      clock,
      endsAt,
      stop,
      save: (latest) => save(job, latest, worker),
    });
  } finally {
    callOff();
    await stopLooking();
  }
}

/** Reads what the job needs in the first step, so that a failure to read is a failure of the try. */
async function* stepsOf<R>(job: Job, operation: Operation<R>, worker: Logging<R>, signal: AbortSignal) {
  const { clock, jobLog, repositories } = worker;
  const context: RunContext<R> = {
    jobId: job.jobId,
    cursor: await cursorOf(job, worker),
    run: {
      claimNumber: job.claimNumber,
      tries: job.retryCount + 1,
      crashes: job.crashCount ?? 0,
      hostId: job.hostId ?? '',
    },
    clock,
    repositories,
    signal,
    sleep: (ms) => sleep(ms, signal, worker),
    log: jobLog.say,
    callback: (key, deadlineMs) => openCallback(job, { key, deadlineMs }, worker),
  };
  return yield* jobLog.keepingUp(operation.run(await readInput(job, operation, worker), context));
}

async function cursorOf<R>(job: Job, { details }: Worker<R>): Promise<Json | undefined> {
  const isNew = job.claimNumber === 1 && job.rerunOf === undefined;
  return isNew ? undefined : details.getCursor(job);
}

async function save<R>(
  job: Job,
  latest: { done: number; total?: number; cursor: Json },
  { details, jobs, clock, jobLog }: Logging<R>,
): Promise<void> {
  await jobLog.write();
  await details.saveCursor(job, latest.cursor);
  const getsOn = job.crashCount !== undefined && latest.done > (job.progressDone ?? 0);
  await jobs.make(checkpoint(job, { ...latest, getsOn }, iso(clock())));
}

/** Tells the operation by its signal when a person wants it to stop, or somebody else has the job. */
function lookForRequests<R>(job: Job, worker: Worker<R>, stop: AbortController): () => Promise<void> {
  let callOff: CallOff | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    const row = await worker.jobs.get(job.jobId).catch(() => job); // the next look may see more
    const isOurs = row?.claimNumber === job.claimNumber && row.statusCode === Status.InProgress;
    if (isOurs) lookAgain();
    else stop.abort();
  };
  const lookAgain = (): void => {
    if (stop.signal.aborted) return;
    callOff = worker.alarm(LOOK_EVERY_MS, () => {
      looking = look();
    });
  };
  lookAgain();
  return async () => {
    callOff?.();
    await looking;
  };
}

function sleep<R>(ms: number, signal: AbortSignal, { alarm }: Worker<R>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => {
      callOff();
      reject(Object.assign(new Error('The operation was asked to stop.'), { name: 'AbortError' }));
    };
    const callOff = alarm(ms, () => {
      signal.removeEventListener('abort', stopped);
      resolve();
    });
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', stopped, { once: true });
  });
}

const iso = (ms: number): string => new Date(ms).toISOString();
