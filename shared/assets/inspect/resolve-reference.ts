import { cleanTarget, scopeOf } from './scope.ts';

export type Resolved = { readonly path: string; readonly fragment?: string };

const parts = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s;
const windowsDrive = /^[a-z]:/i;
/** What a decoded name can never contain: `%2F` must not smuggle in another level. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const notAName = /[/\\\u0000-\u001f\u007f]/;

/**
 * The repository path that `target`, found in the file at `fromPath`, leads to. Paths are absolute (`/content/dam/…`)
 * and never leave the root: a target that climbs above it, or that cannot name a file here, is `undefined`, which
 * means broken (or, for an external target, none of ours).
 */
export function resolveReference(fromPath: string, target: string): Resolved | undefined {
  const cleaned = cleanTarget(target);
  if (scopeOf(cleaned) === 'external' || windowsDrive.test(cleaned)) return undefined;
  const [, pathPart = '', fragment] = parts.exec(cleaned) ?? [];
  const segments = follow(startOf(fromPath, pathPart), pathPart.replaceAll('\\', '/'));
  if (segments === undefined) return undefined;
  return { path: `/${segments.join('/')}`, ...(fragment ? { fragment: decoded(fragment) } : {}) };
}

/** The folder from which the path is followed; for an empty path the file itself. */
function startOf(fromPath: string, pathPart: string): string[] {
  if (/^[\\/]/.test(pathPart)) return [];
  const from = fromPath.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  return pathPart === '' ? from : from.slice(0, -1);
}

function follow(start: string[], path: string): string[] | undefined {
  const segments = [...start];
  for (const raw of path.split('/')) {
    const segment = decoded(raw);
    if (notAName.test(segment)) return undefined;
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments;
}

/** A `%` that starts no valid sequence stands for itself, as in a file really called `100%.png`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
