import type { Job } from './job.ts';
import { Status } from './status.ts';

/**
 * Why a job that nobody is ahead of does not run at this moment, or that it does; its row alone says it. `isNext`:
 * nothing holds it. `betweenSlices`: it has given its worker back in the middle of the work. `workerDied`: its lease
 * has run out. `pausing`, `canceling`: it has been asked to stop and has not stopped yet.
 */
export type Hold =
  | 'isNext'
  | 'postponed'
  | 'retrying'
  | 'waitsForEvent'
  | 'paused'
  | 'runs'
  | 'betweenSlices'
  | 'workerDied'
  | 'pausing'
  | 'canceling'
  | 'over';

type Held = Pick<Job, 'statusCode' | 'postponeUntil' | 'isRetrying' | 'isWaitingForEvent' | 'leaseEndsAt'>;

export function holdOf(job: Held, now: string): Hold {
  switch (job.statusCode) {
    case Status.WaitingForResources:
      return 'isNext';
    case Status.Waiting:
      return ofSuspended(job, now);
    case Status.InProgress:
      if (job.leaseEndsAt === undefined) return 'betweenSlices';
      return isHeld(job, now) ? 'runs' : 'workerDied';
    case Status.Pausing:
      return 'pausing';
    case Status.Canceling:
      return 'canceling';
    case Status.Succeeded:
    case Status.Failed:
    case Status.Canceled:
      return 'over';
    default:
      return job.statusCode satisfies never;
  }
}

/** A worker that is believed to be alive works on it. */
export const isHeld = ({ leaseEndsAt }: Pick<Job, 'leaseEndsAt'>, now: string): boolean =>
  leaseEndsAt !== undefined && leaseEndsAt > now;

function ofSuspended({ postponeUntil: date, isRetrying, isWaitingForEvent }: Held, now: string): Hold {
  // The date, or the last moment at which the event could come: whoever hears its ring claims it.
  if (date !== undefined && date <= now) return 'isNext';
  if (isWaitingForEvent) return 'waitsForEvent';
  if (date === undefined) return 'paused';
  return isRetrying ? 'retrying' : 'postponed';
}
