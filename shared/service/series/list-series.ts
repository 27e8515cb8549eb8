import * as z from 'zod';
import type { Job } from '../../job/job.ts';
import type { Json } from '../../job/json.ts';
import type { Creator } from '../create-job.ts';
import { NotFound } from '../errors.ts';
import { type Page, PageQuery } from '../page.ts';
import { notACursor, pageCursor, readPageCursor } from '../page-cursor.ts';
import { parse } from '../parse.ts';
import type { TimelineEntry } from '../ports.ts';
import { presentJob } from '../present-job.ts';
import { withWholeTokens } from '../whole-tokens.ts';
import { type Series, type SeriesStore, seriesIdOf } from './series.ts';

const Query = z.strictObject(PageQuery);
const SeriesPath = z.object({
  seriesId: z.guid({ error: 'The id of a series is a UUID.' }).transform((id) => id.toLowerCase()),
});

export const seriesIdIn = (params: unknown): string => parse(SeriesPath, params, { in: 'path' }).seriesId;

interface Reader {
  readonly series: SeriesStore;
}

export async function getSeries(params: unknown, { series }: Reader): Promise<Series> {
  const seriesId = seriesIdIn(params);
  const found = await series.get(seriesId);
  if (found === undefined) throw new NotFound('series', seriesId);
  return found;
}

/** Newest first. */
export async function listSeries(query: unknown, { series }: Reader): Promise<Page<Series>> {
  const { entries, ...page } = await pageOf('series', query, (range) => series.list(range));
  const found = new Map((await series.getAll(entries)).map((each) => [each.seriesId, each]));
  return { items: entries.flatMap((id) => found.get(id) ?? []), ...page };
}

/** The jobs of a series as people see them, the one that is to come included, newest first. */
export async function listOccurrences(
  params: unknown,
  query: unknown,
  { series: store, jobs, details, operations, clock }: OccurrenceReader,
): Promise<Page<Record<string, Json>>> {
  const series = await getSeries(params, { series: store });
  const { seriesId } = series;
  const { entries, ...page } = await pageOf(seriesId, query, (range) => store.occurrences(seriesId, range));
  const found = await withWholeTokens(await jobs.getAll(entries), details);
  const items = found.map((job) => presentJob({ job, series }, { operations, now: clock() }));
  return { items, ...page };
}

type OccurrenceReader = Pick<Creator, 'series' | 'jobs' | 'details' | 'operations' | 'clock'>;

/** The series of these jobs, by id. */
export async function seriesOfJobs(
  jobs: readonly Job[],
  { series }: { readonly series: Pick<SeriesStore, 'getAll'> },
): Promise<ReadonlyMap<string, Series>> {
  const ids = [...new Set(jobs.flatMap((job) => seriesIdOf(job) ?? []))];
  const found = ids.length === 0 ? [] : await series.getAll(ids);
  return new Map(found.map((each) => [each.seriesId, each]));
}

async function pageOf(
  list: string,
  query: unknown,
  read: (range: { before: TimelineEntry; limit: number }) => Promise<TimelineEntry[]>,
): Promise<{ entries: string[]; nextCursor?: string }> {
  const { limit, cursor } = parse(Query, query, { in: 'query' });
  const before = cursor === undefined ? NEWEST : entryIn(readPageCursor(list, cursor));
  const found = await read({ before, limit: limit + 1 });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return {
    entries: shown.map(({ jobId }) => jobId),
    ...(last !== undefined && { nextCursor: pageCursor(list, `${last.sequence}/${last.jobId}`) }),
  };
}

const NEWEST: TimelineEntry = { sequence: Number.MAX_SAFE_INTEGER, jobId: '' };

function entryIn(text: string): TimelineEntry {
  const [sequence, jobId = ''] = text.split('/');
  if (!Number.isSafeInteger(Number(sequence))) throw notACursor();
  return { sequence: Number(sequence), jobId };
}
