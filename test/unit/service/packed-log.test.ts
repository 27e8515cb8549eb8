import { describe, expect, it } from '@jest/globals';
import type { LogLine } from '../../../shared/job/log-entry.ts';
import { packLines, unpackLines } from '../../../shared/service/packed-log.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

describe('lines that are packed', () => {
  it('come out as they were, with their numbers, whatever some of them lack', () => {
    const lines: LogLine[] = [
      { at: NOON, level: 'info', text: 'one' },
      { at: NOON + 7, level: 'error', text: 'two', item: '/a', etaSeconds: 100 },
      { at: NOON - 3, level: 'debug', text: '', etaSeconds: 0 },
      { at: NOON + 9, level: 'warn', text: '日本', item: '' },
      { at: NOON + 9, level: 'info', text: 'five', item: '/b', etaSeconds: 90 },
    ];
    const numbered = lines.map((line, place) => ({ number: 41 + place, ...line }));
    expect(unpackLines({ first: 41, packed: packLines(lines) })).toEqual(numbered);
  });

  it('are short where they resemble each other', () => {
    const lines = Array.from(
      { length: 50 },
      (_, n): LogLine => ({
        at: NOON + n * 1_000 + (n % 7),
        level: 'info',
        text: `Processed the file: 12 references, ${n % 7} of them broken. ${'So it is'.padEnd(40, '.')}`,
        etaSeconds: 10_000 - 10 * n,
      }),
    );
    expect(packLines(lines).length).toBeLessThan(512);
  });
});
