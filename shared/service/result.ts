import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { JobDetails, OwnJob } from './ports.ts';

/**
 * A row that is over has lost its lease, its dates and its index entry: a result of so many bytes of JSON always fits in their
 * place, and saves a write at the end of most jobs and another one when they are purged.
 */
export const RESULT_ON_ROW_BYTES = 104;

/** Where the result of a job is: on its row, or, fenced, in `JobDetails`. */
export async function keepResult(
  job: OwnJob,
  result: Json,
  details: JobDetails,
): Promise<Required<Pick<Job, 'hasResult'>> & Pick<Job, 'result'>> {
  const text = JSON.stringify(result);
  if (Buffer.byteLength(text) <= RESULT_ON_ROW_BYTES) return { hasResult: false, result: text };
  await details.putResult(job, result);
  return { hasResult: true };
}

/** Undefined where there is none. */
export async function resultOf(job: Job, details: JobDetails): Promise<Json | undefined> {
  if (job.result !== undefined) return parseJson(job.result);
  return job.hasResult ? details.getResult(job) : undefined;
}
