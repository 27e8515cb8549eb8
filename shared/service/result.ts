import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { JobDetails } from './ports.ts';

/**
 * A row that is over has lost its lease, its dates and its index entry: a result of so many bytes of JSON always fits in their
 * place, and saves a write at the end of most jobs and another one when they are purged.
 */
export const RESULT_ON_ROW_BYTES = 104;

/** Where the result of a job is: on its row, or, fenced, in `JobDetails`. */
export async function keepResult(
  job: Job,
  result: Json,
  details: JobDetails,
): Promise<Required<Pick<Job, 'hasResult'>> & Pick<Job, 'result'>> {
  const text = JSON.stringify(result);
  if (Buffer.byteLength(text) <= roomFor(job)) return { hasResult: false, result: text };
  await details.putResult(job, result);
  return { hasResult: true };
}

const ROW_BYTES = 1_024;
/** What a row may get after its claim: its end, its progress, its last words, who was asked, and the key of an index. */
const END_BYTES = 290;

/** Most rows are far from full: then a longer one has room. Counted too high rather than too low. */
function roomFor(job: Job): number {
  const bytes = Object.entries(job).reduce(
    (sum, [name, value]) => sum + name.length + 2 + Buffer.byteLength(String(value)),
    END_BYTES,
  );
  return Math.max(RESULT_ON_ROW_BYTES, ROW_BYTES - bytes);
}

/** Undefined where there is none. */
export async function resultOf(job: Job, details: JobDetails): Promise<Json | undefined> {
  if (job.result !== undefined) return parseJson(job.result);
  return job.hasResult ? details.getResult(job) : undefined;
}
