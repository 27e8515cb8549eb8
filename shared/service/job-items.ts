import * as z from 'zod';
import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import { isCompleted } from '../job/status.ts';
import { type Caller, maySeePayload } from './caller.ts';
import { NotAllowed, NotFound } from './errors.ts';
import { exportList } from './export-list.ts';
import type { Exporter } from './export-text.ts';
import { pagesFrom } from './job-pages.ts';
import { JobId } from './new-job.ts';
import type { Operations } from './operation.ts';
import { type Page, PageQuery } from './page.ts';
import { notACursor, pageCursor, readPageCursor } from './page-cursor.ts';
import { parse } from './parse.ts';
import type { JobStore } from './ports.ts';

export interface ItemReader extends Exporter {
  readonly jobs: Pick<JobStore, 'get'>;
  readonly operations: Operations<never>;
}

const Path = z.object({ jobId: JobId });
/** Few lines are asked for, and a page read for nothing costs as much as any. */
const PAGES_AT_ONCE = 2;
const ItemQuery = z.strictObject(PageQuery);

/** What a job did to each item, in its order. Throws `NotFound` also where its operation keeps no such list, `NotAllowed`. */
export async function listItems(
  request: { readonly params: unknown; readonly query: unknown },
  caller: Caller,
  reader: ItemReader,
): Promise<Page<Json>> {
  const { jobId } = parse(Path, request.params, { in: 'path' });
  const { limit, cursor } = parse(ItemQuery, request.query, { in: 'query' });
  const { job } = await jobWithItems(jobId, caller, reader);
  const list = { jobId, items: job.createdOn };
  const [firstPage, firstLine] = cursor === undefined ? [0, 0] : placeOf(readPageCursor(list, cursor));
  const items: Json[] = [];
  const read = (page: number) => reader.pages.get(job, 'items', page);
  for await (const { page, lines } of pagesFrom(firstPage, read, PAGES_AT_ONCE)) {
    for (const [place, line] of lines.entries()) {
      if (page === firstPage && place < firstLine) continue;
      if (items.length === limit) return { items, nextCursor: pageCursor(list, `${page}/${place}`) };
      items.push(line);
    }
  }
  return { items };
}

function placeOf(text: string): [page: number, line: number] {
  const [page = Number.NaN, line = Number.NaN] = text.split('/').map(Number);
  if (!Number.isSafeInteger(page) || !Number.isSafeInteger(line)) throw notACursor();
  return [page, line];
}

/** Where the whole list can be downloaded as CSV; undefined while it is not ready, or the job is not over. */
export async function downloadItems(
  params: unknown,
  caller: Caller,
  reader: ItemReader,
): Promise<string | undefined> {
  const { jobId } = parse(Path, params, { in: 'path' });
  const { job, columns } = await jobWithItems(jobId, caller, reader);
  if (!isCompleted(job.statusCode)) return undefined;
  return exportList({ job, list: 'items', columns, fileName: `items-of-${jobId}.csv` }, reader);
}

async function jobWithItems(
  jobId: string,
  caller: Caller,
  { jobs, operations }: ItemReader,
): Promise<{ job: Job; columns: readonly string[] }> {
  const job = await jobs.get(jobId);
  if (job === undefined) throw new NotFound('job', jobId);
  const columns = operations.get(job.operation)?.itemColumns;
  if (columns === undefined) throw new NotFound('list of items of the job', jobId);
  if (!maySeePayload(caller, job)) throw new NotAllowed('operator', caller.role);
  return { job, columns };
}
