import type { Job } from '../../shared/job/job.ts';
import type { SeriesChange } from '../../shared/service/series/series.ts';
import type { MemoryAudit } from './memory/memory-audit.ts';
import type { MemoryJobStore } from './memory/memory-job-store.ts';
import { MemorySeries } from './memory/memory-series.ts';

/** Every change of a series that was made, in its order. */
export class RecordingSeries extends MemorySeries {
  readonly made: SeriesChange[] = [];
  /** When each was made. */
  readonly times: number[] = [];
  readonly #clock: () => number;

  constructor(jobs: MemoryJobStore, audit: MemoryAudit, clock: () => number) {
    super(jobs, audit);
    this.#clock = clock;
  }

  override async commit(change: SeriesChange): Promise<void> {
    await super.commit(change);
    this.made.push(change);
    this.times.push(this.#clock());
  }
}

/** Which dates came, by the changes alone: those of occurrences that went from waiting to Ready. */
export function datesThatCame(made: readonly SeriesChange[]): string[] {
  const dateOf = new Map<string, string>();
  return made.flatMap(({ series, occurrence }) => {
    if (series.nextJobId !== undefined && series.nextAt !== undefined)
      dateOf.set(series.nextJobId, series.nextAt);
    const { before, after } = occurrence ?? {};
    const hasCome = before !== undefined && after !== undefined && before.isToCome && !after.isToCome;
    return hasCome && after.statusCode === 0 ? [dateOf.get(before.jobId) ?? 'unknown'] : [];
  });
}

/** What is wrong with what was made, if anything: told without a line of the engine. */
export function faultsIn(made: readonly SeriesChange[], rows: readonly Job[]): string[] {
  const last = made.at(-1);
  const waiting = rows.filter(({ isToCome }) => isToCome).map(({ jobId }) => jobId);
  const wanted = last === undefined || last.goes ? [] : [last.series.nextJobId].filter(Boolean);
  const versions = made.map(({ series, goes }) => (goes ? series.version + 1 : series.version));
  const dates = datesThatCame(made);
  return [
    ...(waiting.join() === wanted.join()
      ? []
      : [`To come: ${waiting.join()}, of the series: ${wanted.join()}.`]),
    ...(versions.every((version, place) => version === place + 1) ? [] : [`Versions ${versions.join()}.`]),
    ...(new Set(dates).size === dates.length ? [] : [`A date came twice: ${dates.join()}.`]),
    ...(dates.join() === dates.toSorted().join() ? [] : [`Dates out of order: ${dates.join()}.`]),
  ];
}
