import type { Job } from '../job/job.ts';
import { settle } from '../job/settle.ts';
import { Status } from '../job/status.ts';
import type { Transition } from '../job/transition.ts';
import { isNear } from '../job/watch.ts';
import { type ClaimTerms, claim, giveUp, proceed, type Rung, recover } from '../job/worker-transitions.ts';
import type { Invocation, Worker } from './answer-ring.ts';
import { noteByService } from './audit.ts';
import { freeIfAnswered } from './callbacks.ts';
import { ringIfHead } from './create-job.ts';
import { leaveNoTrace } from './leave-no-trace.ts';
import { LogWriter } from './log-writer.ts';
import { keepEnding } from './long-texts.ts';
import { ErrorCode } from './operation.ts';
import { type Ring, TransitionRefused } from './ports.ts';
import { removeJob } from './remove-job.ts';
import { ringOf } from './ring-of.ts';
import { fallDue } from './series/fall-due.ts';
import { tellCanceled } from './tell-canceled.ts';

/** A job that has killed so many workers in a row, without progress, is not tried again. */
export const MAX_CRASHES = 3;
/** A timer for a held lease comes a moment after its end. */
const AFTER_LEASE_MS = 1_000;
/** What we have seen will look otherwise by then, and the scan mends what does not. */
const LOOK_LATER_MS = 15_000;
/** So often others may be faster than we; then somebody else rings, or a timer. */
const MAX_LOOKS = 5;

/** `left`: the job is over. `stays`: it is not our turn to run it, and whoever moves it on rings. */
export type Taken = Job | 'left' | 'stays';

/** A way to claim the job. */
type Attempt = (terms: ClaimTerms) => Transition;

const claimIn =
  ({ lane }: Invocation, ring: Rung): Attempt =>
  (terms) =>
    claim(ring, terms, { shared: lane === 'standard' });

/** Claims the job, or does what its state asks for instead. Never drops a ring that may be the last one. */
export async function take<R>(
  ring: Ring,
  worker: Worker<R>,
  invocation: Invocation,
  sequence?: number,
): Promise<Taken> {
  const here = { ring, rung: { ...ring, sequence }, worker, invocation };
  let attempt: Attempt = claimIn(invocation, here.rung);
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const tried = await tryTo(attempt, worker, invocation);
    if ('made' in tried) return tried.made ?? 'stays';
    const next = await decide(tried.refusal.current, here);
    if (typeof next === 'string') return next;
    attempt = next;
  }
  await lookLater(ring, worker);
  return 'stays';
}

export const lookLater = <R>(ring: Ring, { timers, clock }: Worker<R>): Promise<void> =>
  timers.set(ring, clock() + LOOK_LATER_MS);

type Tried = { readonly made: Job | undefined } | { readonly refusal: TransitionRefused };

async function tryTo<R>(attempt: Attempt, worker: Worker<R>, { leaseEndsAt }: Invocation): Promise<Tried> {
  const { jobs, clock, newId } = worker;
  const step = attempt({ now: iso(clock()), leaseEndsAt: iso(leaseEndsAt), hostId: newId() });
  try {
    const made = await jobs.make(step);
    // That a job was taken for the first time is said by its row.
    if (made !== undefined && made.claimNumber > 1)
      await noteByService(made, { verb: step.verb, to: Status.InProgress }, worker);
    return { made };
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    return { refusal: error };
  }
}

type Next = 'left' | 'stays' | Attempt;

interface Here<R> {
  readonly ring: Ring;
  /** What is known of the job that is meant. */
  readonly rung: Rung;
  readonly worker: Worker<R>;
  readonly invocation: Invocation;
}

/** What a job that could not be claimed asks for. */
async function decide<R>(job: Job | undefined, here: Here<R>): Promise<Next> {
  if (job === undefined) return withoutRow(here);
  if (!isMeant(job, here.rung)) return inItsOwnPlace(job, here);
  switch (job.statusCode) {
    case Status.WaitingForResources:
      return whenItMayRun(job, here);
    case Status.Waiting:
      return whenItsDateComes(job, here);
    case Status.InProgress:
    case Status.Pausing:
    case Status.Canceling:
      return whenItsHolderIsGone(job, here);
    case Status.Succeeded:
      await leaveNoTrace(job, here.worker);
      return 'left';
    case Status.Failed:
    case Status.Canceled:
      return 'left';
    default:
      return job.statusCode satisfies never;
  }
}

/** A job that was deleted; or a place in a line whose row can't be seen yet, and if there is none, the scan clears it. */
async function withoutRow<R>({ ring, worker }: Here<R>): Promise<Next> {
  if (ring.token === undefined) return 'left';
  await lookLater(ring, worker);
  return 'stays';
}

