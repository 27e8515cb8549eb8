import type { Job } from '../shared/job/job.ts';
import { sequenceAt } from '../shared/job/sequence.ts';
import { Status } from '../shared/job/status.ts';
import { aJob } from '../test/support/a-job.ts';
import type { CountedStores } from './stores.ts';

/** Jobs that wait for the scan, and jobs that are past their retention: the same numbers, whatever else there is. */
export const OPEN = 100;
export const PAST_RETENTION = 200;

const HOUR_MS = 3_600_000;
/** All others are younger than a day, so that the purge keeps them. */
const HOURS = 20;
const DAY_MS = 24 * HOUR_MS;
const DAYS_BACK = 3;
const ROWS_PER_INSERT = 1_000;

/** Writes rows as they lie there after a day of work, straight into the tables. */
export async function fill(rows: number, { jobs }: CountedStores): Promise<void> {
  const now = Date.now();
  const kept = Array.from({ length: rows }, (_, place) => overAt(now - (place / rows) * HOURS * HOUR_MS));
  const open = Array.from({ length: OPEN }, (_, place) => openAt(now - place * 1_000 - HOUR_MS));
  const old = Array.from({ length: PAST_RETENTION }, (_, place) => overAt(now - DAYS_BACK * DAY_MS - place));
  const all = [...kept, ...open, ...old];
  for (let from = 0; from < all.length; from += ROWS_PER_INSERT) {
    await jobs.insertAll(all.slice(from, from + ROWS_PER_INSERT));
  }
}

function createdAt(instant: number): Partial<Job> & { createdOn: string } {
  const at = Math.floor(instant);
  const createdOn = new Date(at).toISOString();
  return { jobId: crypto.randomUUID(), sequence: sequenceAt(at), operation: 'diagnose', createdOn };
}

function openAt(instant: number): Job {
  const facts = createdAt(instant);
  return aJob({ ...facts, watchAt: facts.createdOn });
}

function overAt(instant: number): Job {
  const facts = createdAt(instant);
  const { createdOn: startedOn, createdOn: completedOn } = facts;
  const over = {
    statusCode: Status.Succeeded,
    startedOn,
    completedOn,
    claimNumber: 1,
    result: '{"steps":1}',
  };
  const { watchAt: _notAnyMore, ...job } = aJob({ ...facts, ...over });
  return job;
}
