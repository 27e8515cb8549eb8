import type { Job, TextColumn } from '../job/job.ts';
import { eachOf } from '../service/each-of.ts';
import { wholeTexts } from '../service/long-texts.ts';
import type { JobDetails } from '../service/ports.ts';
import type { Filter } from './compile-filter.ts';
import { type Asked, matches } from './matches.ts';

const AT_ONCE = 16;

export interface Question extends Asked {
  readonly filter: Filter;
  /** Rows outside of it match nothing. */
  readonly isInScope: (job: Job) => boolean;
  readonly details: JobDetails;
}

/** Those of the rows that match, in their order. A text that is shortened on a row is read whole where all hangs on it. */
export async function matchingJobs(rows: readonly Job[], question: Question): Promise<Job[]> {
  const fits = await eachOf(rows, AT_ONCE, (job) => isMatch(job, question));
  return rows.filter((_job, place) => fits[place]);
}

export async function isMatch(job: Job, question: Question): Promise<boolean> {
  const { filter, details, isInScope } = question;
  if (!isInScope(job)) return false;
  const truth = matches(filter, job, question);
  if (truth !== undefined) return truth === true;
  return matches(filter, await withWhole(filter.texts, job, details), question) === true;
}

/** What can't be read is gone with the job: it stays short, and does not match. */
async function withWhole(texts: readonly TextColumn[], job: Job, details: JobDetails): Promise<Job> {
  const needed = (job.longTexts ?? []).filter((column) => texts.includes(column));
  const whole = await wholeTexts({ ...job, longTexts: needed }, details);
  const longTexts = (job.longTexts ?? []).filter((column) => whole[column] === undefined);
  return { ...job, ...whole, longTexts };
}
