import type { Context, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { runJob, type Worker } from '../service/run-job.ts';
import { fifoHandler } from './fifo.ts';

const Ring = z.object({ jobId: z.guid() });

/**
 * A slice ends this share of the invocation's time before Lambda would kill it: room for the step under way
 * and for the writes of the end.
 */
const SHARE_FOR_THE_END = 0.2;
const LONGEST_END_MS = 60_000;
/** The lease outlives the invocation by this much, so that an ended lease means a dead worker. */
const LEASE_MARGIN_MS = 2_000;

/** The Lambda handler of a lane: each message is a ring for one job, each run a slice of it. */
export const laneHandler = <R>(worker: Worker<R>) =>
  fifoHandler((record, context) => hear(record, context, worker));

async function hear<R>(record: SQSRecord, context: Context, worker: Worker<R>): Promise<'done' | 'again'> {
  const { jobId } = Ring.parse(JSON.parse(record.body));
  const now = worker.clock();
  const left = context.getRemainingTimeInMillis();
  const answer = await runJob(jobId, worker, {
    hostId: worker.newId(),
    sliceEndsAt: now + left - Math.min(LONGEST_END_MS, left * SHARE_FOR_THE_END),
    leaseEndsAt: now + left + LEASE_MARGIN_MS,
  });
  return answer === 'done' ? 'done' : 'again';
}
