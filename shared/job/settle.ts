import type { Job } from './job.ts';
import { Status } from './status.ts';
import { leaving, type Removal, removal, type Transition, transition } from './transition.ts';
import { watchAtOfSuspended } from './watch.ts';
import { type Held, LEASE, OVER, progress, type Reached } from './worker-transitions.ts';

type Asked = Held &
  Pick<Job, 'statusCode' | 'postponeUntil' | 'deleteWhenOver' | 'leaseEndsAt' | 'crashCount'>;

interface Settling {
  readonly now: string;
  /** Of the worker that has stopped; nobody's if its lease is over. */
  readonly ownClaim?: number;
  readonly executionTimeSpan?: number;
  /** How far the work has come, where that is known. */
  readonly reached?: Reached | undefined;
}

/**
 * Carries out what a person has asked a running job to do: by the worker that has stopped (`ownClaim`), or by
 * anybody once its lease is over.
 */
export function settle(
  job: Asked,
  { now, ownClaim, executionTimeSpan, reached }: Settling,
): Transition | Removal {
  const by = {
    jobId: job.jobId,
    sequence: job.sequence,
    now,
    ...(ownClaim !== undefined && { ownClaim }),
  };
  if (job.deleteWhenOver) return removal({ ...by, ...leaving(job), from: [Status.Canceling] });
  const spent = {
    ...(executionTimeSpan !== undefined && { executionTimeSpan }),
    ...(reached !== undefined && progress(reached)),
  };
  // Nobody gave the lease back: its worker is dead.
  const isCrash = ownClaim === undefined && job.leaseEndsAt !== undefined;
  const crashed = isCrash && { crashCount: (job.crashCount ?? 0) + 1 };
  if (job.statusCode === Status.Canceling) {
    return transition({
      ...by,
      ...leaving(job),
      verb: 'settle',
      to: Status.Canceled,
      set: { completedOn: now, ...spent },
      remove: OVER,
    });
  }
  return transition({
    ...by,
    verb: 'settle',
    to: Status.Waiting,
    dateRead: job.postponeUntil,
    set: { watchAt: watchAtOfSuspended(job, Date.parse(now)), ...spent, ...crashed },
    remove: LEASE,
  });
}
