import { type AuditEntry, after } from './audit-entry.ts';
import type { Job } from './job.ts';
import { Status, type StatusCode } from './status.ts';
import {
  type RemovableColumn,
  type Removal,
  removal,
  type Transition,
  toldTo,
  transition,
} from './transition.ts';
import { RING_MS, watchAtOf } from './watch.ts';
import type { Rung } from './worker-transitions.ts';

/** The steps that people ask for. Each is planned from the row as it was read, and holds only if that is still so. */

export interface Wish {
  readonly now: string;
  /** Who asks. */
  readonly by: string;
  readonly byName?: string | undefined;
  readonly reason?: string | undefined;
}

interface Asked {
  readonly verb: 'cancel' | 'delete' | 'pause' | 'resume' | 'postpone' | 'reschedule';
  /** Where the table has another one for the same wish. */
  readonly made?: 'withdraw';
  readonly to: StatusCode;
  readonly until?: string;
  readonly set?: Partial<Job>;
  readonly remove?: readonly RemovableColumn[];
  /** The line is told of it: what was known of its head may not hold any more. */
  readonly tells?: boolean;
}

/**
 * A step from the very status that was read, so that what is written down of it is true. A deletion that has to wait
 * is a cancellation.
 */
function asked(
  job: Job,
  wish: Wish,
  { verb, made, to, until, set, remove: removed = [], tells = false }: Asked,
): Transition {
  const { jobId, sequence, statusCode: from, claimNumber } = job;
  const { now, by, byName, reason } = wish;
  const at = after(job.modifiedOn, now);
  const entry: AuditEntry = {
    at,
    by,
    ...(byName !== undefined && { byName }),
    verb,
    from,
    to,
    claimNumber,
    ...(reason !== undefined && { reason }),
    ...(until !== undefined && { until }),
  };
  const step = transition({
    jobId,
    sequence,
    now,
    verb: made ?? (verb === 'delete' ? 'cancel' : verb),
    to,
    set: { modifiedOn: at, modifiedBy: by, ...set },
    remove: removed,
    ...(tells && toldTo(job, to, soon(now))),
    note: { of: job, entry },
  });
  const asRead = step.moves.filter((move) => move.from === from);
  return asRead.length === 0 ? step : { ...step, moves: asRead };
}

const soon = (now: string): string => new Date(Date.parse(now) + RING_MS).toISOString();

const isRunning = ({ statusCode }: Job): boolean =>
  statusCode === Status.InProgress || statusCode === Status.Pausing;

/** Waits until a date: at once, or when its worker has reached its next checkpoint. */
export function postpone(job: Job, until: string, wish: Wish): Transition {
  if (isRunning(job)) {
    return asked(job, wish, { verb: 'postpone', to: Status.Pausing, until, set: { postponeUntil: until } });
  }
  const watchAt = watchAtOf({ ...job, postponeUntil: until }, Date.parse(wish.now));
  const set = { postponeUntil: until, watchAt };
  return asked(job, wish, { verb: 'postpone', to: Status.Waiting, until, set });
}

export function reschedule(job: Job, until: string, wish: Wish): Transition {
  const watchAt = watchAtOf({ ...job, postponeUntil: until }, Date.parse(wish.now));
  return asked(job, wish, {
    verb: 'reschedule',
    to: Status.Waiting,
    until,
    set: { postponeUntil: until, watchAt },
    remove: ['isRetrying'],
    tells: true,
  });
}

/** Until somebody resumes it: a date that was asked for before does not count any more. */
export const pause = (job: Job, wish: Wish): Transition =>
  asked(job, wish, { verb: 'pause', to: Status.Pausing, remove: ['postponeUntil'] });

export function resume(job: Job, wish: Wish): Transition {
  // Its series lets it in, at the end of its line: the date of an occurrence is moved to now.
  if (job.isToCome) return reschedule(job, wish.now, wish);
  return asked(job, wish, {
    verb: 'resume',
    to: Status.WaitingForResources,
    set: { watchAt: watchAtOf({ dependencyToken: job.dependencyToken }, Date.parse(wish.now)) },
    remove: ['postponeUntil', 'isRetrying', 'isWaitingForEvent'],
    tells: true,
  });
}

const OVER: readonly RemovableColumn[] = [
  'leaseEndsAt',
  'hostId',
  'watchAt',
  'postponeUntil',
  'isRetrying',
  'isWaitingForEvent',
];

/** Over at once if it waits; a running one is asked to stop. */
export function cancel(job: Job, wish: Wish, { deleteWhenOver = false } = {}): Transition {
  const isLocked = isRunning(job) || job.statusCode === Status.Canceling;
  const verb = deleteWhenOver ? 'delete' : 'cancel';
  const set: Partial<Job> = deleteWhenOver ? { deleteWhenOver: true } : {};
  if (isLocked) return asked(job, wish, { verb, to: Status.Canceling, set });
  return asked(job, wish, {
    verb,
    to: Status.Canceled,
    set: { completedOn: wish.now },
    remove: OVER,
    tells: true,
  });
}

/** Cancels one that waits, and that a worker has had, where its operation is to be told: by a worker, which then settles. */
export const withdraw = (job: Job, wish: Wish, { deleteWhenOver = false } = {}): Transition =>
  asked(job, wish, {
    verb: deleteWhenOver ? 'delete' : 'cancel',
    made: 'withdraw',
    to: Status.Canceling,
    set: {
      watchAt: watchAtOf({ dependencyToken: job.dependencyToken }, Date.parse(wish.now)),
      ...(deleteWhenOver && { deleteWhenOver: true }),
    },
    remove: ['postponeUntil', 'isRetrying', 'isWaitingForEvent'],
    tells: true,
  });

/** For good. A job that waits is canceled in the same write. */
export function remove(job: Job, wish: Wish): Removal {
  const from: StatusCode[] = [job.statusCode];
  const line = isOpen(job) ? toldTo(job, 'gone', soon(wish.now)) : {};
  return removal({ jobId: job.jobId, sequence: job.sequence, now: wish.now, from, ...line });
}

const isOpen = ({ statusCode }: Job): boolean =>
  statusCode === Status.WaitingForResources || statusCode === Status.Waiting;

/** Nobody's wish: the date has come, and it is not the job's turn yet. */
export const wake = ({ jobId, token }: Rung, now: string): Transition =>
  transition({
    jobId,
    lineOf: { token },
    now,
    verb: 'wake',
    to: Status.WaitingForResources,
    remove: ['postponeUntil', 'isRetrying', 'isWaitingForEvent'],
  });
