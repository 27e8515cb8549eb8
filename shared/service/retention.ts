import type { Job } from '../job/job.ts';
import { sequenceAt } from '../job/sequence.ts';
import { isCompleted } from '../job/status.ts';

const DAY_MS = 24 * 60 * 60_000;

/** How long completed jobs are kept, and how many of them. Open jobs always are. */
export interface Retention {
  readonly retentionDays: number;
  /** Without one there is no limit. */
  readonly maxCompletedJobs?: number | undefined;
}

/** AEM's: completed jobs more than a day old go. */
export const DEFAULT_RETENTION: Retention = { retentionDays: 1 };

/** Jobs that were completed before this instant are past their retention. */
export const cutoffOf = ({ retentionDays }: Retention, now: number): string =>
  new Date(now - retentionDays * DAY_MS).toISOString();

/** By when it was completed: a job may have been postponed for longer than it is kept. */
export const isPastRetention = (job: Job, cutoff: string): boolean =>
  isOver(job) && (job.completedOn ?? job.modifiedOn) < cutoff;

export const isOver = ({ statusCode }: Job): boolean => isCompleted(statusCode);

/** A job that was completed before the cutoff was created before it: the highest sequence of interest. */
export const sequenceBefore = (cutoff: string): number => sequenceAt(Date.parse(cutoff)) - 1;
