import type { Incarnation } from '../job/details-key.ts';
import type { Removal } from '../job/transition.ts';
import type { JobDetails, JobStore } from './ports.ts';

/** Takes a job away with all that belongs to it. The row goes first: whatever a crash leaves then, the purge finds. */
export async function removeJob(
  step: Removal,
  job: Incarnation,
  { jobs, details }: { jobs: JobStore; details: JobDetails },
): Promise<void> {
  await jobs.remove(step);
  await details.removeAll(job);
}
