import * as z from 'zod';

/** All assets live under this folder. */
export const ROOT = '/content/dam';

/** Bytes of UTF-8: of a whole path (DynamoDB keys: 2,048 and 1,024), and of one name in it. */
export const MAX_PATH_BYTES = 1_024;
export const MAX_NAME_BYTES = 255;
export const MAX_DEPTH = 64;

/** Characters that AEM Assets forbids in the names of assets, and control characters. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const FORBIDDEN = /[*:[\\\]|#%{}?&\u0000-\u001f\u007f]/;

/** What is wrong with a path, said so that a person can mend it; undefined if nothing is. */
export function faultOfPath(path: string): string | undefined {
  if (path !== ROOT && !path.startsWith(`${ROOT}/`)) return `Must be ${ROOT} or begin with ${ROOT}/.`;
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `Must have at most ${MAX_PATH_BYTES} bytes of UTF-8.`;
  const names = path.split('/').slice(1);
  if (names.length > MAX_DEPTH) return `Must have at most ${MAX_DEPTH} levels.`;
  for (const name of names) {
    if (name === '' || name === '.' || name === '..') return 'Must not contain empty, "." or ".." names.';
    if (name !== name.trim()) return `The name "${name}" must not begin or end with a blank.`;
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `A name must have at most ${MAX_NAME_BYTES} bytes.`;
    if (FORBIDDEN.test(name))
      return `The name "${name}" must not contain * : [ \\ ] | # % { } ? & or control characters.`;
    if (!name.isWellFormed()) return 'Must be well-formed Unicode.';
  }
  return undefined;
}

const checkedPath = z
  .string()
  .max(MAX_PATH_BYTES)
  .transform((path) => path.normalize('NFC'))
  .superRefine((path, context) => {
    const fault = faultOfPath(path);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  });

/** A folder; one trailing slash is forgiven. */
export const FolderPath = z
  .string()
  .max(MAX_PATH_BYTES)
  .transform((path) => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path))
  .pipe(checkedPath);

/** An asset: never the root itself. */
export const AssetPath = checkedPath.refine((path) => path !== ROOT, {
  error: `Must name a file under ${ROOT}.`,
});

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** The folders above a path, from below the root downwards: the root itself needs no row. */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let folder = folderOf(path); folder.length > ROOT.length; folder = folderOf(folder))
    above.unshift(folder);
  return above;
}
