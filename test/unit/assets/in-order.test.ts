import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { inOrder } from '../../../shared/assets/in-order.ts';
import { all } from '../../support/assets.ts';
import { HeldWork, settled } from '../../support/held.ts';

async function* itemsOf<T>(items: readonly T[], error?: Error): AsyncGenerator<T, void, void> {
  yield* items;
  if (error !== undefined) throw error;
}

/** Reads on in the background, and tells what it has got so far. */
function reading<T>(results: AsyncIterable<T>) {
  const got: T[] = [];
  const end = (async () => {
    for await (const result of results) got.push(result);
  })().catch((error: unknown) => error);
  return { got, end };
}

describe('work on items as they come', () => {
  it('gives the results in the order of the items, whatever the order in which they end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (s, items, atOnce) => {
          const results = all(
            inOrder(itemsOf(items), atOnce, (item) => s.schedule(Promise.resolve(item * 2))),
          );
          await s.waitFor(results);
          expect(await results).toEqual(items.map((item) => item * 2));
        },
      ),
    );
  });

  it('goes on with so many at a time and no more', async () => {
    const held = new HeldWork<number>();
    const { got, end } = reading(inOrder(itemsOf([1, 2, 3, 4, 5]), 3, held.work));
    await settled();
    expect(held.begun).toEqual([1, 2, 3]);
    await held.letGo(2, 3);
    expect([held.begun, got]).toEqual([[1, 2, 3], []]);
    await held.letGo(1);
    expect([held.begun, got]).toEqual([
      [1, 2, 3, 4, 5],
      ['did 1', 'did 2', 'did 3'],
    ]);
    await held.letGo(4, 5);
    expect([await end, got.length]).toEqual([undefined, 5]);
  });

  it('tells an error where its item stands, after the results before it, when all under way has ended', async () => {
    const held = new HeldWork<number>();
    const { got, end } = reading(inOrder(itemsOf([1, 2, 3, 4]), 3, held.work));
    await settled();
    await held.fail(2, new Error('broken'));
    await held.letGo(1);
    expect([got, held.underWay]).toEqual([['did 1'], 2]);
    await held.letGo(3, 4);
    expect([await end, held.underWay]).toEqual([new Error('broken'), 0]);
  });

  it('waits for what is under way when the items themselves break off', async () => {
    const held = new HeldWork<number>();
    const { end } = reading(inOrder(itemsOf([1, 2], new Error('no more')), 5, held.work));
    await settled();
    await held.letGo(1, 2);
    expect([await end, held.ended]).toEqual([new Error('no more'), [1, 2]]);
  });

  it('waits for what is under way when the reader stops early, and begins nothing more', async () => {
    const held = new HeldWork<number>();
    const results = inOrder(itemsOf([1, 2, 3, 4]), 2, held.work);
    const first = results.next();
    await settled();
    await held.letGo(1);
    expect((await first).value).toBe('did 1');
    let stopped = false;
    const stop = (async () => {
      await results.return();
      stopped = true;
    })();
    await settled();
    expect([stopped, held.begun]).toEqual([false, [1, 2]]);
    await held.letGo(2);
    await stop;
    expect([stopped, held.underWay, held.begun]).toEqual([true, 0, [1, 2]]);
  });
});
