import type { SeriesChange, SeriesStore } from '../../../shared/service/series/series.ts';
import type { Services } from './ports.ts';
import type { SimTables } from './tables.ts';
import type { Wire } from './wire.ts';

/** The simulated series as one process sees them. */
export function seriesOver(wire: Wire, { tables, seriesRead }: Services): SeriesStore {
  const { series } = tables;
  const read = <T>(what: string, effect: () => T): Promise<T> => wire.call({ what, effect, isWrite: false });
  return {
    get: (seriesId) =>
      read(`get series ${seriesId.slice(-3)}`, () => {
        seriesRead(seriesId);
        return series.get(seriesId);
      }),
    getAll: (seriesIds) =>
      read('get all series', () => seriesIds.flatMap((id) => series.getLagging(id) ?? [])),
    list: () => Promise.reject(new Error('Nobody lists series here.')),
    occurrences: () => Promise.reject(new Error('Nobody lists occurrences here.')),
    commit: (change) =>
      wire.call({
        what: `move series ${change.series.seriesId.slice(-3)} to version ${change.series.version}`,
        effect: () => series.commit(change),
        isWrite: true,
        isOnce: true,
        settledAt: () => tables.settledAt,
        freeAt: () => freeAt(change, tables),
      }),
  };
}

const freeAt = ({ series, occurrence, next, place }: SeriesChange, tables: SimTables): number => {
  const jobs = [occurrence?.before.jobId, next?.jobId].flatMap((jobId) => jobId ?? []);
  const rowsAndLine = tables.freeAt(jobs, place?.job.dependencyToken);
  return Math.max(rowsAndLine, tables.series.freeAt(series.seriesId));
};
