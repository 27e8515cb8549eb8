import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { ExportLost, type Exports, type ExportUpload, MIN_PART_BYTES } from './exports.ts';
import type { JobPages, ListName } from './job-pages.ts';
import { type Clock, TransitionRefused } from './ports.ts';

export interface Exporter {
  readonly pages: JobPages;
  readonly exports: Exports;
  readonly clock: Clock;
}

/** A long text of a job that somebody wants to download. */
export interface WantedText {
  readonly job: Job;
  /** What tells it from every other text. */
  readonly what: unknown;
  readonly fileName: string;
  readonly contentType: string;
  /** Where it is kept how far it has come, with the job. */
  readonly progressIn: ListName;
  /** Up to which place of its source it goes: what comes later is not part of it. */
  readonly upTo: number;
  /** Pieces from a place on, each with the place after it. */
  readonly from: (place: number, upTo: number) => AsyncIterable<{ text: string; next: number }>;
}

/** The next request goes on from there, in whatever process. */
const Progress = z.object({
  exportId: z.string(),
  uploadId: z.string(),
  next: z.number(),
  upTo: z.number(),
  parts: z.array(z.string()),
});
type Progress = z.infer<typeof Progress>;

/** A request has half a minute: what is not ready then goes on with the next one. */
const REQUEST_MS = 10_000;

/**
 * Where a text of any length can be downloaded; undefined while it is not ready: ask again. It is joined in bounded memory.
 * Two requests at once do the same work, and come to the same text. One that was begun is finished first.
 */
export async function exportText(wanted: WantedText, exporter: Exporter): Promise<string | undefined> {
  const { exports } = exporter;
  const begun = await progressOf(wanted, exporter);
  const exportId = begun?.exportId ?? exportIdOf(wanted);
  const url = await exports.urlOf(exportId);
  if (url !== undefined) return url;
  try {
    const at = begun ?? (await begin(exportId, wanted, exports));
    return (await isJoined(at, wanted, exporter)) ? exports.urlOf(exportId) : undefined;
  } catch (error) {
    if (error instanceof ExportLost) await forget(wanted, exporter);
    // A later claim has written how far it has come: that is what the next request goes on from.
    else if (!(error instanceof TransitionRefused)) throw error;
    return undefined;
  }
}

/** By the content: whoever wants the same finds it. */
const exportIdOf = ({ job, what, upTo }: WantedText): string =>
  createHash('sha256')
    .update(JSON.stringify([job.jobId, job.sequence, what, upTo]))
    .digest('hex');

const begin = async (
  exportId: string,
  { fileName, contentType, upTo }: WantedText,
  exports: Exports,
): Promise<Progress> => ({
  exportId,
  uploadId: await exports.begin(exportId, fileName, contentType),
  next: 0,
  upTo,
  parts: [],
});

async function isJoined(begun: Progress, wanted: WantedText, exporter: Exporter): Promise<boolean> {
  const { exports, clock } = exporter;
  const until = clock() + REQUEST_MS;
  const upload: ExportUpload = begun;
  let at = begun;
  let pieces: string[] = [];
  let bytes = 0;
  for await (const { text, next } of wanted.from(at.next, at.upTo)) {
    pieces.push(text);
    bytes += Buffer.byteLength(text);
    if (bytes < MIN_PART_BYTES) continue;
    const part = await exports.putPart(upload, at.parts.length + 1, pieces.join(''));
    at = { ...at, next, parts: [...at.parts, part] };
    [pieces, bytes] = [[], 0];
    await exporter.pages.put(wanted.job, wanted.progressIn, 0, [at]);
    if (clock() >= until) return false;
  }
  const isEmpty = bytes === 0 && at.parts.length > 0;
  const last = isEmpty ? [] : [await exports.putPart(upload, at.parts.length + 1, pieces.join(''))];
  await exports.finish(upload, [...at.parts, ...last]);
  await forget(wanted, exporter);
  return true;
}

async function progressOf(
  { job, progressIn }: WantedText,
  { pages }: Exporter,
): Promise<Progress | undefined> {
  const [line] = (await pages.get(job, progressIn, 0)) ?? [];
  return line === undefined ? undefined : Progress.parse(line);
}

const forget = ({ job, progressIn }: WantedText, { pages }: Exporter): Promise<void> =>
  pages.put(job, progressIn, 0, []);
