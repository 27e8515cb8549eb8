import { describe, expect, it } from '@jest/globals';
import type { LogPage } from '../../../shared/service/log-store.ts';
import { readTail, trustedPages } from '../../../shared/service/log-tail.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { aChunk, type KeptLog, keptLog, linesFrom } from '../../support/a-log.ts';
import { MemoryLogs } from '../../support/memory/memory-logs.ts';

const JOB = aRunningJob({ claimNumber: 3 });
const by = (claimNumber: number) => ({ ...JOB, claimNumber });

/** Where the log goes on, and which pages wait for their segment. */
async function tailOf(facts: KeptLog) {
  const { open, next, nextSlot } = await readTail(JOB, await keptLog(JOB, facts));
  return { open: open.map((page) => [page.slot, page.first, page.lines.length]), next, nextSlot };
}

describe('a log goes on', () => {
  it('with its first line where there is none', async () => {
    expect(await readTail(JOB, new MemoryLogs())).toEqual({ open: [], next: 1, nextSlot: 0 });
  });

  it('after its newest page, with all of them still to be packed together', async () => {
    const logs = await keptLog(JOB, {
      pages: [
        [0, 4, 2],
        [7, 1, 3],
      ],
    });
    expect(await readTail(JOB, logs)).toEqual({
      open: [
        {
          slot: 7,
          first: 1,
          lines: linesFrom(1, 3).map((line, n) => ({ ...line, number: 1 + n })),
          bytes: aChunk(1, 3).packed.length,
        },
        {
          slot: 0,
          first: 4,
          lines: linesFrom(4, 2).map((line, n) => ({ ...line, number: 4 + n })),
          bytes: aChunk(4, 2).packed.length,
        },
      ],
      next: 6,
      nextSlot: 1,
    });
  });

  it.each<[string, KeptLog, Awaited<ReturnType<typeof tailOf>>]>([
    ['in the first slot after the last', { pages: [[7, 1, 3]] }, { open: [[7, 1, 3]], next: 4, nextSlot: 0 }],
    [
      'after its last segment',
      {
        segments: [
          [1, 2],
          [3, 2],
        ],
      },
      { open: [], next: 5, nextSlot: 0 },
    ],
    [
      'after its last segment, though older lines still lie on pages',
      {
        segments: [[1, 5]],
        pages: [
          [2, 1, 3],
          [3, 4, 2],
        ],
      },
      { open: [], next: 6, nextSlot: 4 },
    ],
    [
      'after the pages that came after its last segment',
      {
        segments: [[1, 5]],
        pages: [
          [2, 4, 2],
          [3, 6, 2],
        ],
      },
      { open: [[3, 6, 2]], next: 8, nextSlot: 4 },
    ],
    [
      'after its pages, where a crash has left the last segment without lines',
      {
        segments: [
          [1, 2],
          [3, 5],
        ],
        pages: [[4, 3, 3]],
        lost: [3],
      },
      { open: [[4, 3, 3]], next: 6, nextSlot: 5 },
    ],
    [
      'after its pages, where a crash has left of their own segment the entry alone',
      {
        segments: [[1, 5]],
        pages: [
          [0, 1, 3],
          [1, 4, 2],
        ],
        lost: [1],
      },
      {
        open: [
          [0, 1, 3],
          [1, 4, 2],
        ],
        next: 6,
        nextSlot: 2,
      },
    ],
    [
      'with its first line, where a crash has left its only segment without lines',
      { segments: [[1, 5]], lost: [1] },
      { open: [], next: 1, nextSlot: 0 },
    ],
    [
      'after the segment before, where a crash has left the last one without lines',
      {
        segments: [
          [1, 5],
          [6, 5],
        ],
        lost: [6],
      },
      { open: [], next: 6, nextSlot: 0 },
    ],
  ])('%s', async (_where, facts, tail) => {
    expect(await tailOf(facts)).toEqual(tail);
  });

  it('after a segment that has lines after it: that one is whole, and is not read', async () => {
    const logs = await keptLog(JOB, { segments: [[1, 5]], pages: [[0, 6, 1]], lost: [1] });
    expect(await readTail(JOB, logs)).toMatchObject({ open: [{ first: 6 }], next: 7 });
    expect(logs.read).toBe(0);
  });

  it('with what its successor has left of a page', async () => {
    const logs = new MemoryLogs();
    await logs.putPage(by(1), 0, aChunk(1, 5));
    await logs.putPage(by(2), 1, aChunk(3, 2));
    const { open, next, nextSlot } = await readTail(JOB, logs);
    expect(open.map((page) => page.lines.map(({ text }) => text))).toEqual([
      ['line 1', 'line 2'],
      ['line 3', 'line 4'],
    ]);
    expect([next, nextSlot]).toEqual([5, 2]);
  });
});

const page = (claimNumber: number, first: number, count: number): LogPage => ({
  slot: first,
  claimNumber,
  ...aChunk(first, count),
});
const placesOf = (pages: LogPage[]) =>
  pages.map(({ claimNumber, first, count }) => [claimNumber, first, count]);

describe('pages that are believed', () => {
  it('come in the order of their lines', () => {
    const pages = [page(1, 9, 1), page(1, 1, 4), page(1, 5, 4)];
    expect(placesOf(trustedPages(pages))).toEqual([
      [1, 1, 4],
      [1, 5, 4],
      [1, 9, 1],
    ]);
  });

  it('are those of the later claim from where it has begun', () => {
    const pages = [page(1, 1, 4), page(1, 5, 4), page(1, 9, 4), page(3, 7, 1), page(2, 6, 9), page(1, 6, 2)];
    expect(placesOf(trustedPages(pages))).toEqual([
      [1, 1, 4],
      [1, 5, 1],
      [2, 6, 1],
      [3, 7, 1],
    ]);
  });
});
