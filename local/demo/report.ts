import { styleText } from 'node:util';
import type { ProcessResult, ShownJob } from './service-client.ts';
import type { Upload } from './upload-all.ts';

interface Run {
  readonly job: ShownJob;
  readonly upload: Upload;
  readonly skipped: readonly { file: string; reason: string }[];
  /** From the first upload to the end of the job. */
  readonly seconds: number;
}

type Say = (line?: string) => void;
type Row = readonly [string, string | number, string?];

const SHOWN = 10;

/** What came of it, as a table. */
export function printReport({ job, upload, skipped, seconds }: Run, say: Say): void {
  const { result } = job;
  say(`\n${styleText('bold', `${job.shownAs}: ${job.friendlyMessage ?? job.message ?? ''}`)}\n`);
  if (result !== undefined) {
    printTable([['Files', result.files, size(result.bytes)], ...kindRows(result)], say);
    say();
    printTable(referenceRows(result), say);
    say();
    printTable(timeRows({ result, job, upload, seconds }), say);
    printList(
      'Failed',
      result.failures.map((f) => `${f.path}  ${f.code}: ${f.reason}`),
      { all: result.failed, say },
    );
    printList('Never arrived', result.missingFiles, { all: result.missing, say });
    const broken = result.brokenReferences.map(({ path, target }) => `${path} → ${target}`);
    printList('Broken references', broken, { all: result.references.broken, say });
  }
  printList(
    'Not uploaded',
    upload.failed.map(({ path, reason }) => `${path}  ${reason}`),
    { say },
  );
  printList(
    'Skipped',
    skipped.map(({ file, reason }) => `${file}  ${reason}`),
    { say },
  );
}

const kindRows = ({ byKind }: ProcessResult): Row[] =>
  Object.entries(byKind)
    .toSorted(([, a], [, b]) => b.files - a.files)
    .map(([kind, { files, bytes }]) => [`  ${kind}`, files, size(bytes)]);

const referenceRows = ({ references }: ProcessResult): Row[] => [
  [
    'References to other files',
    references.internal + references.broken,
    `of these ${references.conrefs} conrefs`,
  ],
  ['  internal', references.internal],
  ['  broken', references.broken],
  ['References within the file', references.sameFile],
  ['References to the outside', references.external],
  ['References by key', references.keys],
];

const timeRows = ({
  result,
  job,
  upload,
  seconds,
}: Omit<Run, 'skipped'> & { result: ProcessResult }): Row[] => [
  ['Upload', `${upload.seconds.toFixed(1)} s`, rate(upload.files, upload.seconds)],
  ['Processing', `${(job.executionTimeSpan ?? 0).toFixed(1)} s`, rate(result.files, job.executionTimeSpan)],
  ['Together', `${seconds.toFixed(1)} s`, rate(result.files, seconds)],
];

function printTable(rows: readonly Row[], say: Say): void {
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const [label, figure, remark = ''] of rows) {
    say(`  ${label.padEnd(first ?? 0)}  ${String(figure).padStart(second ?? 0)}  ${remark}`.trimEnd());
  }
}

function printList(
  title: string,
  lines: readonly string[],
  { all = lines.length, say }: { all?: number; say: Say },
): void {
  if (lines.length === 0) return;
  say(`\n  ${title} (${all})`);
  for (const line of lines.slice(0, SHOWN)) say(`    ${line}`);
  if (all > SHOWN) say(`    … and ${all - Math.min(SHOWN, lines.length)} more`);
}

const rate = (files: number, seconds = 0): string =>
  seconds > 0 ? `${Math.round(files / seconds)} files per second` : '';

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
