import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { cellOf, csvOf } from './csv.ts';
import { type Exporter, exportText } from './export-text.ts';
import { type ListName, pagesFrom } from './job-pages.ts';

/** A list of a job that is over: its lines do not change any more. */
export interface ExportedList {
  readonly job: Job;
  readonly list: Exclude<ListName, 'export-items'>;
  readonly columns: readonly string[];
  readonly fileName: string;
}

/** Where a list can be downloaded as CSV; undefined while it is not ready: ask again. */
export const exportList = (wanted: ExportedList, exporter: Exporter): Promise<string | undefined> =>
  exportText(
    {
      job: wanted.job,
      what: [wanted.list, wanted.columns],
      fileName: wanted.fileName,
      contentType: 'text/csv; charset=utf-8',
      progressIn: 'export-items',
      upTo: Number.MAX_SAFE_INTEGER,
      from: (page) => csvFrom(page, wanted, exporter),
    },
    exporter,
  );

/** From the line of the columns on, or from a page. */
async function* csvFrom(first: number, { job, list, columns }: ExportedList, { pages }: Exporter) {
  if (first === 0) yield { text: csvOf([columns], { bom: true }), next: 0 };
  for await (const { page, lines } of pagesFrom(first, (next) => pages.get(job, list, next))) {
    yield { text: csvOf(lines.map((line) => cellsOf(line, columns))), next: page + 1 };
  }
}

const Line = z.record(z.string(), z.unknown());
function cellsOf(line: unknown, columns: readonly string[]): string[] {
  const values = Line.parse(line);
  return columns.map((column) => cellOf(values[column]));
}
