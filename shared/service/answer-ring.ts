import type { Json } from '../job/json.ts';
import type { Lane } from '../job/lane.ts';
import type { LogLevel } from '../job/log-entry.ts';
import { wake } from '../job/person-transitions.ts';
import { msOfSequence, type NextSequence } from '../job/sequence.ts';
import { Status } from '../job/status.ts';
import { type Audit, noteByService } from './audit.ts';
import { LineAhead } from './line-ahead.ts';
import type { LogStore } from './log-store.ts';
import type { Operations } from './operation.ts';
import {
  type Alarm,
  type Chains,
  type Clock,
  type Doorbell,
  type InputBlobs,
  type JobDetails,
  type JobStore,
  type Link,
  type Ring,
  type Timers,
  TransitionRefused,
} from './ports.ts';
import { ringFor } from './ring-of.ts';
import type { SeriesStore } from './series/series.ts';
import { lookLater, take } from './take.ts';
import { workOn } from './work-on.ts';

export interface Worker<Repositories> {
  readonly clock: Clock;
  readonly alarm: Alarm;
  /** From 0 to 1, for back-off. */
  readonly random: () => number;
  /** Unique ids for claims. */
  readonly newId: () => string;
  /** 256 bits at random, base64url. */
  readonly newSecret: () => string;
  readonly jobs: JobStore;
  readonly chains: Chains;
  readonly details: JobDetails;
  readonly audit: Audit;
  readonly logs: LogStore;
  /** How many lines a log keeps; see `settings.ts`. */
  readonly maxLogLines: () => Promise<number>;
  readonly inputs: Pick<InputBlobs, 'get'>;
  readonly series: SeriesStore;
  readonly nextSequence: NextSequence;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
  readonly operations: Operations<Repositories>;
  readonly repositories: Repositories;
  readonly log: (text: string, facts: Record<string, Json>, level?: LogLevel) => void;
}

/** The invocation that lends its time, and the rules of its lane. Instants in milliseconds since 1970. */
export interface Invocation {
  readonly lane: Lane;
  /** Nothing new is begun from then on: the rest of a line is rung for. */
  readonly drainUntil: number;
  /** The longest slice, in milliseconds. */
  readonly sliceMs: number;
  /** The end of any slice: what is left then is needed to stop and to write. */
  readonly slicesEndAt: number;
  /** Later than the moment at which the platform kills the invocation: see `lane.ts`. */
  readonly leaseEndsAt: number;
}

/** What is left of an invocation must be enough for a claim to make sense. */
const SHORTEST_SLICE_MS = 200;

/**
 * The consumer of a lane has heard a ring: takes the job, or the head of the token, runs a slice of it and records
 * how that ended; a line goes on with its next head as long as there is time. Safe to call any number of times;
 * after an error the ring must come again.
 */
export async function answerRing<R>(ring: Ring, worker: Worker<R>, invocation: Invocation): Promise<void> {
  const { token } = ring;
  if (token === undefined) await attend(ring, worker, invocation);
  else await drain({ ...ring, token }, worker, invocation);
}

type TokenRing = Ring & { readonly token: string };

/** Jobs of a token, one after the other, each the head of its line by a strongly consistent read: see `line-ahead.ts`. */
async function drain<R>(ring: TokenRing, worker: Worker<R>, invocation: Invocation): Promise<void> {
  const { chains, doorbell, timers, clock } = worker;
  const line = new LineAhead(ring.token, chains);
  let head = await line.look();
  await wakeIfNotHead(ring, head, worker);
  for (let last: Link | undefined; head !== undefined; ) {
    // Reads are not isolated from transactions: a place may be seen a moment longer than its job,
    if (head.jobId === last?.jobId) return lookLater(ringFor(head), worker);
    // or before the place in front of it.
    if (isHalfSeen(head, last, clock())) return timers.set(ringFor(head), clock() + SETTLED_MS);
    const mayRun = last === undefined || (head.lane === invocation.lane && clock() < invocation.drainUntil);
    if (!mayRun) return doorbell.ring(ringFor(head));
    const taken = await attend(ringFor(head), worker, invocation, head.sequence);
    if (taken === 'left') last = head;
    // Of one that was read ahead, somebody may have deleted the job.
    head = taken === 'left' ? await line.next() : await line.insteadOf(head);
  }
}

/** All parts of a transaction can be seen this long after its sequences were given out, clocks that differ included. */
const SETTLED_MS = 2_000;

/** Whether the place before it may be there, unseen: not if we saw it go, nor after a moment. */
const isHalfSeen = ({ behind, sequence }: Link, last: Link | undefined, now: number): boolean =>
  behind !== undefined && behind !== last?.sequence && Math.abs(now - msOfSequence(sequence)) < SETTLED_MS;

/** Takes what is rung for and runs a slice of it. */
async function attend<R>(
  ring: Ring,
  worker: Worker<R>,
  invocation: Invocation,
  sequence?: number,
): Promise<'left' | 'stays'> {
  const { doorbell, clock } = worker;
  // Any job may run in `bulk`; what belongs there, for it needs time or may kill its worker, runs nowhere else.
  const isElsewhere = ring.lane === 'bulk' && invocation.lane === 'standard';
  const isTooLate = clock() + SHORTEST_SLICE_MS > invocation.slicesEndAt;
  if (isElsewhere || isTooLate) {
    await doorbell.ring(ring);
    return 'stays';
  }
  const taken = await take(ring, worker, invocation, sequence);
  return typeof taken === 'string' ? taken : workOn(taken, ring, worker, invocation);
}

const WOKEN = { verb: 'wake', from: Status.Waiting, to: Status.WaitingForResources } as const;

/** A timer rings for a job whose date has come; if it is not its turn, it is Ready from now on. */
async function wakeIfNotHead<R>(ring: Ring, head: Link | undefined, worker: Worker<R>): Promise<void> {
  if (head === undefined || head.jobId === ring.jobId) return;
  try {
    const woken = await worker.jobs.make(wake(ring, new Date(worker.clock()).toISOString()));
    if (woken !== undefined) await noteByService(woken, WOKEN, worker);
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
  }
}
