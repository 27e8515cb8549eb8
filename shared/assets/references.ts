import type { ReferenceCounts, ResolvedReference } from './asset.ts';
import type { Reference } from './inspect/inspection.ts';
import { resolveReference } from './inspect/resolve-reference.ts';
import { faultOfPath, ROOT } from './path.ts';

/** Whether something is at these paths. */
export type Exists = (paths: readonly string[]) => Promise<ReadonlySet<string>>;

/** Follows the local references of a file to the assets they lead to. */
export async function resolveAll(
  fromPath: string,
  references: readonly Reference[],
  exists: Exists,
): Promise<ResolvedReference[]> {
  const followed = references.map((reference) => ({ ...reference, ...pathOf(fromPath, reference) }));
  const paths = new Set(followed.flatMap(({ path }) => (path === undefined || path === ROOT ? [] : [path])));
  const there = await exists([...paths]);
  return followed.map((reference) =>
    isBroken(reference, there) ? { ...reference, broken: true } : reference,
  );
}

function pathOf(fromPath: string, { scope, target }: Reference): { path?: string } {
  if (scope !== 'local') return {};
  const path = resolveReference(fromPath, target)?.path.normalize('NFC');
  // A path that no asset can have is not looked up: the table would refuse it as a key.
  return path === undefined || faultOfPath(path) !== undefined ? {} : { path };
}

const isBroken = ({ scope, path }: ResolvedReference, there: ReadonlySet<string>): boolean =>
  scope === 'local' && path !== ROOT && (path === undefined || !there.has(path));

export function countReferences(references: readonly ResolvedReference[]): ReferenceCounts {
  const count = (fits: (reference: ResolvedReference) => boolean): number => references.filter(fits).length;
  return {
    internal: count(({ scope, broken }) => scope === 'local' && !broken),
    broken: count(({ broken }) => broken === true),
    external: count(({ scope }) => scope === 'external'),
    sameFile: count(({ scope }) => scope === 'same-file'),
    keys: count(({ scope }) => scope === 'key'),
    conrefs: count(({ kind }) => kind === 'conref'),
  };
}
