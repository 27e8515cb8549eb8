import { describe, expect, it } from '@jest/globals';
import { type Gathered, gathered } from '../../../shared/aws/gathered.ts';

/** Doubles numbers, refuses odd ones, and says nothing of those above a hundred. */
function doubling(most: number) {
  const calls: (readonly number[])[] = [];
  const ask = gathered(most, async (numbers: readonly number[]): Promise<Gathered<number>[]> => {
    calls.push(numbers);
    if (numbers.includes(0)) throw new Error('None for nought.');
    return numbers
      .filter((n) => n < 100)
      .map((n) => (n % 2 === 0 ? { answer: 2 * n } : { error: new Error(`${n} is odd.`) }));
  });
  return { ask, calls };
}
const outcomes = async (asked: Promise<number>[]) =>
  (await Promise.allSettled(asked)).map((each) =>
    each.status === 'fulfilled' ? each.value : String(each.reason),
  );

describe('what is asked for side by side', () => {
  it('goes out together, and everybody hears their own answer or error', async () => {
    const { ask, calls } = doubling(9);
    expect(await outcomes([2, 3, 4].map(ask))).toEqual([4, 'Error: 3 is odd.', 8]);
    expect(calls).toEqual([[2, 3, 4]]);
  });

  it('goes out together also where some come to it a few steps later', async () => {
    const { ask, calls } = doubling(9);
    const later = async (n: number) => ask(await Promise.resolve(n));
    expect(await outcomes([ask(2), later(4)])).toEqual([4, 8]);
    expect(calls).toEqual([[2, 4]]);
  });

  it('is cut into calls that are not too long', async () => {
    const { ask, calls } = doubling(2);
    expect(await outcomes([2, 4, 6, 8, 10].map(ask))).toEqual([4, 8, 12, 16, 20]);
    expect(calls).toEqual([[2, 4], [6, 8], [10]]);
  });

  it('shares the error of its own call only', async () => {
    const { ask } = doubling(2);
    expect(await outcomes([0, 2, 4].map(ask))).toEqual([
      'Error: None for nought.',
      'Error: None for nought.',
      8,
    ]);
  });

  it('is answered with an error where the call says nothing of it', async () => {
    expect(await outcomes([2, 200].map(doubling(2).ask))).toEqual([
      4,
      'Error: One of those asked for together was not answered.',
    ]);
  });

  it('is asked for anew at the next moment', async () => {
    const { ask, calls } = doubling(9);
    expect([await ask(2), await ask(2)]).toEqual([4, 4]);
    expect(calls).toHaveLength(2);
  });
});
