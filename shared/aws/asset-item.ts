import * as z from 'zod';
import { ASSET_STATUSES, type Entry, type Failure, type Summary } from '../assets/asset.ts';
import { folderOf, nameOf } from '../assets/path.ts';

/** The table `Assets`: one item per folder and asset, under the folder that it lies in. */
export const keyOf = (path: string): { folder: string; name: string } => ({
  folder: folderOf(path),
  name: nameOf(path),
});

const common = { folder: z.string(), name: z.string(), createdOn: z.string(), createdBy: z.string() };

const FolderItem = z.object({ ...common, kind: z.literal('folder') });
const AssetItem = z.object({
  ...common,
  kind: z.literal('asset'),
  assetId: z.string(),
  status: z.enum(ASSET_STATUSES),
  uploadId: z.string(),
  announcedSize: z.number(),
  modifiedOn: z.string(),
  processedBy: z.string().exactOptional(),
  processedOn: z.string().exactOptional(),
  summary: z.custom<Summary>((value) => typeof value === 'object').exactOptional(),
  failure: z.custom<Failure>((value) => typeof value === 'object').exactOptional(),
});
const Item = z.discriminatedUnion('kind', [FolderItem, AssetItem]);

/** Attributes that lists read: all but the packed details. */
export const LISTED = [...new Set([...Object.keys(FolderItem.shape), ...Object.keys(AssetItem.shape)])];

/** Reads an item; one we can't read is a bug. */
export function entryOf(item: unknown): Entry {
  const { folder, name, ...facts } = Item.parse(item);
  return { path: `${folder}/${name}`, ...facts };
}
