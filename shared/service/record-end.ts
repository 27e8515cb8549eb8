import { type Job, MAX_FRIENDLY_MESSAGE, MAX_MESSAGE } from '../job/job.ts';
import { fail, succeed, yieldClaim } from '../job/worker-transitions.ts';
import { keepTexts } from './long-texts.ts';
import { ErrorCode, PermanentError, UnknownOperation } from './operation.ts';
import { TransitionRefused } from './ports.ts';
import type { Worker } from './run-job.ts';
import type { SliceEnd } from './run-slice.ts';

/** The next slice begins a minute after a yield at the latest, should its ring be lost. */
const WATCH_AFTER_YIELD_MS = 60_000;

type EndOf<Kind extends SliceEnd['kind']> = Extract<SliceEnd, { kind: Kind }>;

/** Writes how a slice ended. A refused write means that the claim is lost: its new holder will record the end. */
export async function recordEnd<R>(end: SliceEnd, job: Job, worker: Worker<R>): Promise<void> {
  try {
    await write(end, job, worker);
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    worker.log('claim lost', { jobId: job.jobId, claimNumber: job.claimNumber });
  }
}

function write<R>(end: SliceEnd, job: Job, worker: Worker<R>): Promise<void> {
  switch (end.kind) {
    case 'succeeded':
      return recordSuccess(end, job, worker);
    case 'failed':
      return recordFailure(end, job, worker);
    case 'yielded':
      return recordYield(job, worker);
    case 'lost':
      return Promise.reject(end.refusal);
    default:
      return end satisfies never;
  }
}

async function recordSuccess<R>(
  { outcome, latest }: EndOf<'succeeded'>,
  job: Job,
  worker: Worker<R>,
): Promise<void> {
  const { result, friendlyMessage = '' } = outcome;
  const { done, total } = latest ?? {};
  const hasResult = result !== undefined;
  if (hasResult) await worker.details.putResult(job, result);
  const texts = await textsOf({ friendlyMessage }, job, worker);
  await worker.jobs.make(succeed(job, { ...spent(job, worker), hasResult, texts, done, total }));
}

async function recordFailure<R>(
  { error, permanent }: EndOf<'failed'>,
  job: Job,
  worker: Worker<R>,
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  worker.log('operation failed', { jobId: job.jobId, error: message });
  const label = worker.operations.get(job.operation)?.label ?? job.operation;
  const friendlyMessage = permanent ? message : `${label} stopped at an unexpected error.`;
  const texts = await textsOf({ message, friendlyMessage }, job, worker);
  await worker.jobs.make(fail(job, { ...spent(job, worker), texts, errorCode: codeOf(error) }));
}

async function recordYield<R>(job: Job, worker: Worker<R>): Promise<void> {
  const watchAt = new Date(worker.clock() + WATCH_AFTER_YIELD_MS).toISOString();
  await worker.jobs.make(yieldClaim(job, { ...spent(job, worker), watchAt }));
  // A job that needs more than one slice goes on in the lane for those, alone in its invocation.
  await worker.doorbell.ring({ jobId: job.jobId, lane: 'bulk' });
}

const codeOf = (error: unknown): number => {
  if (error instanceof UnknownOperation) return ErrorCode.UnknownOperation;
  return error instanceof PermanentError ? ErrorCode.Permanent : ErrorCode.Unexpected;
};

async function textsOf<R>(
  { message = '', friendlyMessage }: { message?: string; friendlyMessage: string },
  job: Job,
  { details }: Worker<R>,
) {
  const said = {
    ...(message !== '' && { message: message.slice(0, MAX_MESSAGE) }),
    ...(friendlyMessage !== '' && { friendlyMessage: friendlyMessage.slice(0, MAX_FRIENDLY_MESSAGE) }),
  };
  const { longTexts = [], ...texts } = await keepTexts(job, said, details);
  const long = [...(job.longTexts ?? []), ...longTexts];
  return { ...texts, ...(long.length > 0 && { longTexts: long }) };
}

/** The seconds of this slice on top of those before: the claim was the last write that set `modifiedOn`. */
function spent<R>(job: Job, { clock }: Worker<R>): { now: string; executionTimeSpan: number } {
  const now = clock();
  const seconds = (job.executionTimeSpan ?? 0) + Math.max(0, now - Date.parse(job.modifiedOn)) / 1000;
  return { now: new Date(now).toISOString(), executionTimeSpan: Math.round(seconds * 100) / 100 };
}
