import type { AuditEntry } from './audit-entry.ts';
import type { Incarnation } from './details-key.ts';
import type { Job } from './job.ts';
import { type Move, movesOf, type Need, REMOVABLE, type Verb } from './lifecycle.ts';
import { isCompleted, type StatusCode } from './status.ts';

/** The right to work on a job, good for writes until somebody claims the job anew. */
export interface Claim {
  readonly jobId: string;
  readonly claimNumber: number;
}

/** A job's place in the line of its token. */
export interface Place {
  readonly token: string;
  readonly sequence: number;
}

/** What a step does to the line of a job with a token, in the same transaction. */
export interface LineChange extends Place {
  /** The job leaves the line. */
  readonly leaves: boolean;
  /** The token is to be looked at by then: a person has changed what its head needs. */
  readonly watchAt?: string;
}

/** A step that is written down with the job that it is made on, in the same transaction. */
export interface Note {
  readonly of: Incarnation;
  readonly entry: AuditEntry;
}

type Changeable = Omit<Job, 'jobId' | 'sequence' | 'statusCode' | 'claimNumber'>;

/** What the condition of a write is made of. */
export interface Guard {
  readonly verb: Verb | 'delete';
  readonly jobId: string;
  /** Of the row that the writer has read: ids of clients may be used again, sequences never are. */
  readonly sequence?: number;
  /** The line in which the job must stand, where the writer knows only that: a ring. */
  readonly lineOf?: { readonly token: string | undefined };
  readonly now: string;
  readonly ownClaim?: number;
  /** The date that the writer has read; only for moves that need it. */
  readonly dateRead?: string | undefined;
}

/** One legal step of a job, told so that any store can make it in a single conditional write. */
export interface Transition extends Guard {
  readonly verb: Verb;
  readonly to: StatusCode;
  /** Every way to make this step; the write holds if one of them fits the row. */
  readonly moves: readonly Move[];
  /** Only claims raise the claim number. */
  readonly raisesClaim: boolean;
  readonly set: Partial<Changeable>;
  /** Set where the row does not have it yet. */
  readonly setOnce: Partial<Changeable>;
  readonly remove: readonly RemovableColumn[];
  readonly line?: LineChange;
  readonly note?: Note;
}

export type RemovableColumn =
  | 'leaseEndsAt'
  | 'hostId'
  | 'watchAt'
  | 'postponeUntil'
  | 'isRetrying'
  | 'isWaitingForEvent'
  | 'crashCount'
  | 'message'
  | 'friendlyMessage'
  | 'errorCode'
  | 'input';

type Step = Pick<Transition, 'verb' | 'jobId' | 'to' | 'now'> & Partial<Transition>;

/** Takes the moves to `to` from the lifecycle table: no transition can be legal that the table does not have. */
export function transition(step: Step): Transition {
  const moves = movesOf(step.verb).filter((move) => move.to === step.to);
  if (moves.length === 0) throw new Error(`No move of "${step.verb}" leads to status ${step.to}.`);
  return {
    raisesClaim: false,
    setOnce: {},
    remove: [],
    ...step,
    moves: step.ownClaim === undefined ? moves.filter(isOpenToAnybody) : moves.filter(isForTheHolder),
    set: { modifiedOn: step.now, ...step.set },
  };
}

const isForTheHolder = ({ needs }: Move): boolean => needs.includes('ownClaim');
const isOpenToAnybody = (move: Move): boolean => !isForTheHolder(move);

/** The step with which a job goes for good: row, place in the line, everything. */
export interface Removal extends Guard {
  readonly verb: 'delete';
  /** From where; a subset of `REMOVABLE`. */
  readonly moves: readonly Pick<Move, 'from' | 'needs'>[];
  readonly line?: LineChange;
}

export const removal = (step: Omit<Removal, 'verb' | 'moves'> & { from: readonly StatusCode[] }): Removal => {
  const { from, ...guard } = step;
  const moves = REMOVABLE.filter((each) => from.includes(each.from)).filter(
    ({ needs }) => !needs.includes('ownClaim') || step.ownClaim !== undefined,
  );
  return { verb: 'delete', moves, ...guard };
};

