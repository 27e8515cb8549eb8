import type { Asset } from '../../shared/assets/asset.ts';
import { foldersAbove, ROOT } from '../../shared/assets/path.ts';
import type { Announcement, AssetStore } from '../../shared/assets/ports.ts';
import { at } from './a-job.ts';
import { countingIds } from './memory/counting-ids.ts';

const newId = countingIds();

/** `a/b.md` as the whole path of an asset. */
export const dam = (rest: string): string => `${ROOT}/${rest}`;

export const anAsset = (facts: Partial<Asset> = {}): Asset => ({
  kind: 'asset',
  path: dam('a.md'),
  assetId: 'asset-1',
  status: 'uploading',
  uploadId: 'upload-1',
  announcedSize: 5,
  createdOn: at(),
  createdBy: 'olga',
  modifiedOn: at(),
  ...facts,
});

export const anAnnouncement = (facts: Partial<Announcement> = {}): Announcement => ({
  path: dam('a.md'),
  size: 5,
  newAssetId: newId(),
  uploadId: newId(),
  at: at(),
  by: 'olga',
  ...facts,
});

/** Announces files under the root, with the folders above them, and gives their rows in the same order. */
export async function plant(store: AssetStore, ...paths: string[]): Promise<Asset[]> {
  const rows: Asset[] = [];
  for (const path of paths.map(dam)) {
    await store.makeFolders(foldersAbove(path), 'olga', at());
    rows.push(await store.announce(anAnnouncement({ path })));
  }
  return rows;
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
