import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import { removal } from '../job/transition.ts';
import type { Clock, JobDetails, JobStore } from './ports.ts';

const DAY_MS = 24 * 60 * 60_000;

interface Stores {
  readonly jobs: JobStore;
  readonly details: JobDetails;
  readonly clock: Clock;
}

/** When the row of a job that deletes itself may go, in seconds since 1970; a row without a stub goes by our own hand. */
export const stubExpiry = ({ deleteOnSuccess, requestHash }: Job, now: number): number | undefined =>
  deleteOnSuccess && requestHash !== undefined ? Math.ceil((now + DAY_MS) / 1_000) : undefined;

const wantsToGo = ({ deleteOnSuccess, statusCode }: Job): boolean =>
  deleteOnSuccess === true && statusCode === Status.Succeeded;

/**
 * Takes a job away that was to delete itself and has succeeded. It succeeds first, as any other, and then goes: whoever
 * follows the table hears of its success, and a crash in between leaves a completed job, which the next ring or the
 * purge clears away. Where the client chose the id, the bare row stays for a day (DynamoDB's TTL takes it): the
 * same order again meets it, and does not run again. May be called again.
 */
export async function leaveNoTrace(job: Job, { jobs, details, clock }: Stores): Promise<void> {
  if (!wantsToGo(job)) return;
  // The row goes last: as long as there is something to clear away, it leads there.
  await details.removeAll(job);
  if (job.requestHash !== undefined) return;
  const { jobId, sequence } = job;
  const now = new Date(clock()).toISOString();
  await jobs.remove(removal({ jobId, sequence, now, from: [Status.Succeeded] }));
}
