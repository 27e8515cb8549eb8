import { MAX_REASON } from '../job/audit-entry.ts';
import { awaitEvent } from '../job/event-transitions.ts';
import type { Job } from '../job/job.ts';
import { settle } from '../job/settle.ts';
import { isCompleted, Status } from '../job/status.ts';
import type { Transition } from '../job/transition.ts';
import { isNear } from '../job/watch.ts';
import { fail, retry, succeed, yieldClaim } from '../job/worker-transitions.ts';
import type { Worker } from './answer-ring.ts';
import { noteByService } from './audit.ts';
import { backOffMs } from './back-off.ts';
import { freeIfAnswered } from './callbacks.ts';
import { leaveNoTrace, stubExpiry } from './leave-no-trace.ts';
import { keepEnding } from './long-texts.ts';
import { type Checkpoint, errorCodeOf, maxRetriesOf } from './operation.ts';
import { type Ring, TransitionRefused } from './ports.ts';
import { removeJob } from './remove-job.ts';
import { keepResult } from './result.ts';
import type { SliceEnd } from './run-slice.ts';
import { tellCanceled } from './tell-canceled.ts';

type EndOf<Kind extends SliceEnd['kind']> = Extract<SliceEnd, { kind: Kind }>;

/** The job as it was claimed, and where it is rung. */
export interface Held {
  readonly job: Job;
  readonly ring: Ring;
}

/** `left`: the job is over, the next one of its line may run. `stays`: whoever moves it on rings. */
type Recorded = 'left' | 'stays';

/**
 * Writes how a slice ended. A refused write means that a person has asked for something, which is then carried
 * out instead, or that the claim is lost: then its new holder will record the end.
 */
export async function recordEnd<R>(end: SliceEnd, held: Held, worker: Worker<R>): Promise<Recorded> {
  try {
    return await write(end, held, worker);
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    return carryOut(error, held, worker, 'latest' in end ? end.latest : undefined);
  }
}

function write<R>(end: SliceEnd, held: Held, worker: Worker<R>): Promise<Recorded> {
  switch (end.kind) {
    case 'succeeded':
      return recordSuccess(end, held, worker);
    case 'failed':
      return recordFailure(end, held, worker);
    case 'waits':
      return recordWait(end, held, worker);
    case 'stopped':
      return recordStop(held, worker);
    case 'refused':
      return Promise.reject(end.refusal);
    default:
      return end satisfies never;
  }
}

async function recordSuccess<R>(
  { outcome, latest }: EndOf<'succeeded'>,
  { job }: Held,
  worker: Worker<R>,
): Promise<Recorded> {
  const { result, friendlyMessage = '' } = outcome;
  const { done, total } = latest ?? {};
  // Nobody would read the result of one that deletes itself.
  const isWanted = result !== undefined && job.deleteOnSuccess === undefined;
  const kept = isWanted ? await keepResult(job, result, worker.details) : { hasResult: false };
  const texts = await keepEnding(job, { friendlyMessage }, worker.details);
  const reached = done === undefined ? {} : { done, total };
  const expiresAt = stubExpiry(job, worker.clock());
  await worker.jobs.make(succeed(job, { ...spent(job, worker), ...kept, texts, expiresAt, ...reached }));
  await leaveNoTrace({ ...job, statusCode: Status.Succeeded }, worker);
  return 'left';
}

async function recordFailure<R>(
  { error, permanent }: EndOf<'failed'>,
  { job, ring }: Held,
  worker: Worker<R>,
): Promise<Recorded> {
  const message = error instanceof Error ? error.message : String(error);
  const operation = worker.operations.get(job.operation);
  worker.log('operation failed', { jobId: job.jobId, error: message, retryCount: job.retryCount });
  const mayRetry = !permanent && job.retryCount < maxRetriesOf(job, operation);
  const label = operation?.label ?? job.operation;
  const friendlyMessage = permanent ? message : `${label} stopped at an unexpected error.`;
  const texts = await keepEnding(job, { message, friendlyMessage }, worker.details);
  const end = { ...spent(job, worker), texts, errorCode: errorCodeOf(error) };
  if (!mayRetry) {
    await worker.jobs.make(fail(job, end));
    return 'left';
  }
  const at = worker.clock() + backOffMs(job.retryCount, worker.random);
  // Before the write that needs it: a crash in between costs nothing.
  await worker.timers.set(ring, at);
  const until = new Date(at).toISOString();
  await worker.jobs.make(retry(job, { ...end, until }));
  const reason = message.slice(0, MAX_REASON).toWellFormed();
  await noteByService(
    job,
    { verb: 'retry', from: Status.InProgress, to: Status.Waiting, until, reason },
    worker,
  );
  return 'stays';
}

