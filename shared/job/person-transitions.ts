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
}

const asked = ({ jobId, sequence }: Job, { now, by }: Wish, set: Partial<Job> = {}) => ({
  jobId,
  sequence,
  now,
  set: { modifiedBy: by, ...set },
});

const soon = (now: string): string => new Date(Date.parse(now) + RING_MS).toISOString();

const isRunning = ({ statusCode }: Job): boolean =>
  statusCode === Status.InProgress || statusCode === Status.Pausing;

/** Waits until a date: at once, or when its worker has reached its next checkpoint. */
export function postpone(job: Job, until: string, wish: Wish): Transition {
  if (isRunning(job)) {
    return transition({
      ...asked(job, wish, { postponeUntil: until }),
      verb: 'postpone',
      to: Status.Pausing,
    });
  }
  const watchAt = watchAtOf({ ...job, postponeUntil: until }, Date.parse(wish.now));
  return transition({
    ...asked(job, wish, { postponeUntil: until, watchAt }),
    verb: 'postpone',
    to: Status.Waiting,
  });
}

export function reschedule(job: Job, until: string, wish: Wish): Transition {
  const watchAt = watchAtOf({ ...job, postponeUntil: until }, Date.parse(wish.now));
  return transition({
    ...asked(job, wish, { postponeUntil: until, watchAt }),
    ...toldTo(job, Status.Waiting, soon(wish.now)),
    verb: 'reschedule',
    to: Status.Waiting,
    remove: ['isRetrying'],
  });
}

/** Until somebody resumes it: a date that was asked for before does not count any more. */
export const pause = (job: Job, wish: Wish): Transition =>
  transition({ ...asked(job, wish), verb: 'pause', to: Status.Pausing, remove: ['postponeUntil'] });

export const resume = (job: Job, wish: Wish): Transition =>
  transition({
    ...asked(job, wish, {
      watchAt: watchAtOf({ dependencyToken: job.dependencyToken }, Date.parse(wish.now)),
    }),
    ...toldTo(job, Status.WaitingForResources, soon(wish.now)),
    verb: 'resume',
    to: Status.WaitingForResources,
    remove: ['postponeUntil', 'isRetrying'],
  });

const OVER: readonly RemovableColumn[] = ['leaseEndsAt', 'hostId', 'watchAt', 'postponeUntil', 'isRetrying'];

/** Over at once if it waits; a running one is asked to stop. */
export function cancel(job: Job, wish: Wish, { deleteWhenOver = false } = {}): Transition {
  const isLocked = isRunning(job) || job.statusCode === Status.Canceling;
  const set: Partial<Job> = deleteWhenOver ? { deleteWhenOver: true } : {};
  if (isLocked) return transition({ ...asked(job, wish, set), verb: 'cancel', to: Status.Canceling });
  return transition({
    ...asked(job, wish, { completedOn: wish.now }),
    ...toldTo(job, Status.Canceled, soon(wish.now)),
    verb: 'cancel',
    to: Status.Canceled,
    remove: OVER,
  });
}

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
    remove: ['postponeUntil', 'isRetrying'],
  });
