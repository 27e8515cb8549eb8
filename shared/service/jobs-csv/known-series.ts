import type { Series, SeriesStore } from '../series/series.ts';

type Reader = Pick<SeriesStore, 'getAll'>;

/** Of so many series a request remembers what they are: without their inputs some hundred bytes each. */
const MOST_KNOWN = 2_000;

/**
 * Series as one request of an export sees them: each is read once, however many occurrences it has, also one that is gone.
 * What is remembered has no input; no line shows it.
 */
export function knownSeries(store: Reader): Reader {
  const known = new Map<string, Series | undefined>();
  return {
    async getAll(seriesIds) {
      if (known.size >= MOST_KNOWN) known.clear();
      const unknown = seriesIds.filter((id) => !known.has(id));
      const found = unknown.length === 0 ? [] : await store.getAll(unknown);
      for (const id of unknown) known.set(id, undefined);
      for (const series of found)
        known.set(series.seriesId, { ...series, order: { ...series.order, input: null } });
      return seriesIds.flatMap((id) => known.get(id) ?? []);
    },
  };
}
