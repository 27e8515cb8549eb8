import { posix } from 'node:path';
import * as environment from '../../shared/lambda/environment.ts';
import { importsOf, type SourceFile, sourceFiles } from './source-files.ts';

const FUNCTIONS = sourceFiles('functions');
const GROUPS: Readonly<Record<string, unknown>> = environment;

/** The variables that a function's code reads, by the function's name without stage: its file, and those beside it that it imports. */
export const variablesReadBy = (functionName: string, files: readonly SourceFile[] = FUNCTIONS): string[] =>
  [...new Set(withImports(entryOf(functionName, files), files))]
    .flatMap(({ text }) => [...text.matchAll(/\breadEnvironment\(([^)]*)\)/g)])
    .flatMap(([, groups = '']) => groups.match(/\w+Environment\b/g) ?? [])
    .flatMap((group) => Object.keys(GROUPS[group] ?? {}))
    .toSorted();

/** `run-jobs-bulk` is the function `run-jobs` in one of its lanes. */
function entryOf(functionName: string, files: readonly SourceFile[]): SourceFile {
  const entry = files.find(({ path }) => {
    const name =
      posix.basename(path, '.ts') === 'index'
        ? posix.basename(posix.dirname(path))
        : posix.basename(path, '.ts');
    return posix.dirname(path) !== 'functions/wiring' && `${functionName}-`.startsWith(`${name}-`);
  });
  if (entry === undefined) throw new Error(`No file of functions/ is the function ${functionName}.`);
  return entry;
}

function withImports(file: SourceFile, files: readonly SourceFile[]): SourceFile[] {
  const imported = new Set(importsOf(file).map(({ name }) => name));
  return [file, ...files.filter(({ path }) => imported.has(path)).flatMap((one) => withImports(one, files))];
}
