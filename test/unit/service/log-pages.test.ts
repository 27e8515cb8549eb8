import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../../../shared/job/log-entry.ts';
import { pagesFor, parts } from '../../../shared/service/log-pages.ts';
import { LOG_SLOTS } from '../../../shared/service/log-store.ts';
import { type LogTail, NEW_LOG, type OpenPage } from '../../../shared/service/log-tail.ts';
import { packLines, unpackLines } from '../../../shared/service/packed-log.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const aLine = (text = 'said'): LogLine => ({ at: NOON, level: 'info', text });
const linesOf = (count: number, text?: string): LogLine[] => Array.from({ length: count }, () => aLine(text));
/** Lines that no packing makes shorter than some 32 bytes each. */
const noise = (count: number, seed = 'noise'): LogLine[] =>
  Array.from({ length: count }, (_, n) =>
    aLine(createHash('sha256').update(`${seed} ${n}`).digest('base64url')),
  );

const aPage = (facts: Partial<OpenPage> = {}): OpenPage => ({
  slot: 3,
  first: 11,
  lines: linesOf(2, 'before'),
  bytes: 100,
  ...facts,
});
/** The log goes on with the line 13 and in slot 4. */
const after = (...open: OpenPage[]): LogTail => ({ open, next: 13, nextSlot: 4 });

/** Where lines come to lie. */
const placesOf = (lines: readonly LogLine[], tail: LogTail) =>
  pagesFor(lines, tail)?.map(({ page, added }) => [page.slot, page.first, page.lines.length, added]);

describe('lines that are written', () => {
  it('come on the first page of a new log', () => {
    const lines = linesOf(3);
    const packed = packLines(lines);
    expect(pagesFor(lines, NEW_LOG)).toEqual([
      { page: { slot: 0, first: 1, lines, bytes: packed.length }, packed, added: 3 },
    ]);
  });

  it('come on the last page where that is short: it is written anew', () => {
    const [last, lines] = [aPage(), linesOf(3)];
    const packed = packLines([...last.lines, ...lines]);
    expect(pagesFor(lines, after(aPage({ slot: 2, first: 1 }), last))).toEqual([
      {
        page: { slot: 3, first: 11, lines: [...last.lines, ...lines], bytes: packed.length },
        packed,
        added: 3,
      },
    ]);
  });

  it.each([
    ['on the last page while that takes less than one unit', 913, [3, 11, 3, 1]],
    ['on a page of their own when it takes a whole one', 914, [4, 13, 1, 1]],
  ])('come %s', (_where, bytes, place) => {
    expect(placesOf(linesOf(1), after(aPage({ bytes })))).toEqual([place]);
  });

  it.each([
    ['on a page of their own where both together cost a unit more', 20, 12, [4, 13, 12, 12]],
    ['on the last page where they cost the unit in any case', 8, 40, [3, 11, 48, 40]],
  ])('come %s', (_where, before, now, place) => {
    const last = aPage({ lines: noise(before, 'before'), bytes: 900 });
    expect(placesOf(noise(now), after(last))).toEqual([place]);
  });

  it('come on pages of 8 KB, in the next slots, in order', () => {
    const lines = noise(1_000);
    const plan = pagesFor(lines, { open: [], next: 13, nextSlot: 6 }) ?? [];
    expect(plan.map(({ page }) => page.slot)).toEqual([6, 7, 0, 1, 2, 3, 4, 5]);
    expect(plan.flatMap(({ page, packed }) => unpackLines({ first: page.first, packed }))).toEqual(
      lines.map((line, place) => ({ ...line, number: 13 + place })),
    );
    for (const { page, packed, added } of plan) {
      expect([page.bytes, added]).toEqual([packed.length, page.lines.length]);
      expect(packed.length + 110).toBeLessThanOrEqual(8_192);
    }
  });

  it('make no page longer than 8 KB by coming on one that is short', () => {
    const both = placesOf(noise(255), after(aPage({ lines: noise(3, 'before'), bytes: 100 })));
    expect(both).toEqual([
      [4, 13, 128, 128],
      [5, 141, 127, 127],
    ]);
  });

  it('have a page however long one of them is', () => {
    const long = noise(400).map(({ text }) => text);
    expect(placesOf([aLine(long.join(''))], NEW_LOG)).toEqual([[0, 1, 1, 1]]);
  });
});

const pages = (count: number) => Array.from({ length: count }, () => aPage({ bytes: 1_000 }));

describe('lines that are too many for pages', () => {
  it.each([
    ['2,000 of them', linesOf(1_999), aLine()],
    ['256 KB of them', linesOf(1_023, 'x'.repeat(226)), aLine('x'.repeat(226))],
  ])('become a segment: %s', (_how, lines, one) => {
    expect(placesOf(lines, NEW_LOG)).toBeDefined();
    expect(placesOf([...lines, one], NEW_LOG)).toBeUndefined();
  });

  it('are counted with those that lie on pages', () => {
    const before = aPage({ lines: linesOf(1_900), bytes: 1_000 });
    expect(placesOf(linesOf(99), after(before))).toBeDefined();
    expect(placesOf(linesOf(100), after(before))).toBeUndefined();
  });

  it('become a segment when no slot is free', () => {
    expect(placesOf(linesOf(1), after(...pages(LOG_SLOTS - 1)))).toEqual([[4, 13, 1, 1]]);
    expect(placesOf(linesOf(1), after(...pages(LOG_SLOTS)))).toBeUndefined();
    expect(placesOf(noise(400), after(...pages(LOG_SLOTS - 1)))).toBeUndefined();
  });
});

const sizes = (lines: readonly LogLine[]) => parts(lines).map((part) => part.length);

describe('the parts that become segments', () => {
  it('are none of no lines', () => {
    expect(parts([])).toEqual([]);
  });

  it('have 2,000 lines each, in order', () => {
    const lines = upToText(4_001);
    expect(parts(lines).flat()).toEqual(lines);
    expect(sizes(lines)).toEqual([2_000, 2_000, 1]);
    expect(sizes(lines.slice(1))).toEqual([2_000, 2_000]);
  });

  it('have 256 KB each', () => {
    expect(sizes(linesOf(2_049, 'x'.repeat(226)))).toEqual([1_024, 1_024, 1]);
  });
});

const upToText = (count: number): LogLine[] => Array.from({ length: count }, (_, n) => aLine(`line ${n}`));
