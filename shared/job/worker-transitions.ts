import type { Job } from './job.ts';
import { Status } from './status.ts';
import {
  leaving,
  type RemovableColumn,
  type Removal,
  removal,
  type Transition,
  transition,
} from './transition.ts';
import { watchAtOf, watchAtOfSuspended } from './watch.ts';

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
    remove: ['postponeUntil', 'isRetrying'],
  });
  if (!shared) return step;
  // Others run beside it: one that may kill its worker is not for such a place.
  return { ...step, moves: step.moves.map((move) => ({ ...move, needs: [...move.needs, 'noCrashes'] })) };
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
type Held = Pick<Job, 'jobId' | 'claimNumber' | 'sequence' | 'dependencyToken'>;

const LEASE = ['leaseEndsAt', 'hostId'] as const;
const OVER: readonly RemovableColumn[] = [...LEASE, 'watchAt', 'postponeUntil'];

const holderOf = ({ jobId, sequence, claimNumber }: Held) => ({ jobId, sequence, ownClaim: claimNumber });

interface Reached {
  readonly done: number;
  readonly total?: number | undefined;
}

const progress = ({ done, total }: Reached) => ({
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

interface SliceFacts {
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

export const succeed = (own: Held, end: Ending & Partial<Reached> & { hasResult: boolean }): Transition =>
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
      ...end.texts,
    },
    // What an earlier try has said of its failure is not true of the end.
    remove: [...OVER, 'errorCode', ...unsaid(end)],
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
