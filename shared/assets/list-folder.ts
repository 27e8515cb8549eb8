import * as z from 'zod';
import { NotFound } from '../service/errors.ts';
import { type Page, PageQuery } from '../service/page.ts';
import { notACursor, pageCursor, readPageCursor } from '../service/page-cursor.ts';
import type { Details, Entry } from './asset.ts';
import { AssetPath, FolderPath, MAX_NAME_BYTES, nameOf, ROOT } from './path.ts';
import type { AssetStore } from './ports.ts';

/** The two queries of `GET /assets`. */
export const FolderQuery = z.strictObject({ ...PageQuery, folder: FolderPath });
export const AssetQuery = z.strictObject({ path: AssetPath });

/** Folders and assets of one folder, by name. */
export async function listFolder(
  { folder, limit, cursor }: z.output<typeof FolderQuery>,
  assets: AssetStore,
): Promise<Page<Entry>> {
  const after = cursor === undefined ? undefined : nameIn(readPageCursor({ folder }, cursor));
  const entries = await assets.list(folder, { after, limit: limit + 1 });
  if (entries.length === 0 && after === undefined) await refuseUnknown(folder, assets);
  const items = entries.slice(0, limit);
  const last = items.at(-1);
  if (entries.length <= limit || last === undefined) return { items };
  return { items, nextCursor: pageCursor({ folder }, nameOf(last.path)) };
}

/** A cursor is made by us, and may have been changed since. */
function nameIn(at: string): string {
  if (at === '' || Buffer.byteLength(at) > MAX_NAME_BYTES) throw notACursor();
  return at;
}

/** An empty list would hide a misspelt folder. */
async function refuseUnknown(folder: string, assets: AssetStore): Promise<void> {
  if (folder === ROOT) return;
  const there = await assets.get(folder);
  if (there?.entry.kind !== 'folder') throw new NotFound('folder', folder);
}

/** One asset with all its facts. */
export async function getAsset(
  path: string,
  assets: AssetStore,
): Promise<{ entry: Entry; details?: Details }> {
  const found = await assets.get(path);
  if (found === undefined) throw new NotFound('asset', path);
  return found;
}
