import type { Job } from './job.ts';
import { Status } from './status.ts';
import { leaving, onlyIf, type RemovableColumn, type Transition, transition } from './transition.ts';
import { watchAtOf } from './watch.ts';

/** The steps that a worker makes. Each needs the own claim number: a worker that was replaced can't write. */

export interface ClaimTerms {
  readonly now: string;
  /** A margin after the moment at which the platform kills this invocation, so an ended lease means a dead worker. */
  readonly leaseEndsAt: string;
  /** Unique per claim. */
  readonly hostId: string;
}

const claiming = (jobId: string, { now, leaseEndsAt, hostId }: ClaimTerms) => ({
  jobId,
  to: Status.InProgress,
  now,
  raisesClaim: true,
  set: { leaseEndsAt, hostId },
});

/** What a ring knows of the job that it means. */
export interface Rung {
  readonly jobId: string;
  readonly token?: string | undefined;
  /** Of the place at the head of the line, where it has been read. */
  readonly sequence?: number | undefined;
}

/** Takes a job that waits: Ready, or Suspended until a date that has come. */
export function claim(rung: Rung, terms: ClaimTerms, { shared = false } = {}): Transition {
  const step = transition({
    ...claiming(rung.jobId, terms),
    lineOf: { token: rung.token },
    ...(rung.sequence !== undefined && { sequence: rung.sequence }),
    verb: 'claim',
    setOnce: { startedOn: terms.now },
    remove: ['postponeUntil', 'isRetrying', 'isWaitingForEvent'],
  });
  // Others run beside it: one that may kill its worker is not for such a place.
  return shared ? onlyIf(step, 'noCrashes') : step;
}

/** Begins the next slice of a job whose worker gave its lease back. */
export const proceed = (
  { jobId, sequence }: Pick<Job, 'jobId' | 'sequence'>,
  terms: ClaimTerms,
): Transition => transition({ ...claiming(jobId, terms), sequence, verb: 'proceed' });

/** Takes a job from a worker that died; counts it. */
export const recover = (
  job: Pick<Job, 'jobId' | 'sequence' | 'crashCount'>,
  terms: ClaimTerms,
): Transition => {
  const step = claiming(job.jobId, terms);
  return transition({
    ...step,
    sequence: job.sequence,
    verb: 'recover',
    set: { ...step.set, crashCount: (job.crashCount ?? 0) + 1 },
  });
};

/** A job as it was claimed. */
export type Held = Pick<Job, 'jobId' | 'claimNumber' | 'sequence' | 'dependencyToken'>;

export const LEASE = ['leaseEndsAt', 'hostId'] as const;
export const OVER: readonly RemovableColumn[] = [...LEASE, 'watchAt', 'postponeUntil'];

export const holderOf = ({ jobId, sequence, claimNumber }: Held) => ({
  jobId,
  sequence,
  ownClaim: claimNumber,
});

export interface Reached {
  readonly done: number;
  readonly total?: number | undefined;
}

export const progress = ({ done, total }: Reached) => ({
  progressDone: done,
  ...(total !== undefined && { progressTotal: total }),
});

/** A worker that gets on is no killer: what was counted against the job is forgotten. */
export const checkpoint = (own: Held, reached: Reached & { getsOn?: boolean }, now: string): Transition =>
  transition({
    ...holderOf(own),
    verb: 'checkpoint',
    to: Status.InProgress,
    now,
    set: progress(reached),
    remove: reached.getsOn ? ['crashCount'] : [],
  });

export interface SliceFacts {
  readonly now: string;
  /** Seconds over all slices. */
  readonly executionTimeSpan: number;
}

/** Gives the claim back in the middle of the work: no crash, the next slice goes on from the cursor. */
export const yieldClaim = (own: Held, { now, executionTimeSpan }: SliceFacts): Transition =>
  transition({
    ...holderOf(own),
    verb: 'yield',
    to: Status.InProgress,
    now,
    set: { executionTimeSpan },
    remove: LEASE,
  });

interface Ending extends SliceFacts {
  /** As they fit on the row; see `long-texts.ts`. */
  readonly texts?: Pick<Partial<Job>, 'message' | 'friendlyMessage' | 'longTexts'>;
}

interface Success extends Ending, Partial<Reached> {
  readonly hasResult: boolean;
  /** As it fits on the row; see `result.ts`. */
  readonly result?: string | undefined;
  /** Of a stub; see `Job`. */
  readonly expiresAt?: number | undefined;
}

export const succeed = (own: Held, end: Success): Transition =>
  transition({
    ...holderOf(own),
    ...leaving(own),
    verb: 'succeed',
    to: Status.Succeeded,
    now: end.now,
    set: {
      completedOn: end.now,
      executionTimeSpan: end.executionTimeSpan,
      ...(end.done !== undefined && progress({ done: end.done, total: end.total })),
      ...(end.hasResult && { hasResult: true }),
      ...(end.result !== undefined && { result: end.result }),
      ...(end.expiresAt !== undefined && { expiresAt: end.expiresAt }),
      ...end.texts,
    },
    // What an earlier try has said of its failure is not true of the end.
    remove: [
      ...OVER,
      'errorCode',
      ...unsaid(end),
      ...(end.expiresAt === undefined ? [] : ['input' as const]),
    ],
  });

const unsaid = ({ texts = {} }: Pick<Ending, 'texts'>): RemovableColumn[] =>
  (['message', 'friendlyMessage'] as const).filter((column) => texts[column] === undefined);

export const fail = (own: Held, end: Ending & { errorCode: number }): Transition =>
  transition({
    ...holderOf(own),
    ...leaving(own),
    verb: 'fail',
    to: Status.Failed,
    now: end.now,
    set: {
      completedOn: end.now,
      executionTimeSpan: end.executionTimeSpan,
      errorCode: end.errorCode,
      ...end.texts,
    },
    remove: OVER,
  });

/** Waits for the next try. */
export const retry = (
  own: Held & Pick<Job, 'retryCount'>,
  end: Ending & { errorCode: number; until: string },
): Transition =>
  transition({
    ...holderOf(own),
    verb: 'retry',
    to: Status.Waiting,
    now: end.now,
    set: {
      executionTimeSpan: end.executionTimeSpan,
      errorCode: end.errorCode,
      retryCount: own.retryCount + 1,
      isRetrying: true,
      postponeUntil: end.until,
      watchAt: watchAtOf({ ...own, postponeUntil: end.until }, Date.parse(end.now)),
      ...end.texts,
    },
    remove: LEASE,
  });

/** A job that goes on killing its workers ends: by anybody who finds its lease run out. */
export const giveUp = (job: Held, end: Pick<Ending, 'now' | 'texts'> & { errorCode: number }): Transition =>
  transition({
    ...leaving(job),
    jobId: job.jobId,
    sequence: job.sequence,
    verb: 'giveUp',
    to: Status.Failed,
    now: end.now,
    set: { completedOn: end.now, errorCode: end.errorCode, ...end.texts },
    remove: OVER,
  });
