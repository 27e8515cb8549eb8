import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { eachOf } from '../../../shared/service/each-of.ts';
import { HeldWork, settled } from '../../support/held.ts';

const NUMBERS = [1, 2, 3, 4, 5];

describe('work on each of many items', () => {
  it('gives the results in the order of the items, whatever the order in which they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (s, items, atOnce) => {
          const results = eachOf(items, atOnce, (item) => s.schedule(Promise.resolve(item * 2)));
          await s.waitFor(results);
          expect(await results).toEqual(items.map((item) => item * 2));
        },
      ),
    );
  });

  it('goes on with so many at a time and no more', async () => {
    const held = new HeldWork<number>();
    const done = eachOf(NUMBERS, 2, held.work);
    expect(held.begun).toEqual([1, 2]);
    await held.letGo(2);
    expect(held.begun).toEqual([1, 2, 3]);
    await held.letGo(1, 3);
    await held.letGo(4, 5);
    expect(await done).toEqual(NUMBERS.map((n) => `did ${n}`));
  });

  it('begins nothing after an error, and throws it when what is under way has ended', async () => {
    const held = new HeldWork<number>();
    let thrown: unknown;
    const done = eachOf(NUMBERS, 2, held.work).catch((error: unknown) => {
      thrown = error;
    });
    await held.fail(1, new Error('broken'));
    expect([thrown, held.begun]).toEqual([undefined, [1, 2]]);
    await held.letGo(2);
    await done;
    expect([thrown, held.begun]).toEqual([new Error('broken'), [1, 2]]);
  });

  it('throws the first of several errors', async () => {
    const held = new HeldWork<number>();
    const done = eachOf(NUMBERS, 2, held.work);
    const refused = expect(done).rejects.toThrow('first');
    await held.fail(2, new Error('first'));
    await held.fail(1, new Error('second'));
    await refused;
  });

  it('on nothing is done at once', async () => {
    expect(await eachOf([], 3, settled)).toEqual([]);
  });
});
