import { detailsKey, type Incarnation } from '../../../shared/job/details-key.ts';
import type {
  LogChunk,
  LogPage,
  LogSegment,
  LogStore,
  SegmentRange,
} from '../../../shared/service/log-store.ts';
import { type OwnJob, TransitionRefused } from '../../../shared/service/ports.ts';

interface Kept {
  readonly pages: Map<number, LogPage>;
  readonly segments: Map<number, LogSegment>;
}

/** Logs in maps; passes the same contract suite as the store on DynamoDB and S3. */
export class MemoryLogs implements LogStore {
  readonly #kept = new Map<string, Kept>();
  readonly #packs = new Map<string, Uint8Array>();

  async putPage(own: OwnJob, slot: number, page: LogChunk): Promise<void> {
    const { pages } = this.#of(own);
    fence(own, pages.get(slot));
    pages.set(slot, { ...page, slot, claimNumber: own.claimNumber });
  }

  async pages(job: Incarnation): Promise<LogPage[]> {
    return [...this.#of(job).pages.values()].toSorted((a, b) => a.slot - b.slot);
  }

  async putSegment(own: OwnJob, { packed, ...facts }: LogChunk): Promise<void> {
    const { segments } = this.#of(own);
    const before = segments.get(facts.first);
    fence(own, before);
    const blob = `${detailsKey(own)}/${facts.first}-${own.claimNumber}`;
    segments.set(facts.first, { ...facts, blob, claimNumber: own.claimNumber });
    if (before !== undefined) this.#packs.delete(before.blob);
    this.#packs.set(blob, packed);
  }

  async segments(job: Incarnation, { from, to, order, limit }: SegmentRange): Promise<LogSegment[]> {
    return [...this.#of(job).segments.values()]
      .filter(({ first }) => from <= first && first <= to)
      .toSorted((a, b) => (order === 'up' ? a.first - b.first : b.first - a.first))
      .slice(0, limit);
  }

  async readSegment({ blob }: LogSegment): Promise<Uint8Array | undefined> {
    return this.#packs.get(blob);
  }

  async dropSegment(job: Incarnation, { first, blob }: LogSegment): Promise<void> {
    this.#packs.delete(blob);
    this.#of(job).segments.delete(first);
  }

  forget(job: Incarnation): void {
    for (const { blob } of this.#of(job).segments.values()) this.#packs.delete(blob);
    this.#kept.delete(detailsKey(job));
  }

  #of(job: Incarnation): Kept {
    const kept = this.#kept.get(detailsKey(job)) ?? { pages: new Map(), segments: new Map() };
    this.#kept.set(detailsKey(job), kept);
    return kept;
  }
}

function fence({ jobId, claimNumber }: OwnJob, before: { readonly claimNumber: number } | undefined): void {
  if ((before?.claimNumber ?? 0) > claimNumber) throw new TransitionRefused({ verb: 'save a log', jobId });
}
