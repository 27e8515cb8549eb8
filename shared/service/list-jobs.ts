import * as z from 'zod';
import { type Job, MAX_TOKEN } from '../job/job.ts';
import { sequenceAt } from '../job/sequence.ts';
import { ALL_STATES, ALL_STATUSES, stateOf } from '../job/status.ts';
import { type Page, PageQuery } from './page.ts';
import { notACursor, pageCursor, readPageCursor } from './page-cursor.ts';
import type { JobStore, TimelineEntry } from './ports.ts';
import { tokenKey } from './token-key.ts';

/** A page looks at this many rows at most, and comes back short with a cursor when they are used up. */
export const MAX_EXAMINED = 2_000;
const NEWEST: TimelineEntry = { sequence: Number.MAX_SAFE_INTEGER, jobId: '' };

const code = (codes: readonly number[]) =>
  z.coerce.number().refine((n) => codes.includes(n), { error: `Must be one of ${codes.join(', ')}.` });
const instant = z.iso.datetime({ offset: true, error: 'Must be an ISO 8601 date and time with offset.' });

/** The query of `GET /jobs`. `createdAfter` and `createdBefore` are exclusive. */
export const JobQuery = z.strictObject({
  ...PageQuery,
  state: code(ALL_STATES).optional(),
  status: code(ALL_STATUSES).optional(),
  operation: z.string().min(1).max(100).optional(),
  owner: z.string().min(1).max(128).optional(),
  dependencyToken: z.string().min(1).max(MAX_TOKEN).optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
});
export type JobQuery = z.infer<typeof JobQuery>;

/** What a list is narrowed by. */
export const JobFilter = JobQuery.omit({ limit: true, cursor: true });
export type JobFilter = z.infer<typeof JobFilter>;

/** Newest first. Walks the timeline and reads the rows by key, so that what is shown is what is true now. */
export async function listJobs(query: JobQuery, jobs: JobStore): Promise<Page<Job>> {
  const { limit, cursor, ...filter } = query;
  const notBefore = afterInstant(query.createdAfter);
  const found: Job[] = [];
  let before = cursor === undefined ? startOf(query) : resumedAt(readPageCursor(filter, cursor));
  for (let examined = 0; examined < MAX_EXAMINED; ) {
    const wanted = Math.min(isFiltered(query) ? 200 : limit + 1, MAX_EXAMINED - examined);
    const entries = await jobs.timeline({ before, notBefore, limit: wanted });
    const rows = await jobs.getAll(entries.map((entry) => entry.jobId));
    for (const job of rows.filter((row) => matches(row, query))) {
      if (found.length === limit)
        return { items: found, nextCursor: pageCursor(filter, written(found.at(-1))) };
      found.push(job);
    }
    if (entries.length < wanted) return { items: found };
    examined += entries.length;
    before = entries.at(-1) ?? before;
  }
  return { items: found, nextCursor: pageCursor(filter, written(before)) };
}

/** Jobs that a walk reads at once. */
const PIECE = 100;

/** All jobs that match, newest first, piece by piece, each with the place after it: a walk can go on from there. */
export async function* walkJobs(
  filter: JobFilter,
  from: TimelineEntry,
  jobs: JobStore,
): AsyncGenerator<{ found: Job[]; next: TimelineEntry }, void, void> {
  const notBefore = afterInstant(filter.createdAfter);
  for (let before = from; ; ) {
    const entries = await jobs.timeline({ before, notBefore, limit: PIECE });
    const rows = await jobs.getAll(entries.map((entry) => entry.jobId));
    before = entries.at(-1) ?? before;
    yield { found: rows.filter((row) => matches(row, filter)), next: before };
    if (entries.length < PIECE) return;
  }
}

/** Where a walk begins. */
export const startOf = ({ createdBefore }: JobFilter): TimelineEntry =>
  createdBefore === undefined ? NEWEST : { sequence: sequenceAt(Date.parse(createdBefore)), jobId: '' };

const afterInstant = (createdAfter: string | undefined): number | undefined =>
  createdAfter === undefined ? undefined : sequenceAt(Date.parse(createdAfter) + 1);

const written = (at: TimelineEntry = NEWEST): string => `${at.sequence}/${at.jobId}`;

function resumedAt(text: string): TimelineEntry {
  const [sequence, jobId = ''] = text.split('/');
  const at = { sequence: Number(sequence), jobId };
  if (!Number.isSafeInteger(at.sequence)) throw notACursor();
  return at;
}

const isFiltered = ({ state, status, operation, owner, dependencyToken }: JobFilter): boolean =>
  [state, status, operation, owner, dependencyToken].some((value) => value !== undefined);

const matches = (job: Job, { state, status, operation, owner, dependencyToken }: JobFilter): boolean =>
  (state === undefined || stateOf(job.statusCode) === state) &&
  (status === undefined || job.statusCode === status) &&
  (operation === undefined || job.operation === operation) &&
  (owner === undefined || job.ownerId === owner) &&
  // Rows carry the key of a long token.
  (dependencyToken === undefined || job.dependencyToken === tokenKey(dependencyToken));
