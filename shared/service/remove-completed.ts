import type { Job } from '../job/job.ts';
import { eachOf } from './each-of.ts';
import type { History } from './history.ts';
import type { JobDetails } from './ports.ts';

const AT_ONCE = 32;

export interface Removed {
  readonly jobs: number;
  /** Tails of tokens that nobody uses any more. */
  readonly tokens: number;
}

/**
 * Takes completed jobs away with all that belongs to them. The row goes last: whatever a crash leaves, it still leads to,
 * and the next purge finds it by the row. May be called again.
 */
export async function removeCompleted(
  jobs: readonly Job[],
  { history, details }: { history: History; details: Pick<JobDetails, 'removeAll'> },
): Promise<Removed> {
  if (jobs.length === 0) return { jobs: 0, tokens: 0 };
  await eachOf(jobs, AT_ONCE, (job) => details.removeAll(job));
  const removed = await history.removeRows(jobs);
  const tokens = jobs.flatMap(({ dependencyToken }) => dependencyToken ?? []);
  const youngest = Math.max(...jobs.map(({ sequence }) => sequence));
  return { jobs: removed, tokens: await history.forgetTokens(tokens, youngest) };
}
