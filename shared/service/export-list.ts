import { createHash } from 'node:crypto';
import * as z from 'zod';
import { detailsKey } from '../job/details-key.ts';
import type { Job } from '../job/job.ts';
import { cellOf, csvOf } from './csv.ts';
import { ExportLost, type Exports, type ExportUpload, MIN_PART_BYTES } from './exports.ts';
import { type JobPages, type ListName, pagesFrom } from './job-pages.ts';
import type { Clock } from './ports.ts';

export interface Exporter {
  readonly pages: JobPages;
  readonly exports: Exports;
  readonly clock: Clock;
}

/** A list of a job that is over: its lines do not change any more. */
export interface ExportedList {
  readonly job: Job;
  readonly list: Exclude<ListName, 'export-items'>;
  readonly columns: readonly string[];
  readonly fileName: string;
}

/** How far an export has come, kept with the job: the next request goes on from there, in whatever process. */
const Progress = z.object({ uploadId: z.string(), nextPage: z.number(), parts: z.array(z.string()) });
type Progress = z.infer<typeof Progress>;

/** A request has half a minute: what is not ready then goes on with the next one. */
const REQUEST_MS = 10_000;

/**
 * Where a list can be downloaded as CSV; undefined while it is not ready: ask again. Its pages are joined in bounded memory.
 * Two requests at once do the same work, and come to the same text.
 */
export async function exportList(wanted: ExportedList, exporter: Exporter): Promise<string | undefined> {
  const exportId = exportIdOf(wanted);
  const url = await exporter.exports.urlOf(exportId);
  if (url !== undefined) return url;
  try {
    return (await isJoined(exportId, wanted, exporter)) ? exporter.exports.urlOf(exportId) : undefined;
  } catch (error) {
    if (!(error instanceof ExportLost)) throw error;
    await forget(wanted, exporter);
    return undefined;
  }
}

/** By the content: whoever wants the same finds it. */
const exportIdOf = ({ job, list, columns }: ExportedList): string =>
  createHash('sha256')
    .update(JSON.stringify([detailsKey(job), list, columns]))
    .digest('hex');

async function isJoined(exportId: string, wanted: ExportedList, exporter: Exporter): Promise<boolean> {
  const { job, list, columns } = wanted;
  const { pages, exports, clock } = exporter;
  const until = clock() + REQUEST_MS;
  let at = (await progressOf(wanted, exporter)) ?? (await begun(exportId, wanted, exports));
  const upload: ExportUpload = { exportId, uploadId: at.uploadId };
  let text = at.nextPage === 0 ? csvOf([columns], { bom: true }) : '';
  const next = (page: number) => pages.get(job, list, page);
  for await (const { page, lines } of pagesFrom(at.nextPage, next)) {
    text += csvOf(lines.map((line) => cellsOf(line, columns)));
    if (Buffer.byteLength(text) < MIN_PART_BYTES) continue;
    at = {
      ...at,
      nextPage: page + 1,
      parts: [...at.parts, await exports.putPart(upload, at.parts.length + 1, text)],
    };
    text = '';
    await save(at, wanted, exporter);
    if (clock() >= until) return false;
  }
  const last =
    text === '' && at.parts.length > 0 ? [] : [await exports.putPart(upload, at.parts.length + 1, text)];
  await exports.finish(upload, [...at.parts, ...last]);
  await forget(wanted, exporter);
  return true;
}

async function progressOf({ job }: ExportedList, { pages }: Exporter): Promise<Progress | undefined> {
  const [line] = (await pages.get(job, 'export-items', 0)) ?? [];
  return line === undefined ? undefined : Progress.parse(line);
}

const begun = async (exportId: string, { fileName }: ExportedList, exports: Exports): Promise<Progress> => ({
  uploadId: await exports.begin(exportId, fileName),
  nextPage: 0,
  parts: [],
});

const save = (progress: Progress, { job }: ExportedList, { pages }: Exporter): Promise<void> =>
  pages.put(job, 'export-items', 0, [progress]);
const forget = ({ job }: ExportedList, { pages }: Exporter): Promise<void> =>
  pages.put(job, 'export-items', 0, []);

const Line = z.record(z.string(), z.unknown());
function cellsOf(line: unknown, columns: readonly string[]): string[] {
  const values = Line.parse(line);
  return columns.map((column) => cellOf(values[column]));
}
