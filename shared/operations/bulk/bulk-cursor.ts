import * as z from 'zod';
import type { Checkpoint } from '../../service/operation.ts';

/** What became of one item; `waiting` until its turn has come. */
export const OUTCOMES = ['done', 'already', 'refused', 'skipped', 'failed'] as const;
export type BulkOutcome = (typeof OUTCOMES)[number];

/** A line of the list of items. */
export const Item = z.object({
  jobId: z.string(),
  name: z.string(),
  outcome: z.enum(['waiting', ...OUTCOMES]),
  detail: z.string().exactOptional(),
  newJobId: z.string().exactOptional(),
});
export type Item = z.infer<typeof Item>;

export const ITEM_COLUMNS = [
  'jobId',
  'name',
  'outcome',
  'detail',
  'newJobId',
] as const satisfies (keyof Item)[];
/** One checkpoint each: so much is done again at most after a crash. */
export const ITEMS_PER_PAGE = 100;

const Counts = z.record(z.enum(OUTCOMES), z.number());
export type Counts = z.infer<typeof Counts>;
export const NO_COUNTS: Counts = { done: 0, already: 0, refused: 0, skipped: 0, failed: 0 };

/** First the items are found and listed, so that there is a total and none comes twice; then they are worked off. */
export const BulkCursor = z.object({
  /** Whose cursor it is: a rerun "from the checkpoint" has no list yet, and begins anew. */
  jobId: z.string(),
  phase: z.enum(['finding', 'applying']),
  /** When it began: what `now()` means in the filter. Milliseconds since 1970. */
  now: z.number(),
  /** How often the walk over the open jobs was begun. */
  walks: z.number(),
  /** Where the walk goes on. */
  from: z.string().nullable(),
  /** Pages of the list that are full, and what is found beyond them. */
  pages: z.number(),
  pending: z.array(Item),
  found: z.number(),
  /** The next page to be worked off. */
  page: z.number(),
  done: z.number(),
  counts: Counts,
});
export type BulkCursor = z.infer<typeof BulkCursor>;

export type BulkStep = Checkpoint & { cursor: BulkCursor };
export type BulkSteps<R = BulkCursor> = AsyncGenerator<BulkStep, R, void>;

export const beginBulk = (jobId: string, now: number): BulkCursor => ({
  jobId,
  phase: 'finding',
  now,
  walks: 0,
  from: null,
  pages: 0,
  pending: [],
  found: 0,
  page: 0,
  done: 0,
  counts: NO_COUNTS,
});

/** There is a total as soon as all are found. */
export const bulkStep = (cursor: BulkCursor): BulkStep => ({
  done: cursor.done,
  ...(cursor.phase === 'applying' && { total: cursor.found }),
  cursor,
});

export function counted(counts: Counts, items: readonly Item[]): Counts {
  const more = (outcome: BulkOutcome): number => items.filter((item) => item.outcome === outcome).length;
  return {
    done: counts.done + more('done'),
    already: counts.already + more('already'),
    refused: counts.refused + more('refused'),
    skipped: counts.skipped + more('skipped'),
    failed: counts.failed + more('failed'),
  };
}
