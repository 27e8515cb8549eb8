import type { Job } from '../../job/job.ts';
import { type Caller, maySeePayload } from '../caller.ts';
import type { Creator } from '../create-job.ts';
import { csvOf } from '../csv.ts';
import { eachOf } from '../each-of.ts';
import { wholeTexts } from '../long-texts.ts';
import { presentJob } from '../present-job.ts';
import { seriesOfJobs } from '../series/list-series.ts';
import { type SeriesStore, seriesIdOf } from '../series/series.ts';
import { type CsvJob, JOB_COLUMNS, jobCells } from './columns.ts';

export interface RowReader extends Pick<Creator, 'details' | 'operations' | 'clock'> {
  readonly series: Pick<SeriesStore, 'getAll'>;
}

/** So many characters fit into a cell of the usual spreadsheets. */
export const MAX_CELL = 32_767;
const AT_ONCE = 16;

/** The line that a file begins with. */
export const CSV_HEAD = csvOf([JOB_COLUMNS], { bom: true });

/** A line for each job, with its whole texts; payloads only where the caller may see them. */
export async function csvRows(jobs: readonly Job[], caller: Caller, reader: RowReader): Promise<string> {
  const series = await seriesOfJobs(jobs, reader);
  const context = { operations: reader.operations, now: reader.clock() };
  const rows = await eachOf(jobs, AT_ONCE, async (row) => {
    const [texts, data] = await Promise.all([wholeTexts(row, reader.details), dataOf(row, caller, reader)]);
    const whole = { job: { ...row, ...texts }, series: series.get(seriesIdOf(row) ?? '') };
    return jobCells({ shown: presentJob(whole, context), ...data });
  });
  return csvOf(rows);
}

/** A text that would not fit is left out whole: half a JSON text is none. */
async function dataOf(
  job: Job,
  caller: Caller,
  { details }: RowReader,
): Promise<Pick<CsvJob, 'data' | 'dataNotShown'>> {
  if (!maySeePayload(caller, job)) return { dataNotShown: 'not allowed' };
  if (job.inputBlobId !== undefined) return { dataNotShown: 'uploaded' };
  const data = job.input ?? JSON.stringify(await details.getInput(job));
  if (data === undefined) return {};
  return data.length > MAX_CELL ? { dataNotShown: 'too long' } : { data };
}
