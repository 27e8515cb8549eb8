import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ASSET_STATUSES, type Entry, type Failure, type Summary } from '../assets/asset.ts';
import { folderOf, nameOf } from '../assets/path.ts';

/** The table `Assets`: one item per folder and asset, under the folder that it lies in. */
export const keyOf = (path: string): { folder: string; name: string } => ({
  folder: folderOf(path),
  name: nameOf(path),
});

/**
 * An index partition takes 1,000 writes a second and a new table 4,000, so more would help nobody; and each costs the scan
 * half a read unit. There may be more later, never fewer.
 */
export const UNPROCESSED_SHARDS = 4;

/** On the items of assets that are `uploading`, and on no others. */
export const unprocessedShard = (path: string): string =>
  unprocessedShardAt(createHash('sha1').update(path).digest().readUInt32BE() % UNPROCESSED_SHARDS);
export const unprocessedShardAt = (shard: number): string => `unprocessed#${shard}`;

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

const Keys = z.object({ folder: z.string(), name: z.string() });

/** The path of what an index leads to. */
export function pathOf(item: unknown): string {
  const { folder, name } = Keys.parse(item);
  return `${folder}/${name}`;
}
