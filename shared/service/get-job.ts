import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import { type Caller, maySeePayload } from './caller.ts';
import { InvalidInput, NotFound } from './errors.ts';
import { wholeTexts } from './long-texts.ts';
import type { JobDetails, JobStore } from './ports.ts';
import { resultOf } from './result.ts';
import { type Series, type SeriesStore, seriesIdOf } from './series/series.ts';

export interface WholeJob {
  readonly job: Job;
  /** Absent where the caller may not see it. */
  readonly input?: Json;
  readonly result?: Json;
  /** Whose occurrence it is, if that series is still there. */
  readonly series?: Series | undefined;
}

/** One job with its payloads and whole texts, strongly consistent. */
export async function getJob(
  jobId: string,
  caller: Caller,
  { jobs, details, series: store }: { jobs: JobStore; details: JobDetails; series: SeriesStore },
): Promise<WholeJob> {
  if (!z.guid().safeParse(jobId).success) {
    throw new InvalidInput([{ in: 'path', pointer: '/jobId', detail: 'A job id is a UUID.' }]);
  }
  const row = await jobs.get(jobId.toLowerCase());
  if (row === undefined) throw new NotFound('job', jobId);
  const job = { ...row, ...(await wholeTexts(row, details)) };
  const seriesId = seriesIdOf(job);
  const series = seriesId === undefined ? undefined : await store.get(seriesId);
  if (!maySeePayload(caller, job)) return { job, series };
  const [input, result] = await Promise.all([inputOf(job, details), resultOf(job, details)]);
  return { job, series, ...(input !== undefined && { input }), ...(result !== undefined && { result }) };
}

/** An uploaded one may be far larger than an answer: its id is shown. */
async function inputOf(job: Job, details: JobDetails): Promise<Json | undefined> {
  if (job.inputBlobId !== undefined) return undefined;
  return job.input === undefined ? details.getInput(job) : parseJson(job.input);
}
