import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { type Caller, requireRole } from './caller.ts';
import { countCompleted } from './count-completed.ts';
import { OLDEST } from './history.ts';
import type { Operations } from './operation.ts';
import type { Clock } from './ports.ts';
import { presentJob } from './present-job.ts';
import { cutoffOf, isOver, isPastRetention, type Retention, sequenceBefore } from './retention.ts';
import { type HistoryReader, walkHistory } from './walk-history.ts';

/** An answer has half a minute: beyond this many rows it counts on the index, and says so. */
const MAX_EXAMINED = 5_000;
const SAMPLE = 20;

export interface Previewer extends HistoryReader {
  readonly retention: () => Promise<Retention>;
  readonly clock: Clock;
  readonly operations: Operations<never>;
}

/** What a purge would delete now: how many jobs, the oldest of them, and a sample. For admins. */
export async function previewPurge(caller: Caller, previewer: Previewer): Promise<Json> {
  requireRole(caller, 'admin');
  const { retention, clock, operations, history } = previewer;
  const { retentionDays, maxCompletedJobs = null } = await retention();
  const cutoff = cutoffOf({ retentionDays }, clock());
  const upTo = sequenceBefore(cutoff);
  const seen = await look(cutoff, previewer);
  const unseen = seen.isWhole ? 0 : Math.max(0, (await history.count({ from: 0, to: upTo })) - seen.examined);
  const kept = await countCompleted({ upTo, open: seen.open, completed: seen.completed }, history);
  const aboveMaximum = maxCompletedJobs === null ? 0 : Math.max(0, kept - maxCompletedJobs);
  const missing = Math.min(SAMPLE - seen.sample.length, aboveMaximum);
  const surplus = await oldestYoung(missing, cutoff, previewer);
  const sample = [...seen.sample, ...surplus].toSorted((a, b) => a.sequence - b.sequence);
  return {
    count: seen.aged + unseen + aboveMaximum,
    isEstimate: !seen.isWhole,
    pastRetention: seen.aged + unseen,
    aboveMaximum,
    completedLeft: kept - aboveMaximum,
    cutoff,
    retentionDays,
    maxCompletedJobs,
    ...(sample[0] !== undefined && { oldest: sample[0].createdOn }),
    sample: sample.map((job) => presentJob({ job }, { operations, now: clock() })),
  };
}

interface Looked {
  readonly aged: number;
  readonly open: number;
  readonly completed: number;
  readonly examined: number;
  readonly isWhole: boolean;
  readonly sample: readonly Job[];
}

/** The same walk as the purge's, and nothing goes. */
async function look(cutoff: string, reader: HistoryReader): Promise<Looked> {
  let looked: Looked = { aged: 0, open: 0, completed: 0, examined: 0, isWhole: true, sample: [] };
  for await (const page of walkHistory({ after: OLDEST, upTo: sequenceBefore(cutoff) }, reader)) {
    if (looked.examined >= MAX_EXAMINED) return { ...looked, isWhole: false };
    const aged = page.rows.filter((job) => isPastRetention(job, cutoff));
    const over = page.rows.filter(isOver).length;
    looked = {
      ...looked,
      aged: looked.aged + aged.length,
      open: looked.open + page.rows.length - over,
      completed: looked.completed + over - aged.length,
      examined: looked.examined + page.examined,
      sample: [...looked.sample, ...aged].slice(0, SAMPLE),
    };
  }
  return looked;
}

/** Completed jobs within their retention, the oldest first. */
async function oldestYoung(wanted: number, cutoff: string, reader: HistoryReader): Promise<Job[]> {
  const found: Job[] = [];
  let examined = 0;
  if (wanted <= 0) return found;
  for await (const page of walkHistory({ after: OLDEST, upTo: Number.MAX_SAFE_INTEGER }, reader)) {
    found.push(...page.rows.filter((job) => isOver(job) && !isPastRetention(job, cutoff)));
    examined += page.examined;
    if (found.length >= wanted || examined >= MAX_EXAMINED) break;
  }
  return found.slice(0, wanted);
}
