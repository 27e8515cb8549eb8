import type { Incarnation } from '../job/details-key.ts';
import type { LogLine } from '../job/log-entry.ts';
import { LOG_SLOTS, type LogPage, type LogSegment, type LogStore } from './log-store.ts';
import { unpackLines } from './packed-log.ts';

/** A page that is not part of a segment yet. */
export interface OpenPage {
  readonly slot: number;
  readonly first: number;
  readonly lines: readonly LogLine[];
  /** Of the packed page. */
  readonly bytes: number;
}

/** Where a log goes on. */
export interface LogTail {
  readonly open: readonly OpenPage[];
  /** The number of the next line. */
  readonly next: number;
  readonly nextSlot: number;
}

export const NEW_LOG: LogTail = { open: [], next: 1, nextSlot: 0 };

export const endOf = ({ first, count }: { first: number; count: number }): number => first + count - 1;

/** The highest and the lowest number. */
export const ALL_NUMBERS = { from: 1, to: Number.MAX_SAFE_INTEGER } as const;

/** Reads where the log of earlier claims ended. */
export async function readTail(job: Incarnation, store: LogStore): Promise<LogTail> {
  // One after the other: if one failed, nobody would wait for the other one.
  const pages = trustedPages(await store.pages(job));
  const segments = await store.segments(job, { ...ALL_NUMBERS, order: 'down', limit: 2 });
  const last = pages.at(-1);
  const sealed = await sealedUpTo(segments, last === undefined ? 0 : endOf(last), store);
  const open = pages.filter((page) => page.first > sealed).map(opened);
  return {
    open,
    next: Math.max(sealed, last === undefined ? 0 : endOf(last)) + 1,
    nextSlot: last === undefined ? 0 : (last.slot + 1) % LOG_SLOTS,
  };
}

/** A segment is whole if lines were written after it; of the last one a crash may have left the entry alone. */
async function sealedUpTo(
  [latest, before]: readonly LogSegment[],
  lastOnPages: number,
  store: LogStore,
): Promise<number> {
  if (latest === undefined) return 0;
  const isWhole = endOf(latest) < lastOnPages || (await store.readSegment(latest)) !== undefined;
  if (isWhole) return endOf(latest);
  return before === undefined ? 0 : endOf(before);
}

function opened(page: LogPage): OpenPage {
  const { slot, first, packed } = page;
  return { slot, first, lines: unpackLines(page).slice(0, page.count), bytes: packed.length };
}

/**
 * The pages in their order, without what a worker that had been replaced went on to write: from where a later claim
 * has begun its lines count alone.
 */
export function trustedPages(pages: readonly LogPage[]): LogPage[] {
  return pages
    .map((page) => {
      const later = pages.filter(({ claimNumber }) => claimNumber > page.claimNumber);
      const until = Math.min(...later.map(({ first }) => first));
      return { ...page, count: Math.min(page.count, until - page.first) };
    })
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => a.first - b.first);
}
