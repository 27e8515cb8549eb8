import type { Context, SQSRecord } from 'aws-lambda';
import type { Lane } from '../job/lane.ts';
import { answerRing, type Invocation, type Worker } from '../service/answer-ring.ts';
import { fifoHandler } from './fifo.ts';
import { readRing } from './messages.ts';

/**
 * Slices end this share of the invocation's time before Lambda would kill it: room for the step under way and for
 * the writes of the end.
 */
const SHARE_FOR_THE_END = 0.2;
const LONGEST_END_MS = 60_000;
/** The lease outlives the invocation by this much, so that an ended lease means a dead worker: clocks differ. */
export const LEASE_MARGIN_MS = 2_000;

/**
 * The time rules of a lane. In `standard` jobs share an invocation, whose groups stay locked until it returns: those
 * that share one must be quick. In `bulk` a job has an invocation to itself.
 */
const RULES: Readonly<Record<Lane, { readonly sliceMs: number; readonly drainMs: number }>> = {
  standard: { sliceMs: 5_000, drainMs: 5_000 },
  bulk: { sliceMs: Number.POSITIVE_INFINITY, drainMs: 60_000 },
};

/** The Lambda handler of a lane: each message is a ring for one job, or for the head of a token. */
export const laneHandler = <R>(worker: Worker<R>) =>
  fifoHandler(async (record, context) => {
    await hear(record, context, worker);
    return 'done';
  });

async function hear<R>(record: SQSRecord, context: Context, worker: Worker<R>): Promise<void> {
  const ring = readRing(record);
  const left = context.getRemainingTimeInMillis();
  await answerRing(ring, worker, invocationOf(ring.lane, { now: worker.clock(), left }));
}

/** `left`: milliseconds until Lambda kills the invocation. */
export function invocationOf(lane: Lane, { now, left }: { now: number; left: number }): Invocation {
  const { sliceMs, drainMs } = RULES[lane];
  const slicesEndAt = now + left - Math.min(LONGEST_END_MS, left * SHARE_FOR_THE_END);
  return {
    lane,
    sliceMs,
    slicesEndAt,
    drainUntil: Math.min(now + drainMs, slicesEndAt),
    leaseEndsAt: now + left + LEASE_MARGIN_MS,
  };
}
