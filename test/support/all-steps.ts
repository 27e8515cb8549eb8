import { answer, awaitEvent } from '../../shared/job/event-transitions.ts';
import type { Job } from '../../shared/job/job.ts';
import {
  cancel,
  pause,
  postpone,
  remove,
  reschedule,
  resume,
  wake,
  withdraw,
} from '../../shared/job/person-transitions.ts';
import { settle } from '../../shared/job/settle.ts';
import { Status } from '../../shared/job/status.ts';
import type { Removal, Transition } from '../../shared/job/transition.ts';
import {
  checkpoint,
  claim,
  fail,
  giveUp,
  proceed,
  recover,
  retry,
  succeed,
  yieldClaim,
} from '../../shared/job/worker-transitions.ts';
import { at } from './a-job.ts';
import { NOW, OWN_CLAIM } from './situations.ts';

/** Every step that exists, as it is planned for this job: by the worker with the third claim, by others, by Adam. */
type Plan = (job: Job) => Transition | Removal;

const TERMS = { now: at(NOW), leaseEndsAt: at(NOW + 60_000), hostId: 'host-now' };
const END = { now: at(NOW), executionTimeSpan: 2 };
const WISH = { now: at(NOW), by: 'adam' };
/** Far enough that a scan comes before it. */
const FAR = at(NOW + 3_600_000);

const own = (job: Job): Job => ({ ...job, claimNumber: OWN_CLAIM });
/** The row as whoever plans the step has read it. */
const read = (job: Job, facts: Partial<Job>): Job => {
  const { postponeUntil: _none, deleteWhenOver: _no, ...bare } = job;
  return { ...bare, ...facts };
};

/** People's steps hold from the status that was read: the job's own, if the step can be planned from there. */
const readAs = (job: Job, ...statuses: [Job['statusCode'], ...Job['statusCode'][]]): Job =>
  read(job, { statusCode: statuses.includes(job.statusCode) ? job.statusCode : statuses[0] });
const RUNNING = [Status.InProgress, Status.Pausing, Status.Canceling] as const;

const PAUSING: Partial<Job> = { statusCode: Status.Pausing };
const POSTPONED: Partial<Job> = { statusCode: Status.Pausing, postponeUntil: at(NOW + 1) };
const CANCELING: Partial<Job> = { statusCode: Status.Canceling };
const GOING: Partial<Job> = { statusCode: Status.Canceling, deleteWhenOver: true };

const byWorker =
  (facts: Partial<Job>): Plan =>
  (job) =>
    settle(read(own(job), facts), { ...END, ownClaim: OWN_CLAIM });
const forTheDead =
  (facts: Partial<Job>): Plan =>
  (job) =>
    settle(read(job, facts), { now: at(NOW) });
const deleting =
  (statusCode: Job['statusCode']): Plan =>
  (job) =>
    remove(read(job, { statusCode }), WISH);

const rungFor = ({ jobId, dependencyToken: token }: Job) => ({ jobId, token });

export const STEPS: Readonly<Record<string, Plan>> = {
  claim: (job) => claim(rungFor(job), TERMS),
  'claim, beside others': (job) => claim(rungFor(job), TERMS, { shared: true }),
  proceed: (job) => proceed(job, TERMS),
  recover: (job) => recover(job, TERMS),
  'give up': (job) => giveUp(job, { now: at(NOW), errorCode: 4 }),
  wake: (job) => wake(rungFor(job), at(NOW)),
  checkpoint: (job) => checkpoint(own(job), { done: 7, total: 9, getsOn: true }, at(NOW)),
  yield: (job) => yieldClaim(own(job), END),
  succeed: (job) => succeed(own(job), { ...END, hasResult: true, result: '7' }),
  fail: (job) => fail(own(job), { ...END, errorCode: 1 }),
  retry: (job) => retry(own(job), { ...END, errorCode: 1, until: at(NOW + 2_000) }),
  await: (job) => awaitEvent(own(job), { ...END, until: at(NOW + 2_000), reached: { done: 7 } }),
  answer: (job) => answer(own(job), at(NOW)),
  'pause, by its worker': byWorker(PAUSING),
  'postpone, by its worker': byWorker(POSTPONED),
  'cancel, by its worker': byWorker(CANCELING),
  'remove, by its worker': byWorker(GOING),
  'pause, for the dead': forTheDead(PAUSING),
  'postpone, for the dead': forTheDead(POSTPONED),
  'cancel, for the dead': forTheDead(CANCELING),
  'remove, for the dead': forTheDead(GOING),
  'postpone one that waits': (job) =>
    postpone(read(job, { statusCode: Status.WaitingForResources }), FAR, WISH),
  'postpone one that runs': (job) => postpone(readAs(job, Status.InProgress, Status.Pausing), FAR, WISH),
  reschedule: (job) => reschedule(job, FAR, WISH),
  pause: (job) => pause(job, WISH),
  resume: (job) => resume(job, WISH),
  'cancel one that waits': (job) => cancel(readAs(job, Status.Waiting, Status.WaitingForResources), WISH),
  'withdraw a Ready one': (job) => withdraw(read(job, { statusCode: Status.WaitingForResources }), WISH),
  'withdraw and delete a Suspended one': (job) =>
    withdraw(read(job, { statusCode: Status.Waiting }), WISH, { deleteWhenOver: true }),
  'cancel one that runs': (job) => cancel(readAs(job, ...RUNNING), WISH),
  'cancel and delete one that runs': (job) => cancel(readAs(job, ...RUNNING), WISH, { deleteWhenOver: true }),
  'delete a Ready one': deleting(Status.WaitingForResources),
  'delete a Suspended one': deleting(Status.Waiting),
  'delete a Succeeded one': deleting(Status.Succeeded),
  'delete a Failed one': deleting(Status.Failed),
  'delete a Canceled one': deleting(Status.Canceled),
};

/** The steps that a ring plans, before the row was read: all it knows is the line in which the job stands. */
export const OF_A_RING: readonly string[] = ['claim', 'claim, beside others', 'wake'];

export const isRemoval = (step: Transition | Removal): step is Removal => step.verb === 'delete';

/** The steps that change a row; the others take it away. */
export const TRANSITIONS: Readonly<Record<string, (job: Job) => Transition>> = Object.fromEntries(
  Object.entries(STEPS)
    .filter(([name]) => !/^(delete|remove)/.test(name))
    .map(([name, plan]) => [
      name,
      (job: Job) => {
        const step = plan(job);
        if (isRemoval(step)) throw new Error(`"${name}" takes the row away.`);
        return step;
      },
    ]),
);

export function stepOf(name: string, job: Job): Transition {
  const plan = TRANSITIONS[name];
  if (plan === undefined) throw new Error(`There is no step "${name}".`);
  return plan(job);
}