type Guarded = Guard & { readonly moves: readonly Pick<Move, 'from' | 'needs'>[] };

/** What a store's condition decides, in plain code: used by the in-memory store and by explanations. */
export const isLegal = (job: Job, step: Guarded): boolean =>
  isMeant(job, step) &&
  step.moves.some(
    (move) => move.from === job.statusCode && move.needs.every((need) => holds(need, job, step)),
  );

/** Ids of clients may be used again: the row must be the one that the writer, or the ring, means. */
const isMeant = (job: Job, { sequence, lineOf }: Guard): boolean =>
  (sequence === undefined || job.sequence === sequence) &&
  (lineOf === undefined || job.dependencyToken === lineOf.token);

function holds(need: Need, job: Job, step: Guard): boolean {
  const { leaseEndsAt, postponeUntil } = job;
  switch (need) {
    case 'ownClaim':
      return job.claimNumber === step.ownClaim;
    case 'leaseOver':
      return leaseEndsAt === undefined || leaseEndsAt <= step.now;
    case 'leaseGivenBack':
      return leaseEndsAt === undefined;
    case 'leaseRunOut':
      return leaseEndsAt !== undefined && leaseEndsAt <= step.now;
    case 'dateDue':
      return postponeUntil !== undefined && postponeUntil <= step.now;
    case 'hasDate':
      return postponeUntil !== undefined;
    case 'dateAsRead':
      return postponeUntil === step.dateRead;
    case 'staysWhenOver':
      return job.deleteWhenOver === undefined;
    case 'noCrashes':
      return job.crashCount === undefined;
    case 'waitsForEvent':
      return job.isWaitingForEvent === true;
    case 'neverClaimed':
      return job.claimNumber === 0;
    case 'hasCome':
      return job.isToCome === undefined;
    default:
      return need satisfies never;
  }
}

/**
 * Whether a refused step had been made already: its write had succeeded and only the answer was lost. A claim is
 * recognised by its host, another step of a worker by its claim number and status. A person's step is a transaction,
 * which the database itself recognises by its token: nothing on the row tells it from another one of the same moment.
 */
export function wasAlreadyMade(job: Job, step: Transition): boolean {
  if (job.statusCode !== step.to || !isMeant(job, step)) return false;
  if (step.raisesClaim) return job.hostId !== undefined && job.hostId === step.set.hostId;
  return step.ownClaim !== undefined && job.claimNumber === step.ownClaim;
}

/** The step with one more condition. */
export const onlyIf = <S extends Guarded>(step: S, need: Need): S => ({
  ...step,
  moves: step.moves.map((move) => ({ ...move, needs: [...move.needs, need] })),
});

/** The row after the step. */
export function applied(job: Job, step: Transition): Job {
  const next: { -readonly [column in keyof Job]: Job[column] } = {
    ...step.setOnce,
    ...job,
    ...step.set,
    statusCode: step.to,
    claimNumber: job.claimNumber + (step.raisesClaim ? 1 : 0),
  };
  for (const column of step.remove) delete next[column];
  return next;
}

/** What becomes of the line: whoever is over leaves it. */
export const leaving = (job: Pick<Job, 'dependencyToken' | 'sequence'>): { line?: LineChange } =>
  job.dependencyToken === undefined
    ? {}
    : { line: { token: job.dependencyToken, sequence: job.sequence, leaves: true } };

/** A person's step tells the scan to look at the token: what was known of its head may not hold any more. */
export const toldTo = (
  job: Pick<Job, 'dependencyToken' | 'sequence'>,
  to: StatusCode | 'gone',
  watchAt: string,
): { line?: LineChange } => {
  const { dependencyToken: token, sequence } = job;
  if (token === undefined) return {};
  return { line: { token, sequence, watchAt, leaves: to === 'gone' || isCompleted(to) } };
};
