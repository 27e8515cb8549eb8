import type { Incarnation } from '../job/details-key.ts';
import { type LogEntry, leftOut } from '../job/log-entry.ts';
import type { LogPage, LogSegment, LogStore } from './log-store.ts';
import { ALL_NUMBERS, endOf, trustedPages } from './log-tail.ts';
import { unpackLines } from './packed-log.ts';

/** A worker that was replaced may have left an entry or two that later ones overlap. */
const OVERLAPPING = 3;

/** A log as it is at this moment, read chunk by chunk: never more than one segment is held. */
export class LogView {
  readonly #job: Incarnation;
  readonly #store: LogStore;
  readonly #pages: readonly LogPage[];
  /** The number of the newest line. */
  readonly last: number;
  /** How many lines the log keeps, and which of them are left out. */
  readonly most: number | undefined;
  readonly leftOut: { readonly from: number; readonly to: number } | undefined;
  #read: { readonly segment: LogSegment; readonly lines: LogEntry[] } | undefined;

  private constructor(job: Incarnation, store: LogStore, pages: LogPage[], newest: LogSegment | undefined) {
    this.#job = job;
    this.#store = store;
    this.#pages = pages;
    const lastPage = pages.at(-1);
    const onPages = lastPage === undefined ? 0 : endOf(lastPage);
    const inSegments = newest === undefined ? 0 : endOf(newest);
    this.last = Math.max(onPages, inSegments);
    this.most = onPages >= inSegments ? lastPage?.most : newest?.most;
    this.leftOut = leftOut(this.last, this.most);
  }

  /** The pages first: what leaves them meanwhile is in a segment by then. */
  static async open(job: Incarnation, store: LogStore): Promise<LogView> {
    const pages = trustedPages(await store.pages(job));
    const [newest] = await store.segments(job, { ...ALL_NUMBERS, order: 'down', limit: 1 });
    return new LogView(job, store, pages, newest);
  }

  /** The lines of the chunk that has this one; nothing if it is not there. */
  async around(number: number): Promise<readonly LogEntry[] | undefined> {
    const page = this.#pages.find((each) => each.first <= number && number <= endOf(each));
    if (page !== undefined) return unpackLines(page).slice(0, page.count);
    const segment = await this.#segmentWith(number);
    return segment && this.#linesOf(segment);
  }

  /** The number of the first line above this one that may be there. */
  async above(number: number): Promise<number | undefined> {
    const range = { from: number + 1, to: ALL_NUMBERS.to, order: 'up', limit: 1 } as const;
    const [segment] = await this.#store.segments(this.#job, range);
    const firsts = [...this.#pages, ...(segment === undefined ? [] : [segment])].map(({ first }) => first);
    return lowest(firsts.filter((first) => first > number));
  }

  /** The number of the last line below this one that may be there. */
  async below(number: number): Promise<number | undefined> {
    const range = { from: 1, to: number - 1, order: 'down', limit: OVERLAPPING } as const;
    const segments = await this.#store.segments(this.#job, range);
    const ends = [...this.#pages, ...segments].map(endOf).filter((end) => end < number);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  async #segmentWith(number: number): Promise<LogSegment | undefined> {
    if (this.#read !== undefined && has(this.#read.segment, number)) return this.#read.segment;
    const range = { from: 1, to: number, order: 'down', limit: OVERLAPPING } as const;
    const segments = await this.#store.segments(this.#job, range);
    return segments
      .filter((segment) => has(segment, number))
      .toSorted((a, b) => b.claimNumber - a.claimNumber)[0];
  }

  async #linesOf(segment: LogSegment): Promise<readonly LogEntry[] | undefined> {
    if (this.#read?.segment.blob === segment.blob) return this.#read.lines;
    const packed = await this.#store.readSegment(segment);
    if (packed === undefined) return undefined;
    const lines = unpackLines({ first: segment.first, packed });
    this.#read = { segment, lines };
    return lines;
  }
}

const has = (segment: LogSegment, number: number): boolean =>
  segment.first <= number && number <= endOf(segment);
const lowest = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : Math.min(...numbers);
