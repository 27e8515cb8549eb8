import { byAge, isOlder, JobExists, TailAhead, type TimelineEntry } from '../../../shared/service/ports.ts';
import {
  relationTo,
  type Series,
  type SeriesChange,
  SeriesMoved,
  type SeriesPage,
  type SeriesStore,
} from '../../../shared/service/series/series.ts';
import type { MemoryAudit } from './memory-audit.ts';
import type { MemoryJobStore } from './memory-job-store.ts';

/** Series in memory, beside the jobs that change with them; passes the same contract suite as the store on DynamoDB. */
export class MemorySeries implements SeriesStore {
  readonly #series = new Map<string, Series>();
  readonly #jobs: MemoryJobStore;
  readonly #audit: MemoryAudit;

  constructor(jobs: MemoryJobStore, audit: MemoryAudit) {
    this.#jobs = jobs;
    this.#audit = audit;
  }

  async get(seriesId: string): Promise<Series | undefined> {
    return this.#series.get(seriesId);
  }

  async getAll(seriesIds: readonly string[]): Promise<Series[]> {
    return [...new Set(seriesIds)].flatMap((seriesId) => this.#series.get(seriesId) ?? []);
  }

  async list({ before, limit }: SeriesPage): Promise<TimelineEntry[]> {
    return [...this.#series.values()]
      .map(({ sequence, seriesId: jobId }) => ({ sequence, jobId }))
      .filter((entry) => isOlder(entry, before))
      .toSorted(byAge)
      .slice(0, limit);
  }

  async occurrences(seriesId: string, { before, limit }: SeriesPage): Promise<TimelineEntry[]> {
    return this.#jobs
      .rows()
      .filter(({ relatedTo }) => relatedTo === relationTo(seriesId))
      .map(({ sequence, jobId }) => ({ sequence, jobId }))
      .filter((entry) => isOlder(entry, before))
      .toSorted(byAge)
      .slice(0, limit);
  }

  async commit(change: SeriesChange): Promise<void> {
    const { series, goes, next, occurrence, place, note } = change;
    const there = this.#rowOf(next?.jobId);
    const isAsRead = this.#isAsRead(change);
    if (next !== undefined && there !== undefined && (series.version === 1 || isAsRead))
      throw new JobExists(next.jobId, there);
    if (!isAsRead) throw new SeriesMoved(series.seriesId);
    if (place !== undefined) {
      const last = this.#jobs.lastOf(place.job.dependencyToken);
      if (last >= place.job.sequence) throw new TailAhead(last);
    }
    if (goes) this.#series.delete(series.seriesId);
    else this.#series.set(series.seriesId, structuredClone(series));
    if (occurrence !== undefined) {
      const { before, after } = occurrence;
      if (after === undefined) this.#jobs.forget(before.jobId);
      else this.#jobs.put(after);
    }
    if (place !== undefined) this.#jobs.join(place.job, place.lane, place.watchAt);
    if (next !== undefined) this.#jobs.put(next);
    if (note !== undefined) this.#audit.write(note.of, note.entry);
  }

  #isAsRead({ series, goes, occurrence }: SeriesChange): boolean {
    const current = this.#series.get(series.seriesId)?.version ?? 0;
    if (current !== (goes ? series.version : series.version - 1)) return false;
    if (occurrence === undefined) return true;
    const { before } = occurrence;
    const row = this.#rowOf(before.jobId);
    return row?.isToCome === true && row.sequence === before.sequence && row.modifiedOn === before.modifiedOn;
  }

  #rowOf(jobId: string | undefined) {
    return this.#jobs.rows().find((row) => row.jobId === jobId);
  }
}