const isMeant = (job: Job, { token, sequence }: Rung): boolean =>
  job.dependencyToken === token && (sequence === undefined || job.sequence === sequence);

/** The ring was for an earlier job of the same id: this one stands somewhere else, or in no line. */
async function inItsOwnPlace<R>(job: Job, { worker }: Here<R>): Promise<Next> {
  await worker.doorbell.ring(ringOf(job, worker.operations));
  return 'stays';
}

/** It was not Ready a moment ago; or it has killed a worker, and is not for a place that others share. */
async function whenItMayRun<R>(job: Job, { ring, rung, worker, invocation }: Here<R>): Promise<Next> {
  if (invocation.lane === 'bulk' || job.crashCount === undefined) return claimIn(invocation, rung);
  return inBulk(ring, worker);
}

async function inBulk<R>(ring: Ring, { doorbell }: Worker<R>): Promise<Next> {
  await doorbell.ring({ ...ring, lane: 'bulk' });
  return 'stays';
}

async function whenItsDateComes<R>(job: Job, here: Here<R>): Promise<Next> {
  const { timers, clock } = here.worker;
  const { postponeUntil: date } = job;
  if (date === undefined) return 'stays'; // a person frees it, and rings
  // Whoever should have seen the answer may have died.
  if (job.isWaitingForEvent && (await freeIfAnswered(job, here.worker))) return whenItMayRun(job, here);
  if (Date.parse(date) <= clock()) return job.isToCome ? whenItFallsDue(job, here) : whenItMayRun(job, here);
  if (isNear(date, clock())) await timers.set(here.ring, Date.parse(date));
  return 'stays';
}

/** An occurrence is let in by its series: it may run at once, or stands in line now. */
async function whenItFallsDue<R>(job: Job, { rung, worker, invocation }: Here<R>): Promise<Next> {
  const due = await fallDue(job, worker);
  if (due === undefined) return 'left';
  if (due.dependencyToken === undefined) return claimIn(invocation, rung);
  // If that fails, so does the ring that brought us here: it comes again, and finds the job in its own place.
  await ringIfHead(due, worker);
  return 'stays';
}

async function whenItsHolderIsGone<R>(job: Job, here: Here<R>): Promise<Next> {
  const { ring, worker, invocation } = here;
  const { leaseEndsAt } = job;
  if (leaseEndsAt !== undefined && Date.parse(leaseEndsAt) > worker.clock()) {
    // Never dropped: the holder may be dead, and then nobody else would ring.
    await worker.timers.set(ring, Date.parse(leaseEndsAt) + AFTER_LEASE_MS);
    return 'stays';
  }
  if (job.statusCode !== Status.InProgress) return settleForTheGone(job, here);
  if (invocation.lane !== 'bulk') return inBulk(ring, worker);
  if (leaseEndsAt === undefined) return (terms) => proceed(job, terms);
  if ((job.crashCount ?? 0) + 1 < MAX_CRASHES) return (terms) => recover(job, terms);
  return giveUpOn(job, here);
}

/** What its worker was asked to do and can't do any more. */
async function settleForTheGone<R>(job: Job, { rung, worker, invocation }: Here<R>): Promise<Next> {
  const step = settle(job, { now: iso(worker.clock()) });
  if (job.statusCode === Status.Canceling) await tellCanceled(job, worker);
  const isMade = await ifStillSo(() =>
    step.verb === 'delete' ? removeJob(step, job, worker) : worker.jobs.make(step),
  );
  if (isMade && step.verb !== 'delete')
    await noteByService(job, { verb: 'settle', from: job.statusCode, to: step.to }, worker);
  return isMade && job.statusCode === Status.Canceling ? 'left' : claimIn(invocation, rung);
}

async function giveUpOn<R>(job: Job, { rung, worker, invocation }: Here<R>): Promise<Next> {
  const { clock, log, details, jobs } = worker;
  log('given up', { jobId: job.jobId, crashes: MAX_CRASHES });
  const said = {
    message: `${MAX_CRASHES} workers in a row ended without a word while they ran this job, the last one by ${job.leaseEndsAt}.`,
    friendlyMessage: 'The job ended its worker again and again, so it was given up.',
  };
  const isMade = await ifStillSo(async () => {
    const lines = new LogWriter(job, worker);
    lines.add('error', said.message);
    await lines.close();
    const texts = await keepEnding(job, said, details);
    const end = { now: iso(clock()), texts, errorCode: ErrorCode.KilledItsWorkers };
    await jobs.make(giveUp(job, end));
  });
  return isMade ? 'left' : claimIn(invocation, rung);
}

async function ifStillSo(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    return false;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
