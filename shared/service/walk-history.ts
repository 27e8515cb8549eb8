import type { Job } from '../job/job.ts';
import type { History } from './history.ts';
import type { JobStore, TimelineEntry } from './ports.ts';

export interface HistoryReader {
  readonly history: History;
  readonly jobs: Pick<JobStore, 'getAll'>;
}

export interface HistoryPage {
  /** The rows that are still there, oldest first. They may lag: what is read as Completed is. */
  readonly rows: readonly Job[];
  /** The last entry of the page, where the next one begins. */
  readonly end: TimelineEntry;
  /** Entries that were looked at, with and without rows. */
  readonly examined: number;
}

const PAGE = 200;

/** The rows of the past, oldest first, page by page. What is taken away meanwhile does no harm. */
export async function* walkHistory(
  { after, upTo }: { after: TimelineEntry; upTo: number },
  { history, jobs }: HistoryReader,
): AsyncGenerator<HistoryPage, void, void> {
  for (let at = after; ; ) {
    const entries = await history.oldest({ after: at, upTo, limit: PAGE });
    const end = entries.at(-1);
    if (end === undefined) return;
    const rows = await jobs.getAll(entries.map(({ jobId }) => jobId));
    yield { rows, end, examined: entries.length };
    if (entries.length < PAGE) return;
    at = end;
  }
}
