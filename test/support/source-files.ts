import { globSync, readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files of these folders. */
export const sourceFiles = (...folders: string[]): SourceFile[] =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: ROOT }))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(resolve(ROOT, path), 'utf8') }));

// Not the word as a string of its own.
const IMPORT = /(?<!['"])\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

export interface Import {
  readonly of: 'file' | 'package';
  /** From the project's root, if it is a file of ours. */
  readonly name: string;
}

/** What a file imports, types included. */
export const importsOf = ({ path, text }: SourceFile): Import[] =>
  [...text.matchAll(IMPORT)].map(([, specifier = '']) =>
    specifier.startsWith('.')
      ? { of: 'file', name: posix.join(posix.dirname(path), specifier) }
      : { of: 'package', name: specifier },
  );
