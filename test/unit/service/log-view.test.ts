import { describe, expect, it } from '@jest/globals';
import type { LogEntry } from '../../../shared/job/log-entry.ts';
import { LogView } from '../../../shared/service/log-view.ts';
import { packLines } from '../../../shared/service/packed-log.ts';
import { linesBefore } from '../../../shared/service/walk-log.ts';
import { aRunningJob } from '../../support/a-job.ts';
import { aChunk, allOf, downwards, type KeptLog, keptLog, linesFrom, upwards } from '../../support/a-log.ts';
import { MemoryLogs } from '../../support/memory/memory-logs.ts';

const JOB = aRunningJob();

const texts = (lines: readonly LogEntry[]) =>
  lines.map(({ number, text, missing }) => (missing === undefined ? text : `${number}: ${text}`));
const lines = (from: number, to: number) => linesFrom(from, to - from + 1).map(({ text }) => text);

describe('lines that are gone', () => {
  it.each<[string, KeptLog, string[]]>([
    [
      'in the middle',
      {
        segments: [
          [1, 5],
          [6, 5],
          [11, 5],
        ],
        pages: [[0, 16, 2]],
        lost: [6],
      },
      [...lines(1, 5), '10: 5 lines are left out here.', ...lines(11, 17)],
    ],
    [
      'of two segments',
      {
        segments: [
          [1, 5],
          [6, 5],
          [11, 5],
          [16, 5],
        ],
        lost: [6, 11],
      },
      [...lines(1, 5), '15: 10 lines are left out here.', ...lines(16, 20)],
    ],
    [
      'at the begin',
      {
        segments: [
          [1, 1],
          [2, 4],
        ],
        lost: [1],
      },
      ['1: 1 line is left out here.', ...lines(2, 5)],
    ],
    [
      'before the pages',
      {
        segments: [
          [1, 5],
          [6, 5],
        ],
        pages: [[3, 11, 1]],
        lost: [6],
      },
      [...lines(1, 5), '10: 5 lines are left out here.', 'line 11'],
    ],
    [
      'without a trace',
      {
        segments: [
          [1, 5],
          [9, 2],
        ],
        pages: [[3, 13, 1]],
      },
      [
        ...lines(1, 5),
        '8: 3 lines are left out here.',
        ...lines(9, 10),
        '12: 2 lines are left out here.',
        'line 13',
      ],
    ],
    [
      'at the very end, where they were never there',
      {
        segments: [
          [1, 5],
          [6, 5],
        ],
        lost: [6],
      },
      lines(1, 5),
    ],
    ['all together', { segments: [[1, 5]], lost: [1] }, []],
  ])('%s are told once, from either end', async (_where, facts, told) => {
    const logs = await keptLog(JOB, facts);
    expect(texts(await upwards(JOB, logs))).toEqual(told);
    expect(texts(await downwards(JOB, logs))).toEqual(told.toReversed());
  });

  it('are told with the time at which the log goes on, as a warning', async () => {
    const logs = await keptLog(JOB, {
      segments: [
        [1, 5],
        [6, 5],
      ],
      lost: [1],
    });
    const [first] = await upwards(JOB, logs);
    const text = '5 lines are left out here.';
    expect(first).toEqual({ number: 5, at: linesFrom(6, 1)[0]?.at, level: 'warn', text, missing: 5 });
  });

  it('above the limit are told with it, and with the time at which the newest ones begin', async () => {
    const logs = await keptLog(JOB, { segments: [[1, 2_000, 1_000]] });
    const told = (await upwards(JOB, logs)).filter(({ missing }) => missing !== undefined);
    expect(told).toEqual([
      {
        number: 1_100,
        at: linesFrom(1_101, 1)[0]?.at,
        level: 'warn',
        text: '1000 lines are left out here. This log keeps 1000: the first tenth, and the newest.',
        missing: 1_000,
      },
    ]);
  });

  it('are counted from where one begins to read', async () => {
    const logs = await keptLog(JOB, {
      segments: [
        [1, 5],
        [6, 5],
        [11, 5],
      ],
      lost: [6],
    });
    expect(texts(await upwards(JOB, logs, 7))).toEqual(['10: 3 lines are left out here.', ...lines(11, 15)]);
    const view = await LogView.open(JOB, logs);
    const below = await allOf(linesBefore(9, view));
    expect(texts(below)).toEqual(['8: 3 lines are left out here.', ...lines(1, 5).toReversed()]);
  });
});

