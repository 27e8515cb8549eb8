import type { LogLine } from '../job/log-entry.ts';
import { LOG_SLOTS } from './log-store.ts';
import type { LogTail, OpenPage } from './log-tail.ts';
import { packLines } from './packed-log.ts';

/** A segment has as many bytes or lines at most, before they are packed. */
const SEGMENT_BYTES = 256 * 1024;
const SEGMENT_LINES = 2_000;
/** Of a packed page. DynamoDB charges a write for each begun KB. */
const PAGE_BYTES = 8 * 1024;
const UNIT_BYTES = 1_024;
/** Key and attributes beside the lines. */
const ITEM_BYTES = 110;

export interface PlannedPage {
  readonly page: OpenPage;
  readonly packed: Uint8Array;
  /** How many of its lines are new. */
  readonly added: number;
}

/** The pages that these lines come on; nothing if they are so many that all goes to a segment. */
export function pagesFor(lines: readonly LogLine[], tail: LogTail): PlannedPage[] | undefined {
  const { open, next, nextSlot } = tail;
  const all = [...open.flatMap((page) => page.lines), ...lines];
  if (all.length >= SEGMENT_LINES || sizeOf(all) >= SEGMENT_BYTES) return undefined;
  const joined = joinedToLast(lines, open.at(-1));
  if (joined !== undefined) return [joined];
  const packs = packsOf(lines);
  if (open.length + packs.length > LOG_SLOTS) return undefined;
  let first = next;
  return packs.map(({ some, packed }, place) => {
    const slot = (nextSlot + place) % LOG_SLOTS;
    const page = { slot, first, lines: some, bytes: packed.length };
    first += some.length;
    return { page, packed, added: some.length };
  });
}

/** A short page is written anew with more lines, where that costs no more than a page of their own. */
function joinedToLast(lines: readonly LogLine[], last: OpenPage | undefined): PlannedPage | undefined {
  if (last === undefined || last.bytes + ITEM_BYTES >= UNIT_BYTES) return undefined;
  const both = [...last.lines, ...lines];
  const packed = packLines(both);
  if (packed.length > PAGE_BYTES || unitsOf(packed) > unitsOf(packLines(lines))) return undefined;
  return { page: { ...last, lines: both, bytes: packed.length }, packed, added: lines.length };
}

const unitsOf = ({ length }: Uint8Array): number => Math.ceil((length + ITEM_BYTES) / UNIT_BYTES);

function packsOf(lines: readonly LogLine[]): { some: readonly LogLine[]; packed: Uint8Array }[] {
  const packed = packLines(lines);
  if (packed.length + ITEM_BYTES <= PAGE_BYTES || lines.length === 1) return [{ some: lines, packed }];
  const half = Math.ceil(lines.length / 2);
  return [...packsOf(lines.slice(0, half)), ...packsOf(lines.slice(half))];
}

/** Always cut at the same lines, so that what is tried again is written to the same places. */
export function parts(lines: readonly LogLine[]): LogLine[][] {
  const all: LogLine[][] = [];
  let bytes = SEGMENT_BYTES;
  for (const line of lines) {
    const latest = all.at(-1);
    if (latest === undefined || bytes >= SEGMENT_BYTES || latest.length >= SEGMENT_LINES) {
      all.push([line]);
      bytes = 0;
    } else latest.push(line);
    bytes += bytesOf(line);
  }
  return all;
}

const sizeOf = (lines: readonly LogLine[]): number => lines.reduce((sum, line) => sum + bytesOf(line), 0);
/** Near enough, without encoding it. */
export const bytesOf = ({ text, item = '' }: LogLine): number => text.length + item.length + 30;
