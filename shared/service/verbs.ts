import type { Job } from '../job/job.ts';
import { openVerbs } from '../job/open-verbs.ts';
import { cancel, pause, postpone, reschedule, resume } from '../job/person-transitions.ts';
import { State, Status, stateOf } from '../job/status.ts';
import { isNear, timerAt } from '../job/watch.ts';
import type { Caller } from './caller.ts';
import { planCancel, planRemoval } from './cancel-plans.ts';
import { type Change, changeJob, type Plan, ringHead, ringToSettle } from './change-job.ts';
import { type Creator, call } from './create-job.ts';
import { ringOf } from './ring-of.ts';

/** What people do to jobs, each by the lifecycle table. All throw `NotFound`, `NotAllowed`, `VerbRefused`. */

/** Said with any verb: why, for those who read the audit. */
interface Why {
  readonly reason?: string | undefined;
}
interface ToDate extends Why {
  /** UTC ISO 8601. */
  readonly until: string;
}

type Verb = Change['verb'];

/** A waiting job is over at once; a running one at its next checkpoint. */
export async function cancelJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  why: Why = {},
): Promise<Job> {
  const plan: Plan = (now, wish) => planCancel(now, wish, service);
  const job = await applyTo(jobId, { verb: 'cancel', plan, ...why }, caller, service);
  await afterwards(job, service);
  return job;
}

/** A running job stops at its next checkpoint and waits until somebody resumes it. */
export async function pauseJob(jobId: string, caller: Caller, service: Creator, why: Why = {}): Promise<Job> {
  const job = await applyTo(jobId, { verb: 'pause', plan: pause, ...why }, caller, service);
  await afterwards(job, service);
  return job;
}

/** A suspended job may run as soon as it is its turn, whatever it has waited for. */
export async function resumeJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  why: Why = {},
): Promise<Job> {
  const job = await applyTo(jobId, { verb: 'resume', plan: resume, ...why }, caller, service);
  await call(job, service);
  return job;
}

/** Not before this date; a running job stops at its next checkpoint and goes on then. */
export async function postponeJob(
  jobId: string,
  { until, ...why }: ToDate,
  caller: Caller,
  service: Creator,
): Promise<Job> {
  const plan: Plan = (now, wish) => postpone(now, until, wish);
  const before = (now: Job) => setTimer(now, until, service);
  const job = await applyTo(jobId, { verb: 'postpone', plan, before, ...why }, caller, service);
  await afterwards(job, service);
  return job;
}

/** Another date for a job that waits for one. */
export async function rescheduleJob(
  jobId: string,
  { until, ...why }: ToDate,
  caller: Caller,
  service: Creator,
): Promise<Job> {
  const plan: Plan = (now, wish) => reschedule(now, until, wish);
  const before = (now: Job) => setTimer(now, until, service);
  return applyTo(jobId, { verb: 'reschedule', plan, before, ...why }, caller, service);
}

/**
 * Takes a job away for good, with all that belongs to it. A suspended one is canceled with it. `force` takes a
 * Ready one too, and asks a running one to stop: then the answer is the job, which is gone when it has stopped.
 */
export async function deleteJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  { force = false, reason }: Why & { readonly force?: boolean | undefined } = {},
): Promise<Job | undefined> {
  const { before, job } = await changeJob(jobId, caller, service, {
    verb: 'delete',
    reason,
    plan(now, wish) {
      if (isOpen('delete', now)) return planRemoval(now, wish, service);
      if (!force || now.isPlatformGenerated) return undefined;
      if (now.statusCode === Status.WaitingForResources) return planRemoval(now, wish, service);
      return cancel(now, wish, { deleteWhenOver: true });
    },
  });
  if (job !== undefined) {
    await afterwards(job, service);
    return job;
  }
  await ringHead(before, service);
  await service.details.removeAll(before);
  return undefined;
}

const isOpen = (verb: Verb, job: Job): boolean => openVerbs(job).includes(verb);

/** Where the lifecycle table opens the verb. */
async function applyTo(jobId: string, change: Change, caller: Caller, service: Creator): Promise<Job> {
  const { before, job = before } = await changeJob(jobId, caller, service, {
    ...change,
    plan: (now, wish) => (isOpen(change.verb, now) ? change.plan(now, wish) : undefined),
  });
  return job;
}

async function afterwards(job: Job, service: Creator): Promise<void> {
  if (stateOf(job.statusCode) === State.Completed) await ringHead(job, service);
  else if (stateOf(job.statusCode) === State.Locked) await ringToSettle(job, service);
}

async function setTimer(job: Job, until: string, { timers, operations, clock }: Creator): Promise<void> {
  if (isNear(until, clock())) await timers.set(ringOf(job, operations), timerAt(until, clock()));
}
