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
 * A job is claimed in three ways, for they are counted differently: `claim` takes one that waits, `proceed`
 * begins the next slice of one that gave its lease back, `recover` takes one from a dead worker.
 *
 * Who waits for an event is freed by its `answer`, or claimed when its deadline has come. Jobs of an operation that is to
 * be told of a cancel are withdrawn: a worker tells it, and settles.
 *
 * A verb may need more than the status; that is said by `needs` and checked in the same conditional write.
 */
export const NEEDS = [
  /** The writer's claim is the latest. */
  'ownClaim',
  /** Nobody holds the job: the lease was given back, or has run out. */
  'leaseOver',
  /** The lease was given back by a worker that had really stopped. */
  'leaseGivenBack',
  /** The lease has run out: its worker is dead. */
  'leaseRunOut',
  'dateDue',
  'hasDate',
  /** The date is the one that the writer has read. */
  'dateAsRead',
  /** Nobody has asked for the job to be deleted when it is over. */
  'staysWhenOver',
  /** No worker has died on it since it last made progress. */
  'noCrashes',
  'waitsForEvent',
  /** No worker has ever had it. */
  'neverClaimed',
  /** It is no occurrence that is still to come: its series moves that one on, and nobody else. */
  'hasCome',
] as const;
export type Need = (typeof NEEDS)[number];

export interface Move {
  readonly from: StatusCode;
  readonly to: StatusCode;
  readonly needs: readonly Need[];
}

const { WaitingForResources, Waiting, InProgress, Pausing, Canceling, Succeeded, Failed, Canceled } = Status;

const move = (from: StatusCode, to: StatusCode, ...needs: Need[]): Move => ({ from, to, needs });

export const LIFECYCLE = {
  claim: [move(WaitingForResources, InProgress), move(Waiting, InProgress, 'dateDue', 'hasCome')],
  proceed: [move(InProgress, InProgress, 'leaseGivenBack')],
  recover: [move(InProgress, InProgress, 'leaseRunOut')],
  giveUp: [move(InProgress, Failed, 'leaseRunOut')],
  wake: [move(Waiting, WaitingForResources, 'dateDue')],
  checkpoint: [move(InProgress, InProgress, 'ownClaim')],
  yield: [move(InProgress, InProgress, 'ownClaim')],
  succeed: [move(InProgress, Succeeded, 'ownClaim'), move(Pausing, Succeeded, 'ownClaim')],
  fail: [move(InProgress, Failed, 'ownClaim'), move(Pausing, Failed, 'ownClaim')],
  retry: [move(InProgress, Waiting, 'ownClaim')],
  await: [move(InProgress, Waiting, 'ownClaim')],
  answer: [move(Waiting, WaitingForResources, 'ownClaim', 'waitsForEvent')],
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
  withdraw: [move(WaitingForResources, Canceling), move(Waiting, Canceling)],
  settle: [
    move(Pausing, Waiting, 'ownClaim', 'dateAsRead'),
    move(Canceling, Canceled, 'ownClaim', 'staysWhenOver'),
    move(Pausing, Waiting, 'leaseOver', 'dateAsRead'),
    move(Canceling, Canceled, 'leaseOver', 'staysWhenOver'),
  ],
} as const satisfies Record<string, readonly Move[]>;

export type Verb = keyof typeof LIFECYCLE;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the literal names
export const VERBS = Object.keys(LIFECYCLE) as Verb[];

/** The moves that a verb can make, in the order of the table. */
export const movesOf = (verb: Verb): readonly Move[] => LIFECYCLE[verb];

/** From where a job may be removed, row and all, and what that needs. `force` adds Ready. */
export const REMOVABLE: readonly { readonly from: StatusCode; readonly needs: readonly Need[] }[] = [
  { from: Waiting, needs: [] },
  { from: WaitingForResources, needs: [] },
  { from: Canceling, needs: ['ownClaim'] },
  { from: Canceling, needs: ['leaseOver'] },
  { from: Succeeded, needs: [] },
  { from: Failed, needs: [] },
  { from: Canceled, needs: [] },
];
