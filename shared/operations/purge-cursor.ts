import * as z from 'zod';
import type { Json } from '../job/json.ts';
import { type History, OLDEST } from '../service/history.ts';
import type { Checkpoint, Outcome } from '../service/operation.ts';
import { cutoffOf, type Retention, sequenceBefore } from '../service/retention.ts';

const Entry = z.object({ sequence: z.number(), jobId: z.string() });

/** How far a purge has come. What is counted of jobs that went is a little low after a crash; nothing else is. */
export const PurgeCursor = z.object({
  /** It takes what is past its retention, measures how much too much there is, and takes that. */
  phase: z.enum(['aged', 'measuring', 'surplus']),
  after: Entry,
  /** Where the walk ends: a sequence for what is too old, the place of a job for what is too much. */
  end: Entry,
  /** Jobs that the measuring has not yet come past. */
  toMeasure: z.number(),
  cutoff: z.string(),
  retentionDays: z.number(),
  maxCompletedJobs: z.number().nullable(),
  /** Jobs to be looked at, and looked at. */
  total: z.number(),
  done: z.number(),
  /** What the walk over the aged has left where it was. */
  keptOpen: z.number(),
  keptCompleted: z.number(),
  /** Completed jobs when all were counted. */
  completed: z.number(),
  aged: z.number(),
  surplus: z.number(),
  tokens: z.number(),
  oldestRemoved: z.string().nullable(),
});
export type PurgeCursor = z.infer<typeof PurgeCursor>;

export type PurgeStep = Checkpoint & { cursor: PurgeCursor };

export async function beginPurge(
  { retentionDays, maxCompletedJobs }: Retention,
  history: History,
  now: number,
): Promise<PurgeCursor> {
  const cutoff = cutoffOf({ retentionDays }, now);
  const end = { sequence: sequenceBefore(cutoff), jobId: '' };
  return {
    phase: 'aged',
    after: OLDEST,
    end,
    toMeasure: 0,
    cutoff,
    retentionDays,
    maxCompletedJobs: maxCompletedJobs ?? null,
    total: await history.count({ from: 0, to: end.sequence }),
    done: 0,
    keptOpen: 0,
    keptCompleted: 0,
    completed: 0,
    aged: 0,
    surplus: 0,
    tokens: 0,
    oldestRemoved: null,
  };
}

/** Jobs may have come since they were counted. */
export const purgeStep = (cursor: PurgeCursor): PurgeStep => ({
  done: cursor.done,
  total: Math.max(cursor.total, cursor.done),
  cursor,
});

export function purgeReport(at: PurgeCursor, emptyDays: number): Outcome {
  const { aged, surplus, cutoff, retentionDays, maxCompletedJobs, tokens } = at;
  const removed = aged + surplus;
  const completedLeft = Math.max(0, at.completed - surplus);
  const result: Json = {
    removed,
    pastRetention: aged,
    aboveMaximum: surplus,
    completedLeft,
    openPastRetention: at.keptOpen,
    ...(at.oldestRemoved !== null && { oldestRemoved: at.oldestRemoved }),
    cutoff,
    retentionDays,
    maxCompletedJobs,
    emptyDays,
    idleTokens: tokens,
  };
  const left = `${completedLeft} completed jobs are kept`;
  const parts = `${aged} past their retention, ${surplus} above the maximum`;
  const friendlyMessage =
    removed === 0 ? `Nothing was due: ${left}.` : `Deleted ${removed} completed jobs (${parts}); ${left}.`;
  return { result, friendlyMessage };
}
