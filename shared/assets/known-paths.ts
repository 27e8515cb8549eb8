import type { AssetStore } from './ports.ts';
import type { Exists } from './references.ts';

/** More would cost memory for little: a folder's files refer to the same few again and again. */
const MAX_REMEMBERED = 50_000;

/** Looks paths up in the store, each once: hundreds of files refer to the same one. */
export function knownPaths(assets: AssetStore): Exists {
  const remembered = new Map<string, boolean>();
  return async (paths) => {
    const unknown = paths.filter((path) => !remembered.has(path));
    const known = paths.filter((path) => remembered.get(path));
    if (unknown.length === 0) return new Set(known);
    const there = await assets.entriesAt(unknown);
    if (remembered.size + unknown.length > MAX_REMEMBERED) remembered.clear();
    for (const path of unknown) remembered.set(path, there.has(path));
    return new Set([...known, ...there.keys()]);
  };
}
