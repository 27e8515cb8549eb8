import type { Job } from './job.ts';
import { Status } from './status.ts';
import { type Claim, type Transition, transition } from './transition.ts';

/** The steps that a worker makes. Each needs the own claim number: a worker that was replaced can't write. */

export interface ClaimTerms {
  readonly now: string;
  /** A margin after the moment at which the platform kills this invocation, so an ended lease means a dead worker. */
  readonly leaseEndsAt: string;
  /** Unique per claim. */
  readonly hostId: string;
}

export const claim = (jobId: string, terms: ClaimTerms): Transition =>
  transition({
    verb: 'claim',
    jobId,
    to: Status.InProgress,
    now: terms.now,
    raisesClaim: true,
    set: { leaseEndsAt: terms.leaseEndsAt, hostId: terms.hostId },
    setOnce: { startedOn: terms.now },
    remove: ['postponeUntil'],
  });

interface Reached {
  readonly done: number | undefined;
  readonly total: number | undefined;
}

const progress = ({ done, total }: { done: number; total?: number | undefined }) => ({
  progressDone: done,
  ...(total !== undefined && { progressTotal: total }),
});

export const checkpoint = (
  own: Claim,
  reached: { done: number; total?: number | undefined },
  now: string,
): Transition =>
  transition({
    verb: 'checkpoint',
    jobId: own.jobId,
    to: Status.InProgress,
    now,
    ownClaim: own.claimNumber,
    set: progress(reached),
  });

/** Gives the claim back in the middle of the work: no crash, the next slice goes on from the cursor. */
export const yieldClaim = (
  own: Claim,
  slice: { now: string; executionTimeSpan: number; watchAt: string },
): Transition =>
  transition({
    verb: 'yield',
    jobId: own.jobId,
    to: Status.InProgress,
    now: slice.now,
    ownClaim: own.claimNumber,
    set: { executionTimeSpan: slice.executionTimeSpan, watchAt: slice.watchAt },
    remove: ['leaseEndsAt', 'hostId'],
  });

interface Ending {
  readonly now: string;
  readonly executionTimeSpan: number;
  /** As they fit on the row; see `long-texts.ts`. */
  readonly texts?: Pick<Partial<Job>, 'message' | 'friendlyMessage' | 'longTexts'>;
}

export const succeed = (own: Claim, end: Ending & Partial<Reached> & { hasResult: boolean }): Transition =>
  transition({
    verb: 'succeed',
    jobId: own.jobId,
    to: Status.Succeeded,
    now: end.now,
    ownClaim: own.claimNumber,
    set: {
      completedOn: end.now,
      executionTimeSpan: end.executionTimeSpan,
      ...(end.done !== undefined && progress({ done: end.done, total: end.total })),
      ...(end.hasResult && { hasResult: true }),
      ...end.texts,
    },
    remove: ['leaseEndsAt', 'hostId', 'watchAt'],
  });

export const fail = (own: Claim, end: Ending & { errorCode: number }): Transition =>
  transition({
    verb: 'fail',
    jobId: own.jobId,
    to: Status.Failed,
    now: end.now,
    ownClaim: own.claimNumber,
    set: {
      completedOn: end.now,
      executionTimeSpan: end.executionTimeSpan,
      errorCode: end.errorCode,
      ...end.texts,
    },
    remove: ['leaseEndsAt', 'hostId', 'watchAt'],
  });
