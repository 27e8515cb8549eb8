import type { Asset } from './asset.ts';
import { folderOf, nameOf } from './path.ts';
import type { AssetStore } from './ports.ts';

const PAGE = 200;

interface Walk {
  readonly store: AssetStore;
  readonly isExcluded: (folder: string) => boolean;
}

/**
 * All assets under a folder, depth first, each folder by name. `after` is the path of the last asset seen:
 * the walk goes on behind it, also when that asset is gone, so the path alone is a cursor.
 */
export async function* walkFolder(
  folder: string,
  walk: Walk,
  after?: string,
): AsyncGenerator<Asset, void, void> {
  if (after !== undefined) yield* restOf(folder, walk, after);
  const resumeName = after === undefined ? undefined : after.slice(folder.length + 1).split('/')[0];
  for (let last = resumeName; ; ) {
    const page = await walk.store.list(folder, { after: last, limit: PAGE });
    for (const entry of page) {
      if (entry.kind === 'asset') yield entry;
      else if (!walk.isExcluded(entry.path)) yield* walkFolder(entry.path, walk);
    }
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE) return;
    last = nameOf(end.path);
  }
}

/** What is left of the subfolder in which the last asset lies. */
async function* restOf(folder: string, walk: Walk, after: string): AsyncGenerator<Asset, void, void> {
  if (folderOf(after) === folder) return;
  const child = `${folder}/${after.slice(folder.length + 1).split('/')[0]}`;
  if (!walk.isExcluded(child)) yield* walkFolder(child, walk, after);
}
