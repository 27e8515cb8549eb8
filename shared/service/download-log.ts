import type { LogEntry } from '../job/log-entry.ts';
import { type Exporter, exportText } from './export-text.ts';
import { LogView } from './log-view.ts';
import { bytesQuoted, jobOf, type LogReader } from './read-log.ts';
import { linesAfter } from './walk-log.ts';

/** `text` where it is short; `url` of where a long one lies; neither while that one is not ready: ask again. */
export interface LogDownload {
  readonly text?: string;
  readonly url?: string;
  readonly fileName: string;
}

/** Bytes of a text that is answered at once, quoted: Lambda's limit is 6 MB. */
const MAX_BYTES = 4_000_000;
/** Lines that are joined at once. */
const PIECE_LINES = 1_000;

/** The whole log as text, oldest line first. Throws `InvalidInput`, `NotFound`. */
export async function downloadLog(params: unknown, reader: LogReader & Exporter): Promise<LogDownload> {
  const job = await jobOf(params, reader);
  const view = await LogView.open(job, reader.logs);
  const fileName = `log-of-${job.jobId}.txt`;
  const text = await shortText(view);
  if (text !== undefined) return { text, fileName };
  const from = (place: number, upTo: number) => pieces(view, place, upTo);
  const contentType = 'text/plain; charset=utf-8';
  const wanted = {
    job,
    what: 'log',
    fileName,
    contentType,
    progressIn: 'export-log',
    upTo: view.last,
    from,
  } as const;
  const url = await exportText(wanted, reader);
  return url === undefined ? { fileName } : { url, fileName };
}

async function shortText(view: LogView): Promise<string | undefined> {
  const texts: string[] = [];
  let bytes = 0;
  for await (const { text } of pieces(view, 0, view.last)) {
    bytes += bytesQuoted(text);
    if (bytes > MAX_BYTES) return undefined;
    texts.push(text);
  }
  return texts.join('');
}

/** The lines above a number, some at a time. */
async function* pieces(
  view: LogView,
  after: number,
  upTo: number,
): AsyncGenerator<{ text: string; next: number }, void, void> {
  let lines: string[] = [];
  let next = after;
  for await (const line of linesAfter(after, view)) {
    if (line.number > upTo) break;
    lines.push(lineOf(line));
    next = line.number;
    if (lines.length < PIECE_LINES) continue;
    yield { text: lines.join(''), next };
    lines = [];
  }
  if (lines.length > 0) yield { text: lines.join(''), next };
}

const LEVEL_WIDTH = 5;

function lineOf({ at, level, text, item, etaSeconds }: LogEntry): string {
  const parts = [
    new Date(at).toISOString(),
    level.toUpperCase().padEnd(LEVEL_WIDTH),
    text,
    item !== undefined && `[${item}]`,
    etaSeconds !== undefined && `(${etaSeconds} s left)`,
  ];
  return `${inOneLine(parts.filter((part) => part !== false).join(' '))}\n`;
}

/** Nobody can make one line look like two, or steer the terminal of whoever reads it. */
const inOneLine = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/g, (mark) => {
    const escaped = JSON.stringify(mark).slice(1, -1);
    return escaped === mark ? `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
