import { lstat, readdir } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { CannotStart } from '../cannot-start.ts';

export interface FoundFile {
  readonly file: string;
  readonly path: string;
  readonly size: number;
}

export interface Found {
  /** The asset folder that the files go to. */
  readonly target: string;
  readonly files: readonly FoundFile[];
  /** What is not uploaded, and why. */
  readonly skipped: readonly { file: string; reason: string }[];
}

/** Characters that can't stand in an asset's name; blanks at its ends neither. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const UNFIT = /[*:[\\\]|#%{}?&\u0000-\u001f\u007f]|^\s|\s$/;

/** The files of a folder and where they go. Links are not followed: they could lead anywhere, or round. */
export async function findFiles(folder: string): Promise<Found> {
  const name = basename(folder).replaceAll(/[^\p{L}\p{N}._-]/gu, '-') || 'files';
  const target = `/content/dam/demo/${name}`;
  const files: FoundFile[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (const entry of await entriesOf(folder)) {
    const file = join(entry.parentPath, entry.name);
    const below = relative(folder, file).split(sep);
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) skipped.push({ file, reason: 'not a regular file' });
    else if (below.some((part) => UNFIT.test(part)))
      skipped.push({ file, reason: 'its name has characters that assets must not have' });
    else
      files.push({
        file,
        path: [target, ...below].join('/').normalize('NFC'),
        size: (await lstat(file)).size,
      });
  }
  if (files.length === 0) throw new CannotStart(`there are no files in ${folder}`);
  return { target, files, skipped };
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw new CannotStart(
      `the folder ${folder} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
}
