import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { errorCode } from '../error-code.ts';

/** Replaces a file of JSON as a whole, so that a reader or a kill never meets half of it. */
export function writeWhole(file: string, content: unknown): void {
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 2));
  renameSync(`${file}.new`, file);
}

/** `undefined` when there is no such file yet. */
export function readWhole(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
