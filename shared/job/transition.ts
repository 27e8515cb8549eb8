import type { Job } from './job.ts';
import { type Move, movesOf, type Need, type Verb } from './lifecycle.ts';
import type { StatusCode } from './status.ts';

/** The right to work on a job, good for writes until somebody claims the job anew. */
export interface Claim {
  readonly jobId: string;
  readonly claimNumber: number;
}

type Changeable = Omit<Job, 'jobId' | 'sequence' | 'statusCode' | 'claimNumber'>;

/** One legal step of a job, told so that any store can make it in a single conditional write. */
export interface Transition {
  readonly verb: Verb;
  readonly jobId: string;
  readonly to: StatusCode;
  /** Every way to make this step; the write holds if one of them fits the row. */
  readonly moves: readonly Move[];
  readonly now: string;
  readonly ownClaim?: number;
  /** Only a claim raises the claim number. */
  readonly raisesClaim: boolean;
  readonly set: Partial<Changeable>;
  /** Set where the row does not have it yet. */
  readonly setOnce: Partial<Changeable>;
  readonly remove: readonly ('leaseEndsAt' | 'hostId' | 'watchAt' | 'postponeUntil')[];
}

type Step = Pick<Transition, 'verb' | 'jobId' | 'to' | 'now'> & Partial<Transition>;

/** Takes the moves to `to` from the lifecycle table: no transition can be legal that the table does not have. */
export function transition(step: Step): Transition {
  const moves = movesOf(step.verb).filter((move) => move.to === step.to);
  if (moves.length === 0) throw new Error(`No move of "${step.verb}" leads to status ${step.to}.`);
  return {
    moves,
    raisesClaim: false,
    setOnce: {},
    remove: [],
    ...step,
    set: { modifiedOn: step.now, ...step.set },
  };
}

/** What a store's condition decides, in plain code: used by the in-memory store and by explanations. */
export const isLegal = (job: Job, step: Transition): boolean =>
  step.moves.some(
    (move) => move.from === job.statusCode && move.needs.every((need) => holds(need, job, step)),
  );

function holds(need: Need, job: Job, step: Transition): boolean {
  switch (need) {
    case 'ownClaim':
      return job.claimNumber === step.ownClaim;
    case 'leaseEnded':
      return job.leaseEndsAt === undefined || job.leaseEndsAt <= step.now;
    case 'dateDue':
      return job.postponeUntil !== undefined && job.postponeUntil <= step.now;
    case 'hasDate':
      return job.postponeUntil !== undefined;
    default:
      return need satisfies never;
  }
}

/**
 * Whether a refused step had been made already: its write had succeeded and only the answer was lost.
 * A claim is recognised by its host, any other step of a worker by its claim number and its status.
 */
export function wasAlreadyMade(job: Job, step: Transition): boolean {
  if (job.statusCode !== step.to) return false;
  if (step.raisesClaim) return job.hostId !== undefined && job.hostId === step.set.hostId;
  return step.ownClaim !== undefined && job.claimNumber === step.ownClaim;
}

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
