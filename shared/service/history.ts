import type { Job } from '../job/job.ts';
import type { TimelineEntry } from './ports.ts';

/** The past of the service from its old end: how the purge walks it, and takes it away. */
export interface History {
  /** Oldest first, strictly younger than `after`. May lag by a moment. An answer shorter than `limit` is the end. */
  oldest(range: HistoryRange): Promise<TimelineEntry[]>;
  /** How many jobs were created within these sequences, both included. Counted on the index, and may lag. */
  count(range: { from: number; to: number }): Promise<number>;
  /** How many jobs are not Completed. Counted on the index, and may lag. */
  countOpen(): Promise<number>;
  /** Takes away rows that were read as Completed; never one that is open by now. How many went. */
  removeRows(jobs: readonly Job[]): Promise<number>;
  /** Takes away the tails of these tokens that have no open job and gave out no sequence above `upTo`. How many went. */
  forgetTokens(tokens: readonly string[], upTo: number): Promise<number>;
  /** Takes days without jobs out of the directory: those before this one, which must be long over. How many went. */
  forgetEmptyDays(before: string): Promise<number>;
}

export interface HistoryRange {
  readonly after: TimelineEntry;
  /** The highest sequence of interest. */
  readonly upTo: number;
  readonly limit: number;
}

/** Before all jobs. */
export const OLDEST: TimelineEntry = { sequence: 0, jobId: '' };