async function recordWait<R>(
  { waitFor: { deadline }, latest: reached }: EndOf<'waits'>,
  { job, ring }: Held,
  worker: Worker<R>,
): Promise<Recorded> {
  const isTimed = isNear(deadline, worker.clock());
  // Before the write that needs it: a crash in between costs nothing.
  if (isTimed) await worker.timers.set(ring, Date.parse(deadline));
  await worker.jobs.make(awaitEvent(job, { ...spent(job, worker), until: deadline, reached }));
  const entry = { verb: 'await', from: Status.InProgress, to: Status.Waiting, until: deadline } as const;
  await noteByService(job, entry, worker);
  // An answer that came before this write has found nobody who waits: of its writer and us the last one sees both.
  if (await freeIfAnswered(job, worker)) await worker.doorbell.ring(ring);
  return 'stays';
}

async function recordStop<R>({ job, ring }: Held, worker: Worker<R>): Promise<Recorded> {
  await worker.jobs.make(yieldClaim(job, spent(job, worker)));
  // A job that needs more than one slice goes on in the lane for those, alone in its invocation.
  await worker.doorbell.ring({ ...ring, lane: 'bulk' });
  return 'stays';
}

/** So often a request may change while it is carried out. */
const MAX_CHANGES = 8;

async function carryOut<R>(
  refusal: TransitionRefused,
  held: Held,
  worker: Worker<R>,
  reached: Checkpoint | undefined,
): Promise<Recorded> {
  const { job } = held;
  let { current } = refusal;
  // A payload's fence does not know the row.
  if (current === undefined) current = await worker.jobs.get(job.jobId);
  for (let changes = 0; changes < MAX_CHANGES; changes++) {
    if (current === undefined || !isAskedOfUs(current, job)) return lost(current, held, worker);
    const step = settle(current, { ...spent(job, worker), ownClaim: job.claimNumber, reached });
    try {
      await setTimerOf(current, held, worker);
      if (current.statusCode === Status.Canceling) await tellCanceled(current, worker);
      if (step.verb === 'delete') await removeJob(step, current, worker);
      else await settleByUs(step, current, worker);
      return current.statusCode === Status.Canceling ? 'left' : 'stays';
    } catch (error) {
      if (!(error instanceof TransitionRefused)) throw error;
      current = error.current;
    }
  }
  throw refusal; // the ring comes again, and whoever hears it settles
}

async function settleByUs<R>(step: Transition, current: Job, worker: Worker<R>): Promise<void> {
  await worker.jobs.make(step);
  await noteByService(current, { verb: 'settle', from: current.statusCode, to: step.to }, worker);
}

/** The one that was set with the request may have come while the job still ran. */
async function setTimerOf<R>(
  { statusCode, postponeUntil: date }: Job,
  { ring }: Held,
  { timers, clock }: Worker<R>,
): Promise<void> {
  const isPostponed = statusCode === Status.Pausing && date !== undefined;
  if (isPostponed && isNear(date, clock())) await timers.set(ring, Date.parse(date));
}

/** Of this very job: a later one with its id counts its claims from the start again. */
const isAskedOfUs = (current: Job, job: Job): boolean =>
  current.sequence === job.sequence &&
  current.claimNumber === job.claimNumber &&
  (current.statusCode === Status.Pausing || current.statusCode === Status.Canceling);

function lost<R>(current: Job | undefined, { job }: Held, { log }: Worker<R>): Recorded {
  log('claim lost', { jobId: job.jobId, claimNumber: job.claimNumber });
  // Somebody else has brought it to its end: then its line is looked at once more, which does no harm.
  return current === undefined || isCompleted(current.statusCode) ? 'left' : 'stays';
}

/** The seconds of this slice on top of those before: the claim was the last write that set `modifiedOn`. */
function spent<R>(job: Job, { clock }: Worker<R>): { now: string; executionTimeSpan: number } {
  const now = clock();
  const seconds = (job.executionTimeSpan ?? 0) + Math.max(0, now - Date.parse(job.modifiedOn)) / 1000;
  return { now: new Date(now).toISOString(), executionTimeSpan: Math.round(seconds * 100) / 100 };
}
