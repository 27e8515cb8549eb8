import type { Job } from './job.ts';

export interface Progress {
  readonly done: number;
  /** Absent until the operation knows how much there is to do. */
  readonly total?: number;
  readonly percent?: number;
  /** Seconds until the end at the average rate since the start; only while the job runs. */
  readonly etaSeconds?: number;
}

type Progressing = Pick<Job, 'progressDone' | 'progressTotal' | 'startedOn' | 'completedOn'>;

/** What a job has done of what there is to do, or nothing if it never said. */
export function progressOf(job: Progressing, now: number): Progress | undefined {
  const { progressDone: done, progressTotal: total } = job;
  if (done === undefined) return undefined;
  if (total === undefined) return { done };
  const percent = total === 0 ? 100 : Math.floor((100 * Math.min(done, total)) / total);
  const etaSeconds = secondsLeft(job, done, total, now);
  return { done, total, percent, ...(etaSeconds !== undefined && { etaSeconds }) };
}

function secondsLeft(job: Progressing, done: number, total: number, now: number): number | undefined {
  if (job.completedOn !== undefined || job.startedOn === undefined || done === 0) return undefined;
  const elapsedMs = Math.max(0, now - Date.parse(job.startedOn));
  return Math.ceil((elapsedMs * Math.max(0, total - done)) / done / 1000);
}
