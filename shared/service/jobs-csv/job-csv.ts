import * as z from 'zod';
import type { Caller } from '../caller.ts';
import type { Creator } from '../create-job.ts';
import { NotFound } from '../errors.ts';
import { JobId } from '../new-job.ts';
import { parse } from '../parse.ts';
import { CSV_HEAD, csvRows, type RowReader } from './rows.ts';

const Path = z.object({ jobId: JobId });

/** One job, strongly consistent: the first line and one more. Throws `InvalidInput`, `NotFound`. */
export async function jobCsv(
  params: unknown,
  caller: Caller,
  reader: RowReader & Pick<Creator, 'jobs'>,
): Promise<{ text: string; fileName: string }> {
  const { jobId } = parse(Path, params, { in: 'path' });
  const job = await reader.jobs.get(jobId);
  if (job === undefined) throw new NotFound('job', jobId);
  return { text: CSV_HEAD + (await csvRows([job], caller, reader)), fileName: `job-${jobId}.csv` };
}
