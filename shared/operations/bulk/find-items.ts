import type { Job } from '../../job/job.ts';
import { accessPath } from '../../query/access-path.ts';
import { candidates } from '../../query/candidates.ts';
import { matchingJobs } from '../../query/matching-jobs.ts';
import { eachOf } from '../../service/each-of.ts';
import { PermanentError } from '../../service/operation.ts';
import { type BulkCursor, type BulkSteps, bulkStep, ITEMS_PER_PAGE, type Item } from './bulk-cursor.ts';
import type { BulkRun } from './bulk-run.ts';

/** Lists the jobs that are meant, in the order in which they are to be worked off, an empty page at the end. */
export async function* findItems(start: BulkCursor, run: BulkRun): BulkSteps {
  const path = accessPath(run.question.filter, start.now, run.upTo);
  const found = path.by === 'open' ? yield* findOpen(start, run) : yield* findOnWay(start, run, path);
  const pages = await listed(found.pending, found.pages, run);
  // What an earlier try has written beyond it does not count.
  await run.pages.put(run.own, 'items', pages, []);
  const at: BulkCursor = { ...found, phase: 'applying', pending: [], from: null, pages };
  yield { ...bulkStep(at), mustSave: true };
  return at;
}

/** Rows come once each, and the walk goes on from any of its pages. */
async function* findOnWay(start: BulkCursor, run: BulkRun, path: ReturnType<typeof accessPath>): BulkSteps {
  const { how, question, reader } = run;
  let at = start;
  const walk = { from: at.from ?? undefined, newestFirst: how.newestFirst };
  for await (const { rows, next } of candidates(path, walk, reader)) {
    const found = await matchingJobs(rows, question);
    const pending = [...at.pending, ...found.map(itemOf)];
    const full = pending.length - (pending.length % ITEMS_PER_PAGE);
    const pages = await listed(pending.slice(0, full), at.pages, run);
    at = { ...at, from: next, found: at.found + found.length, pages, pending: pending.slice(full) };
    yield bulkStep(at);
  }
  return at;
}

/** Some 200 MB of what is found. */
const MAX_OPEN = 1_000_000;
const MAX_WALKS = 5;
/** Indexes lag, and clocks differ. */
const MARGIN_MS = 5_000;
const NARROWER = 'Make the filter narrower, and order it once more.';

/**
 * Open jobs move in their index whenever somebody does something to them: one may come twice, or be passed by. So they are
 * found as a whole, each once, and those that have been changed since the beginning are looked for once more.
 */
async function* findOpen(start: BulkCursor, { how, question, reader }: BulkRun): BulkSteps {
  const at = { ...start, walks: start.walks + 1 };
  if (at.walks > MAX_WALKS)
    throw new PermanentError(`There are too many open jobs to be seen in time. ${NARROWER}`);
  const found = new Map<string, { sequence: number; item: Item }>();
  const since = new Date(start.now - MARGIN_MS).toISOString();
  for (const wasMoved of [() => true, ({ modifiedOn }: Job) => modifiedOn >= since]) {
    for await (const { rows } of candidates({ by: 'open' }, how, reader)) {
      const unseen = rows.filter((row) => !found.has(row.jobId) && wasMoved(row));
      for (const job of await matchingJobs(unseen, question)) {
        found.set(job.jobId, { sequence: job.sequence, item: itemOf(job) });
      }
      if (found.size > MAX_OPEN) throw new PermanentError(`More than ${MAX_OPEN} jobs match. ${NARROWER}`);
      yield bulkStep(at);
    }
  }
  const sign = how.newestFirst ? -1 : 1;
  const sorted = [...found.values()].toSorted((a, b) => sign * (a.sequence - b.sequence));
  return { ...at, found: sorted.length, pending: sorted.map(({ item }) => item) };
}

const itemOf = ({ jobId, name }: Job): Item => ({ jobId, name, outcome: 'waiting' });

const WRITES_AT_ONCE = 8;

/** Writes pages of items behind those that there are; how many there are then. */
async function listed(items: readonly Item[], pages: number, run: BulkRun): Promise<number> {
  const count = Math.ceil(items.length / ITEMS_PER_PAGE);
  await eachOf(
    Array.from({ length: count }, (_, page) => page),
    WRITES_AT_ONCE,
    (page) =>
      run.pages.put(
        run.own,
        'items',
        pages + page,
        items.slice(page * ITEMS_PER_PAGE, (page + 1) * ITEMS_PER_PAGE),
      ),
  );
  return pages + count;
}
