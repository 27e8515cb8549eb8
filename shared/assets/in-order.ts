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
  const next = (): Promise<R> => underWay.shift() as Promise<R>; // callers look at the length first
  try {
    for await (const item of items) {
      const result = work(item);
      result.catch(() => undefined); // told by `next`; until then it must not count as unhandled
      underWay.push(result);
      if (underWay.length >= atOnce) yield await next();
    }
    while (underWay.length > 0) yield await next();
  } finally {
    await Promise.allSettled(underWay);
  }
}
