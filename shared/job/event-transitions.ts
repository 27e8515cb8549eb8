import { Status } from './status.ts';
import { type Transition, toldTo, transition } from './transition.ts';
import { RING_MS, watchAtOf } from './watch.ts';
import { type Held, holderOf, LEASE, progress, type Reached, type SliceFacts } from './worker-transitions.ts';

/** The steps of a job that waits for something to happen elsewhere. */

/** Waits for the answer to its callback, until the deadline. No retry: nothing went wrong. */
export const awaitEvent = (
  own: Held,
  end: SliceFacts & { until: string; reached?: Reached | undefined },
): Transition =>
  transition({
    ...holderOf(own),
    verb: 'await',
    to: Status.Waiting,
    now: end.now,
    set: {
      executionTimeSpan: end.executionTimeSpan,
      ...(end.reached !== undefined && progress(end.reached)),
      isWaitingForEvent: true,
      postponeUntil: end.until,
      watchAt: watchAtOf({ ...own, postponeUntil: end.until }, Date.parse(end.now)),
    },
    remove: LEASE,
  });

/** The answer has come: by anybody who knows it is kept. `claimNumber` is that of the claim which waits for it. */
export const answer = (job: Held, now: string): Transition =>
  transition({
    ...holderOf(job),
    ...toldTo(job, Status.WaitingForResources, new Date(Date.parse(now) + RING_MS).toISOString()),
    verb: 'answer',
    to: Status.WaitingForResources,
    now,
    set: { watchAt: watchAtOf({ dependencyToken: job.dependencyToken }, Date.parse(now)) },
    remove: ['postponeUntil', 'isWaitingForEvent'],
  });
