import type { Context, SQSRecord } from 'aws-lambda';
import { runJob, type Worker } from '../service/run-job.ts';
import { fifoHandler } from './fifo.ts';
import { readRing } from './messages.ts';

/**
 * A slice ends this share of the invocation's time before Lambda would kill it: room for the step under way
 * and for the writes of the end.
 */
const SHARE_FOR_THE_END = 0.2;
const LONGEST_END_MS = 60_000;
/** In the lane `standard` jobs share an invocation, and those that share one must be quick. */
const LONGEST_STANDARD_SLICE_MS = 5_000;
/** The lease outlives the invocation by this much, so that an ended lease means a dead worker. */
export const LEASE_MARGIN_MS = 2_000;

/** The Lambda handler of a lane: each message is a ring for one job, each run a slice of it. */
export const laneHandler = <R>(worker: Worker<R>) =>
  fifoHandler(async (record, context) => {
    await hear(record, context, worker);
    return 'done';
  });

async function hear<R>(record: SQSRecord, context: Context, worker: Worker<R>): Promise<void> {
  const ring = readRing(record);
  const now = worker.clock();
  const left = context.getRemainingTimeInMillis();
  const slice = left - Math.min(LONGEST_END_MS, left * SHARE_FOR_THE_END);
  await runJob(ring.jobId, worker, {
    hostId: worker.newId(),
    sliceEndsAt: now + (ring.lane === 'standard' ? Math.min(slice, LONGEST_STANDARD_SLICE_MS) : slice),
    leaseEndsAt: now + left + LEASE_MARGIN_MS,
  });
}
