import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { backOffMs } from '../../../shared/service/back-off.ts';

describe('the wait before the next try', () => {
  it.each([
    [0, 1_000, 2_000],
    [1, 2_000, 4_000],
    [2, 4_000, 8_000],
    [8, 256_000, 512_000],
    [9, 300_000, 600_000],
    [99, 300_000, 600_000],
  ])('after %d tries is between %d and %d ms', (retries, least, most) => {
    expect([backOffMs(retries, () => 0), backOffMs(retries, () => 1)]).toEqual([least, most]);
  });

  it('grows, is never longer than ten minutes, and is another one for another job', () => {
    const RANDOM = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(200), RANDOM, (retries, random) => {
        const wait = backOffMs(retries, () => random);
        expect(wait).toBeLessThanOrEqual(600_000);
        expect(backOffMs(retries + 1, () => random)).toBeGreaterThanOrEqual(wait);
      }),
    );
    expect(backOffMs(3, () => 0.1)).not.toBe(backOffMs(3, () => 0.2));
  });
});
