import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { boundedLine, LOG_LEVELS, leftOut, MAX_LINE, MAX_LINE_ITEM } from '../../../shared/job/log-entry.ts';
import { packLines, unpackLines } from '../../../shared/service/packed-log.ts';

const line = fc
  .record({
    at: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
    level: fc.constantFrom(...LOG_LEVELS),
    text: fc.string({ unit: 'binary', maxLength: 2_000 }),
    item: fc.option(fc.string({ unit: 'binary', maxLength: 2_000 }), { nil: undefined }),
    etaSeconds: fc.option(fc.double(), { nil: undefined }),
  })
  .map(({ item, etaSeconds, ...rest }) => ({
    ...rest,
    ...(item !== undefined && { item }),
    ...(etaSeconds !== undefined && { etaSeconds }),
  }));

describe('a line', () => {
  it('is bounded and well-formed whatever is put into it, and comes back from a pack as it went in', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), fc.integer({ min: 1, max: 1e9 }), (said, first) => {
        const lines = said.map(boundedLine);
        for (const { text, item = '', etaSeconds = 0 } of lines) {
          expect(text.length).toBeLessThanOrEqual(MAX_LINE);
          expect(item.length).toBeLessThanOrEqual(MAX_LINE_ITEM);
          expect(text.isWellFormed() && item.isWellFormed() && Number.isFinite(etaSeconds)).toBe(true);
        }
        const unpacked = unpackLines({ first, packed: packLines(lines) });
        expect(unpacked.map(({ number }) => number)).toEqual(lines.map((_, place) => first + place));
        // What is lost by encoding as JSON is lost: -0.
        expect(JSON.stringify(unpacked.map(({ number: _number, ...rest }) => rest))).toBe(
          JSON.stringify(lines),
        );
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['x'.repeat(1_000), 'x'.repeat(1_000)],
    ['x'.repeat(1_001), `${'x'.repeat(999)}…`],
    [`${'x'.repeat(998)}😀xx`, `${'x'.repeat(998)}…`],
    ['\uD83D', '\uFFFD'],
  ])('is cut between characters (%#)', (text, kept) => {
    expect(boundedLine({ at: 0, level: 'info', text }).text).toBe(kept);
  });
});

describe('what is left out of a log', () => {
  it.each([
    [999, 1_000, undefined],
    [1_000, 1_000, undefined],
    [1_001, 1_000, { from: 101, to: 101 }],
    [5_000, 1_000, { from: 101, to: 4_100 }],
    [5_000, undefined, undefined],
  ])('of %i lines that keeps %s is %j', (last, most, expected) => {
    expect(leftOut(last, most)).toEqual(expected);
  });
});
