import * as z from 'zod';
import type { Asset } from '../assets/asset.ts';
import { inOrder } from '../assets/in-order.ts';
import { FolderPath, folderOf, isWithin } from '../assets/path.ts';
import { type Processed, processAsset } from '../assets/process-asset.ts';
import { emptyTally, Tally, withAsset } from '../assets/tally.ts';
import { walkFolder } from '../assets/walk-folder.ts';
import type { Checkpoint, Outcome, RunContext } from '../service/operation.ts';
import {
  ASSETS_AT_ONCE,
  type AssetRepositories,
  openProcessing,
  sayFault,
  stepOf,
  summed,
} from './asset-processing.ts';
import { defineOperation } from './define-operation.ts';

const Input = z
  .strictObject({
    folder: FolderPath.describe('All assets under this folder are processed.'),
    excludedFolders: z
      .array(FolderPath)
      .max(1_000)
      .default([])
      .describe('Folders within it that are left out.'),
  })
  .superRefine(({ folder, excludedFolders }, context) => {
    for (const [index, excluded] of excludedFolders.entries()) {
      if (excluded !== folder && isWithin(excluded, folder)) continue;
      context.addIssue({
        code: 'custom',
        path: ['excludedFolders', index],
        message: `Must lie within ${folder}.`,
      });
    }
  });

/** First the assets are counted, so that progress has a total; then they are processed, in the same order. */
const Cursor = z.object({
  phase: z.enum(['counting', 'processing']),
  /** The last asset counted or processed. */
  after: z.string().nullable(),
  total: z.number(),
  tally: Tally,
});
type Cursor = z.infer<typeof Cursor>;

type Step = Checkpoint & { cursor: Cursor };

/** Counting is quick; a checkpoint for each asset would be slower than the walk. */
const COUNTED_PER_CHECKPOINT = 200;

/** Works out the facts of each file in a folder: what it is, what it refers to, whether it is sound. */
export const processAssets = defineOperation({
  name: 'process-assets',
  label: 'Process assets',
  description:
    'Works out for each file of a folder its size, SHA-256, media type from content, title, ids, references, ' +
    'well-formedness and picture size, and writes them on the asset. A file that fails stops no other.',
  // Dataverse: values of one's own in a choice begin at 100,000,000.
  operationType: 100_000_000,
  lane: 'bulk',
  input: Input,
  cursor: Cursor,
  async *run({ folder, excludedFolders }, context: Context): AsyncGenerator<Step, Outcome, void> {
    const isExcluded = (path: string): boolean => excludedFolders.includes(path);
    const assetsAfter = (after: string | null) =>
      walkFolder(folder, { store: context.repositories.assets, isExcluded }, after ?? undefined);
    const start = context.cursor ?? { phase: 'counting', after: null, total: 0, tally: emptyTally() };
    const counted = start.phase === 'counting' ? yield* count(assetsAfter, start) : start;
    if (counted !== start) context.log(`Counted ${counted.total} files.`, { item: folder });
    const tally = yield* process(assetsAfter, counted, context);
    const said = summed(tally);
    context.log(said, { item: folder });
    return { result: { folder, excludedFolders, ...tally }, friendlyMessage: said };
  },
});

type Context = RunContext<AssetRepositories, Cursor>;
type AssetsAfter = (after: string | null) => AsyncIterable<Asset>;

async function* count(assetsAfter: AssetsAfter, start: Cursor): AsyncGenerator<Step, Cursor, void> {
  let cursor = start;
  for await (const { path } of assetsAfter(start.after)) {
    cursor = { ...cursor, after: path, total: cursor.total + 1 };
    if (cursor.total % COUNTED_PER_CHECKPOINT === 0) yield { done: 0, cursor };
  }
  return { phase: 'processing', after: null, total: cursor.total, tally: start.tally };
}

async function* process(
  assetsAfter: AssetsAfter,
  start: Cursor,
  context: Context,
): AsyncGenerator<Step, Tally, void> {
  const { processing, close } = openProcessing(context);
  let cursor = start;
  try {
    yield stepOf(cursor);
    const work = (asset: Asset) => processAsset(asset, processing);
    for await (const asset of inOrder(assetsAfter(start.after), ASSETS_AT_ONCE, work)) {
      say(asset, cursor.after, context.log);
      cursor = { ...cursor, after: asset.path, tally: withAsset(cursor.tally, asset) };
      yield stepOf(cursor);
    }
    return cursor.tally;
  } finally {
    await close();
  }
}

/** A line for each folder that is begun, and for each file with which something is wrong. */
function say(asset: Processed, before: string | null, log: Context['log']): void {
  const folder = folderOf(asset.path);
  if (before === null || folder !== folderOf(before)) log('Began a folder.', { item: folder });
  sayFault(asset, log);
}