describe('a view of a log', () => {
  it('reads each segment once, also where some are gone', async () => {
    const segments = [
      [1, 5],
      [6, 5],
      [11, 5],
    ] as const;
    for (const lost of [[], [6]]) {
      const logs = await keptLog(JOB, { segments, pages: [[0, 16, 1]], lost });
      await upwards(JOB, logs);
      expect(logs.read).toBe(3);
    }
    const logs = await keptLog(JOB, { segments, pages: [[0, 16, 1]] });
    await downwards(JOB, logs);
    expect(logs.read).toBe(3);
  });

  it.each<[string, KeptLog, number | undefined, number]>([
    ['of a page', { pages: [[0, 1, 5, 1_000]] }, 1_000, 5],
    ['of a segment', { segments: [[1, 5, 2_000]] }, 2_000, 5],
    ['of the newest page', { segments: [[1, 5, 2_000]], pages: [[0, 6, 1, 1_000]] }, 1_000, 6],
    ['of the newest segment', { segments: [[1, 5, 2_000]], pages: [[0, 3, 1, 1_000]] }, 2_000, 5],
    ['that nobody has asked for yet', { pages: [[0, 1, 5]] }, undefined, 5],
    ['of a log without lines', {}, undefined, 0],
  ])('goes by the limit %s', async (_which, facts, most, last) => {
    expect(await LogView.open(JOB, await keptLog(JOB, facts))).toMatchObject({ most, last });
  });

  it('shows of a page what comes before its successor’s lines', async () => {
    const logs = await keptLog(JOB, { pages: [[0, 1, 5]] });
    const theirs = packLines(linesFrom(3, 2).map((line) => ({ ...line, text: 'later' })));
    await logs.putPage({ ...JOB, claimNumber: 2 }, 1, { first: 3, count: 2, packed: theirs });
    expect(texts(await upwards(JOB, logs))).toEqual(['line 1', 'line 2', 'later', 'later']);
    expect(texts(await downwards(JOB, logs))).toEqual(['later', 'later', 'line 2', 'line 1']);
  });

  it('believes the later claim where segments overlap', async () => {
    const logs = new MemoryLogs();
    const theirs = packLines(linesFrom(11, 5).map((line) => ({ ...line, text: 'later' })));
    await logs.putSegment({ ...JOB, claimNumber: 2 }, { first: 11, count: 5, packed: theirs });
    await logs.putSegment({ ...JOB, claimNumber: 1 }, aChunk(12, 5));
    const view = await LogView.open(JOB, logs);
    expect((await view.around(13))?.map(({ text }) => text)).toEqual(Array(5).fill('later'));
    expect((await view.around(16))?.map(({ text }) => text)).toEqual(lines(12, 16));
    expect(await view.around(17)).toBeUndefined();
    expect(await view.around(10)).toBeUndefined();
  });

  it('knows where lines go on', async () => {
    const facts: KeptLog = {
      segments: [
        [1, 5],
        [9, 2],
      ],
      pages: [
        [3, 13, 2],
        [4, 20, 1],
      ],
    };
    const view = await LogView.open(JOB, await keptLog(JOB, facts));
    const above = [0, 1, 8, 9, 13, 20].map((number) => view.above(number));
    expect(await Promise.all(above)).toEqual([1, 9, 9, 13, 20, undefined]);
    const below = [1, 5, 6, 10, 11, 15, 21].map((number) => view.below(number));
    expect(await Promise.all(below)).toEqual([undefined, undefined, 5, 5, 10, 14, 20]);
  });
});
