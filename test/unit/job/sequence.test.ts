import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { msOfSequence, SEQUENCES_PER_MS, sequenceAt, sequenceMaker } from '../../../shared/job/sequence.ts';

const AN_INSTANT = fc.integer({ min: 0, max: Date.parse('2109-01-01') });
/** What Math.random gives: at least 0, below 1. */
const A_RANDOM = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const READINGS = fc.array(fc.tuple(AN_INSTANT, A_RANDOM), { minLength: 1, maxLength: 50 });

/** The numbers of one creator whose clock and dice show these readings, one after the other. */
function numbersOf(readings: readonly (readonly [number, number])[]): number[] {
  let turn = 0;
  const next = sequenceMaker(
    () => readings[turn]?.[0] ?? 0,
    () => readings[turn]?.[1] ?? 0,
  );
  return readings.map((_, index) => {
    turn = index;
    return next();
  });
}

describe('the sequences of one creator', () => {
  it('grow strictly, whatever its clock does', () => {
    fc.assert(
      fc.property(READINGS, (readings) => {
        const numbers = numbersOf(readings);
        return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
      }),
    );
  });

  it('are exact as JSON numbers until the year 2109', () => {
    fc.assert(fc.property(READINGS, (readings) => numbersOf(readings).every(Number.isSafeInteger)));
  });

  it('tell the millisecond of creation while the clock goes forward', () => {
    fc.assert(
      fc.property(
        AN_INSTANT,
        A_RANDOM,
        (ms, random) =>
          msOfSequence(
            sequenceMaker(
              () => ms,
              () => random,
            )(),
          ) === ms,
      ),
    );
  });

  it('of two creators order by creation where their milliseconds differ', () => {
    fc.assert(
      fc.property(AN_INSTANT, A_RANDOM, A_RANDOM, (ms, one, other) => {
        const earlier = sequenceMaker(
          () => ms,
          () => one,
        )();
        const later = sequenceMaker(
          () => ms + 1,
          () => other,
        )();
        return earlier < later;
      }),
    );
  });

  it('enter their millisecond anywhere, so that two creators rarely meet', () => {
    const places = [0, 0.25, 0.5, 0.9999].map(
      (random) =>
        sequenceMaker(
          () => 5_000,
          () => random,
        )() - sequenceAt(5_000),
    );
    expect(places).toEqual([0, 512, 1_024, 2_047]);
  });

  it('borrow from the next milliseconds when one is used up, and give the time back', () => {
    let now = 1_000;
    const next = sequenceMaker(
      () => now,
      () => 0,
    );
    const numbers = Array.from({ length: SEQUENCES_PER_MS + 1 }, next);
    now = 1_002;
    expect([msOfSequence(numbers.at(-1) ?? 0), msOfSequence(next())]).toEqual([1_001, 1_002]);
  });
});

describe('the first sequence of an instant', () => {
  it('is above all of the millisecond before and none of its own', () => {
    const highest = sequenceMaker(
      () => 4_999,
      () => 1 - Number.EPSILON,
    )();
    const lowest = sequenceMaker(
      () => 5_000,
      () => 0,
    )();
    expect([highest < sequenceAt(5_000), sequenceAt(5_000) <= lowest]).toEqual([true, true]);
  });
});
