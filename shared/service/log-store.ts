import type { Incarnation } from '../job/details-key.ts';
import type { OwnJob } from './ports.ts';

/** Lines that follow each other, packed; see `packed-log.ts`. */
export interface LogChunk {
  /** Number of its first line. */
  readonly first: number;
  readonly count: number;
  readonly packed: Uint8Array;
  /** So many lines this log keeps, where that was asked for yet. */
  readonly most?: number | undefined;
}

export interface LogPage extends LogChunk {
  readonly slot: number;
  readonly claimNumber: number;
}

/** What is known of a segment without its lines. */
export interface LogSegment extends Omit<LogChunk, 'packed'> {
  readonly claimNumber: number;
  readonly blob: string;
}

export interface SegmentRange {
  /** The lowest and the highest number of first lines. */
  readonly from: number;
  readonly to: number;
  readonly order: 'up' | 'down';
  readonly limit: number;
}

/** The newest pages lie in so many slots, which are used over and over: nothing has to be deleted as a log grows. */
export const LOG_SLOTS = 8;

/**
 * Where logs are kept: the newest lines as pages in a few slots, the lines before them as segments of some thousands. All
 * are parts of the job's details and go with them. Writes are fenced: a worker that was replaced overwrites nothing of its
 * successor's. Reads are strongly consistent.
 */
export interface LogStore {
  putPage(own: OwnJob, slot: number, page: LogChunk): Promise<void>;
  pages(job: Incarnation): Promise<LogPage[]>;
  /** The entry goes before the lines, so that whatever a crash leaves goes with the job. */
  putSegment(own: OwnJob, segment: LogChunk): Promise<void>;
  segments(job: Incarnation, range: SegmentRange): Promise<LogSegment[]>;
  /** The packed lines; undefined where a crash, or the limit of the log, has left none. */
  readSegment(segment: LogSegment): Promise<Uint8Array | undefined>;
  dropSegment(job: Incarnation, segment: LogSegment): Promise<void>;
}
