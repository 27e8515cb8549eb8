import { JobExists } from '../../../shared/service/ports.ts';
import { type Series, type SeriesChange, SeriesMoved } from '../../../shared/service/series/series.ts';
import type { SeriesStep } from './happening.ts';
import { Item } from './item.ts';
import type { Surroundings } from './table-change.ts';
import type { SimTables } from './tables.ts';

/** The simulated table of series, and the transactions in which they change together with jobs and lines. */
export class SimSeries {
  readonly #items = new Map<string, Item<Series>>();
  readonly #tables: SimTables;
  readonly #around: Surroundings;

  constructor(tables: SimTables, around: Surroundings) {
    this.#tables = tables;
    this.#around = around;
  }

  get(seriesId: string): Series | undefined {
    return this.#items.get(seriesId)?.asOf(this.#around.now());
  }

  getLagging(seriesId: string): Series | undefined {
    return this.#items.get(seriesId)?.asOf(this.#around.now() - this.#around.lag());
  }

  /** As conditions see it. */
  latest(seriesId: string): Series | undefined {
    return this.#items.get(seriesId)?.latest;
  }

  /** When nobody else's transaction is in the middle of this series any more. */
  freeAt(seriesId: string): number {
    return this.#items.get(seriesId)?.settledAt ?? 0;
  }

  write({ seriesId, after }: SeriesStep, visibleFrom: number): void {
    const item = this.#items.get(seriesId) ?? new Item<Series>();
    this.#items.set(seriesId, item);
    item.write(after && Object.freeze({ ...after }), visibleFrom);
  }

  commit(change: SeriesChange): void {
    const { series, goes, next, occurrence, place, note } = change;
    const { seriesId } = series;
    const there = next && this.#tables.latest(next.jobId);
    const isAsRead = this.#isAsRead(change);
    if (next !== undefined && there !== undefined && (series.version === 1 || isAsRead))
      throw new JobExists(next.jobId, there);
    if (!isAsRead) throw new SeriesMoved(seriesId);
    const joins = place === undefined ? [] : [place];
    const raised = place === undefined ? {} : { raised: this.#tables.raised(joins, place.watchAt) };
    this.#tables.commit({
      verb: 'series',
      noted: note?.entry,
      rows: [...rowOf(occurrence, this.#tables), ...(next === undefined ? [] : [rowOfNew(next)])],
      joins,
      ...raised,
      series: { seriesId, before: this.latest(seriesId), after: goes ? undefined : series },
    });
  }

  /** The series, and its occurrence to come, are those that were read. */
  #isAsRead({ series: { seriesId, version }, goes, occurrence }: SeriesChange): boolean {
    if ((this.latest(seriesId)?.version ?? 0) !== (goes ? version : version - 1)) return false;
    if (occurrence === undefined) return true;
    const { jobId, sequence, modifiedOn } = occurrence.before;
    const row = this.#tables.latest(jobId);
    return row?.isToCome === true && row.sequence === sequence && row.modifiedOn === modifiedOn;
  }
}

const rowOf = (occurrence: SeriesChange['occurrence'], tables: SimTables) =>
  occurrence === undefined
    ? []
    : [
        {
          jobId: occurrence.before.jobId,
          before: tables.latest(occurrence.before.jobId),
          after: occurrence.after,
        },
      ];

const rowOfNew = (next: NonNullable<SeriesChange['next']>) => ({
  jobId: next.jobId,
  before: undefined,
  after: next,
});
