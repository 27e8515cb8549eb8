import { Status, type StatusCode } from './status.ts';

/**
 * The life of a job as a table: which verb is legal from which status, and what it leads to.
 *
 * Ready      nobody works on it; its doorbell has been rung, or it waits for its turn in its chain.
 * Suspended  waits for a date, an event or a person; whoever ends the wait rings.
 * Locked     one worker holds the claim until its lease ends; Pausing and Canceling are requests to that
 *            worker, carried out at its next write, or by anybody once the lease has ended.
 * Completed  over; never changes again.
 *
 * A verb may need more than the status: the lease to be over, the own claim number, a date that has come.
 * That is said by `needs` and checked in the same conditional write.
 */
export type Need = 'ownClaim' | 'leaseEnded' | 'dateDue' | 'hasDate';

export interface Move {
  readonly from: StatusCode;
  readonly to: StatusCode;
  readonly needs: readonly Need[];
}

const { WaitingForResources, Waiting, InProgress, Pausing, Canceling, Succeeded, Failed, Canceled } = Status;

const move = (from: StatusCode, to: StatusCode, ...needs: Need[]): Move => ({ from, to, needs });

export const LIFECYCLE = {
  claim: [
    move(WaitingForResources, InProgress),
    move(Waiting, InProgress, 'dateDue'),
    move(InProgress, InProgress, 'leaseEnded'),
  ],
  wake: [move(Waiting, WaitingForResources, 'dateDue')],
  checkpoint: [move(InProgress, InProgress, 'ownClaim')],
  yield: [move(InProgress, InProgress, 'ownClaim')],
  succeed: [move(InProgress, Succeeded, 'ownClaim'), move(Pausing, Succeeded, 'ownClaim')],
  fail: [move(InProgress, Failed, 'ownClaim'), move(Pausing, Failed, 'ownClaim')],
  retry: [move(InProgress, Waiting, 'ownClaim')],
  await: [move(InProgress, Waiting, 'ownClaim')],
  postpone: [move(WaitingForResources, Waiting), move(InProgress, Pausing), move(Pausing, Pausing)],
  reschedule: [move(Waiting, Waiting, 'hasDate')],
  pause: [move(InProgress, Pausing), move(Pausing, Pausing)],
  resume: [move(Waiting, WaitingForResources)],
  cancel: [
    move(WaitingForResources, Canceled),
    move(Waiting, Canceled),
    move(InProgress, Canceling),
    move(Pausing, Canceling),
    move(Canceling, Canceling),
  ],
  settle: [
    move(Pausing, Waiting, 'ownClaim'),
    move(Canceling, Canceled, 'ownClaim'),
    move(Pausing, Waiting, 'leaseEnded'),
    move(Canceling, Canceled, 'leaseEnded'),
  ],
} as const satisfies Record<string, readonly Move[]>;

export type Verb = keyof typeof LIFECYCLE;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the literal names
export const VERBS = Object.keys(LIFECYCLE) as Verb[];

/** The moves that a verb can make, in the order of the table. */
export const movesOf = (verb: Verb): readonly Move[] => LIFECYCLE[verb];
