import * as z from 'zod';
import type { Job } from '../job/job.ts';
import type { LogEntry } from '../job/log-entry.ts';
import { isCompleted } from '../job/status.ts';
import { InvalidInput, NotFound } from './errors.ts';
import type { LogStore } from './log-store.ts';
import { LogView } from './log-view.ts';
import { JobId } from './new-job.ts';
import { PageQuery } from './page.ts';
import { notACursor, pageCursor, readPageCursor } from './page-cursor.ts';
import { parse } from './parse.ts';
import type { JobStore } from './ports.ts';
import { linesAfter, linesBefore } from './walk-log.ts';

export interface LogReader {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly logs: LogStore;
}

const Path = z.object({ jobId: JobId });
const Query = z.strictObject({
  ...PageQuery,
  limit: PageQuery.limit.default(500),
  after: z.coerce.number().int().min(0).optional(),
});
type Query = z.infer<typeof Query>;

/** Bytes of an answer: Lambda's limit is 6 MB, and its text is quoted once more on the way. */
const MAX_BYTES = 4_000_000;

export interface LogAnswer {
  readonly items: object[];
  /** Leads to older lines; absent on the page with the first line, and after `after`. */
  readonly nextCursor?: string;
  /** Ask with `after` of this number for what comes next. */
  readonly next: number;
  /** The job is over, and there is nothing after `next`. */
  readonly isComplete: boolean;
}

/**
 * The latest lines of a job, newest first, and by the cursor those before them; or, with `after`, the lines above a number,
 * oldest first: all there are now, so whoever asks again with `next` follows the log. Anybody may read it.
 */
export async function readLog(
  request: { readonly params: unknown; readonly query: unknown },
  reader: LogReader,
): Promise<LogAnswer> {
  const query = parse(Query, request.query, { in: 'query' });
  if (query.after !== undefined && query.cursor !== undefined) throw bothWays();
  const job = await jobOf(request.params, reader);
  const view = await LogView.open(job, reader.logs);
  // The row was read first: once it says that the job is over, its log is whole.
  return query.after === undefined ? backwards(job, view, query) : forwards(job, view, query.after, query);
}

/** Throws `InvalidInput`, `NotFound`. */
export async function jobOf(params: unknown, { jobs }: Pick<LogReader, 'jobs'>): Promise<Job> {
  const { jobId } = parse(Path, params, { in: 'path' });
  const job = await jobs.get(jobId);
  if (job === undefined) throw new NotFound('job', jobId);
  return job;
}

async function backwards(job: Job, view: LogView, { limit, cursor }: Query): Promise<LogAnswer> {
  const list = { jobId: job.jobId, log: job.createdOn };
  const before = cursor === undefined ? view.last + 1 : numberIn(readPageCursor(list, cursor));
  const { lines, hasMore } = await some(linesBefore(before, view), limit);
  const oldest = lines.at(-1);
  return {
    items: lines.map(presentLine),
    ...(hasMore &&
      oldest !== undefined && {
        nextCursor: pageCursor(list, String(oldest.number - (oldest.missing ?? 1) + 1)),
      }),
    // What a cursor led to may be gone by now.
    next: lines[0]?.number ?? (cursor === undefined ? 0 : before - 1),
    isComplete: cursor === undefined && isCompleted(job.statusCode),
  };
}

async function forwards(job: Job, view: LogView, after: number, { limit }: Query): Promise<LogAnswer> {
  const { lines, hasMore } = await some(linesAfter(after, view), limit);
  return {
    items: lines.map(presentLine),
    next: lines.at(-1)?.number ?? after,
    isComplete: !hasMore && isCompleted(job.statusCode),
  };
}

/** As many as fit into an answer. */
async function some(
  lines: AsyncIterable<LogEntry>,
  limit: number,
): Promise<{ lines: LogEntry[]; hasMore: boolean }> {
  const taken: LogEntry[] = [];
  let bytes = 0;
  for await (const line of lines) {
    bytes += bytesQuoted(JSON.stringify(presentLine(line)));
    if (taken.length === limit || bytes > MAX_BYTES) return { lines: taken, hasMore: true };
    taken.push(line);
  }
  return { lines: taken, hasMore: false };
}

/** How long a text is within JSON. */
export const bytesQuoted = (text: string): number => Buffer.byteLength(JSON.stringify(text));

export const presentLine = ({ at, ...line }: LogEntry): object => ({
  ...line,
  at: new Date(at).toISOString(),
});

function numberIn(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw notACursor();
}

function bothWays(): InvalidInput {
  const detail = 'Either a cursor, which leads backwards, or after, which leads forwards: not both.';
  return new InvalidInput([{ in: 'query', pointer: '/after', detail }]);
}
