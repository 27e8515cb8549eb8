/**
 * Works on items as they come, up to `atOnce` at a time, and gives the results in the order of the items. When
 * the reader stops early, or an item fails, what is under way is waited for: nothing goes on unseen.
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const underWay: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      result.catch(() => undefined); // told when its turn comes; until then it must not count as unhandled
      underWay.push(result);
      const [oldest] = underWay;
      if (oldest === undefined || underWay.length < atOnce) continue;
      yield await oldest;
      void underWay.shift();
    }
    while (underWay[0] !== undefined) {
      yield await underWay[0];
      void underWay.shift();
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
