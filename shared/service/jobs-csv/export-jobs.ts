import * as z from 'zod';
import { type Caller, ROLES } from '../caller.ts';
import type { Creator } from '../create-job.ts';
import { InvalidInput, NotFound } from '../errors.ts';
import { ExportLost, type Exports, MIN_PART_BYTES } from '../exports.ts';
import { JobFilter, startOf, walkJobs } from '../list-jobs.ts';
import { parse } from '../parse.ts';
import { bytesQuoted } from '../read-log.ts';
import type { SeriesStore } from '../series/series.ts';
import { knownSeries } from './known-series.ts';
import { CSV_HEAD, csvRows, type RowReader } from './rows.ts';

export interface JobExporter extends RowReader, Pick<Creator, 'jobs' | 'newId'> {
  readonly exports: Exports;
  readonly series: SeriesStore;
}

/** `text` where it is short; `url` of where a long one lies; the id of one that is not ready: ask for it. */
export interface JobsCsv {
  readonly text?: string;
  readonly url?: string;
  readonly exportId?: string;
}

/** How far an export has come: the next request goes on from there, in whatever process. */
const Progress = z.object({
  callerId: z.string(),
  role: z.enum(ROLES),
  filter: JobFilter,
  /** The list is walked from new to old, so what is created meanwhile is no part of it. */
  next: z.object({ sequence: z.number(), jobId: z.string() }),
  uploadId: z.string().optional(),
  parts: z.array(z.string()),
  /** What is too short for a part. */
  rest: z.string(),
});
type Progress = z.infer<typeof Progress>;

const FILE_NAME = 'jobs.csv';
/** Bytes of a text that is answered at once, quoted: Lambda's limit is 6 MB. */
const MAX_BYTES = 4_000_000;
/** A request has half a minute: what is not ready then goes on with the next one. */
const REQUEST_MS = 10_000;

/** The whole list as filtered, newest first. Throws `InvalidInput`. */
export async function exportJobs(query: object, caller: Caller, service: JobExporter): Promise<JobsCsv> {
  refusePages(query);
  const begun = fresh(parse(JobFilter, query, { in: 'query' }), caller);
  const at = await walked(service.newId(), begun, caller, service);
  const isShort = at.isWhole && at.parts.length === 0 && bytesQuoted(at.rest) <= MAX_BYTES;
  return isShort ? { text: at.rest } : settle(at, service);
}

const Path = z.object({
  exportId: z.guid({ error: 'The id of an export is a UUID.' }).transform((id) => id.toLowerCase()),
});

/** Goes on with an export of the caller's own. Throws `NotFound` for others too. */
export async function resumeExport(params: unknown, caller: Caller, service: JobExporter): Promise<JobsCsv> {
  const { exportId } = parse(Path, params, { in: 'path' });
  const kept = await service.exports.progressOf(exportId);
  const at = kept === undefined ? undefined : Progress.parse(JSON.parse(kept));
  // Whoever has lost a role must not get what it showed.
  if (at?.callerId !== caller.id || at.role !== caller.role) throw new NotFound('export of jobs', exportId);
  const url = await service.exports.urlOf(exportId);
  if (url !== undefined) return { url };
  try {
    return await settle(await walked(exportId, at, caller, service), service);
  } catch (error) {
    if (!(error instanceof ExportLost)) throw error;
    return afresh(exportId, at, caller, service);
  }
}

/** Two requests at once may get into each other's way: then one of them has finished it, or it begins anew. */
async function afresh(
  exportId: string,
  { filter }: Progress,
  caller: Caller,
  { exports }: JobExporter,
): Promise<JobsCsv> {
  const url = await exports.urlOf(exportId);
  if (url !== undefined) return { url };
  await exports.keepProgress(exportId, JSON.stringify(fresh(filter, caller)));
  return { exportId };
}

const fresh = (filter: JobFilter, caller: Caller): Progress => ({
  callerId: caller.id,
  role: caller.role,
  filter,
  next: startOf(filter),
  parts: [],
  rest: CSV_HEAD,
});

type Walked = Progress & { readonly exportId: string; readonly isWhole: boolean };

/** Reads on until the time is up or the list is over; what is long enough for a part goes to the upload. */
async function walked(
  exportId: string,
  begun: Progress,
  caller: Caller,
  service: JobExporter,
): Promise<Walked> {
  const until = service.clock() + REQUEST_MS;
  const reader = { ...service, series: knownSeries(service.series) };
  let at = begun;
  for await (const { found, next } of walkJobs(begun.filter, begun.next, service.jobs)) {
    at = { ...at, next, rest: at.rest + (await csvRows(found, caller, reader)) };
    if (Buffer.byteLength(at.rest) >= MIN_PART_BYTES) at = await withPart(exportId, at, service.exports);
    if (service.clock() >= until) return { ...at, exportId, isWhole: false };
  }
  return { ...at, exportId, isWhole: true };
}

/** A whole list becomes a file; of another one it is kept how far it has come. */
async function settle({ exportId, isWhole, ...at }: Walked, { exports }: JobExporter): Promise<JobsCsv> {
  if (!isWhole) {
    await exports.keepProgress(exportId, JSON.stringify(at));
    return { exportId };
  }
  const { uploadId, parts } = at.rest === '' ? at : await withPart(exportId, at, exports);
  if (uploadId !== undefined) await exports.finish({ exportId, uploadId }, parts);
  const url = await exports.urlOf(exportId);
  return url === undefined ? { exportId } : { url };
}

async function withPart(exportId: string, at: Progress, exports: Exports): Promise<Progress> {
  const uploadId = at.uploadId ?? (await exports.begin(exportId, FILE_NAME));
  const part = await exports.putPart({ exportId, uploadId }, at.parts.length + 1, at.rest);
  return { ...at, uploadId, parts: [...at.parts, part], rest: '' };
}

function refusePages(query: object): void {
  const detail = 'A CSV is the whole list as filtered, not a page of it; leave it out.';
  const faults = ['limit', 'cursor'].filter((name) => name in query);
  if (faults.length === 0) return;
  throw new InvalidInput(faults.map((name) => ({ in: 'query', pointer: `/${name}`, detail })));
}
