import * as z from 'zod';
import type { Asset, Entry } from '../assets/asset.ts';
import { overdueBy } from '../assets/overdue.ts';
import type { AssetStore } from '../assets/ports.ts';
import { processAsset } from '../assets/process-asset.ts';
import { emptyTally, Tally, withAsset } from '../assets/tally.ts';
import { CANCELABLE_UPKEEP } from '../job/open-verbs.ts';
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

/** First they are counted, so that progress has a total; then they are processed. */
const Cursor = z.object({
  phase: z.enum(['counting', 'processing']),
  /** Those announced later are another job's. */
  by: z.string(),
  /** The page of the index that comes next. */
  from: z.string().nullable(),
  total: z.number(),
  tally: Tally,
});
type Cursor = z.infer<typeof Cursor>;

type Step = Checkpoint & { cursor: Cursor };
type Steps<T> = AsyncGenerator<Step, T, void>;
type Context = RunContext<AssetRepositories, Cursor>;

/** As long as a job of the lane `standard` may keep others waiting. */
const GIVES_WAY_AFTER_MS = 5_000;
/** Keys: so many are far from the 1 MB that a query answers with. */
const COUNTED_AT_ONCE = 1_000;

/**
 * Does for the assets that the index `unprocessed` has what `process-assets` does for a folder. Who is done is in the
 * index no more; so after a crash nothing is done twice but what was under work, and the report is a little low.
 */
export const processOverdue = defineOperation({
  name: CANCELABLE_UPKEEP,
  label: 'Process overdue assets',
  description:
    'Processes the files that were announced two hours ago or earlier and that nobody has had processed since. ' +
    'Made by the reprocessing scan; gives way to other jobs; an admin may cancel it.',
  operationType: 100_000_005,
  lane: 'bulk',
  isPlatformGenerated: true,
  givesWayAfterMs: GIVES_WAY_AFTER_MS,
  input: z.strictObject({}),
  cursor: Cursor,
  async *run(_input, context: Context): Steps<Outcome> {
    const start = context.cursor ?? begin(context.clock());
    const counted = start.phase === 'counting' ? yield* count(start, context.repositories.assets) : start;
    const tally = yield* process(counted, context);
    const said = summed(tally);
    context.log(said);
    return { result: tally, friendlyMessage: said };
  },
});

const begin = (now: number): Cursor => ({
  phase: 'counting',
  by: overdueBy(now),
  from: null,
  total: 0,
  tally: emptyTally(),
});

async function* count(start: Cursor, assets: AssetStore): Steps<Cursor> {
  let at = start;
  for (;;) {
    const { paths, next } = await assets.unprocessed(pageOf(at, COUNTED_AT_ONCE));
    at = { ...at, from: next ?? null, total: at.total + paths.length };
    if (next === undefined) return { ...at, phase: 'processing' };
    yield { done: 0, cursor: at };
  }
}

async function* process(start: Cursor, context: Context): Steps<Tally> {
  const { assets } = context.repositories;
  const { processing, close } = openProcessing(context);
  let at = start;
  try {
    yield stepOf(at);
    for (;;) {
      const { paths, next } = await assets.unprocessed(pageOf(at, ASSETS_AT_ONCE));
      const overdue = stillOverdue(await assets.entriesAt(paths), at);
      const results = await Promise.allSettled(overdue.map((asset) => processAsset(asset, processing)));
      const done = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      for (const asset of done) sayFault(asset, context.log);
      at = { ...at, tally: done.reduce(withAsset, at.tally) };
      const failed = results.find((each) => each.status === 'rejected');
      // Those that are done will not be found again, so they are counted now, whatever becomes of the others.
      if (failed !== undefined) {
        yield { ...stepOf(at), mustSave: true };
        throw failed.reason;
      }
      at = { ...at, from: next ?? at.from };
      yield stepOf(at);
      if (next === undefined) return at.tally;
    }
  } finally {
    await close();
  }
}

const pageOf = ({ by, from }: Cursor, limit: number) => ({ by, from: from ?? undefined, limit });

/** The index lags; and somebody may have had a file processed, or announced it anew, since it was read. */
const stillOverdue = (entries: ReadonlyMap<string, Entry>, { by }: Cursor): Asset[] =>
  [...entries.values()].flatMap((entry) =>
    entry.kind === 'asset' && entry.status === 'uploading' && entry.modifiedOn <= by ? [entry] : [],
  );
