import type { Job } from '../../job/job.ts';
import type { Json } from '../../job/json.ts';
import type { Note } from '../../job/transition.ts';
import { LonghaulError } from '../errors.ts';
import type { LineEntry, TimelineEntry } from '../ports.ts';

/** An occurrence that is found late, for the service stood still: run it once, or not at all. */
export const MISSED = ['once', 'skip'] as const;
/** An occurrence that falls due while the one before is open: it waits behind it, or is left out. */
export const OVERLAPS = ['queue', 'skip'] as const;

/** What each occurrence is ordered with. */
export interface SeriesOrder {
  readonly operation: string;
  readonly input: Json;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly dependencyToken?: string | undefined;
  readonly maxRetries?: number | undefined;
}

/** When the occurrences come. */
export interface Recurrence {
  /** An RRULE in its normal spelling; see `parse-pattern.ts`. */
  readonly pattern: string;
  /** UTC ISO 8601, whole seconds. */
  readonly startTime: string;
  /** IANA; UTC if left out. */
  readonly timeZone?: string | undefined;
  readonly missed: (typeof MISSED)[number];
  readonly overlap: (typeof OVERLAPS)[number];
}

/**
 * A series of jobs. As long as it is not over, exactly one occurrence of it is to come: a Suspended row that
 * stands in no line. Whatever ends that one makes the next in the same transaction.
 */
export interface Series {
  readonly seriesId: string;
  /** Grows by one with each change: the fence. */
  readonly version: number;
  /** Of its creation; lists are sorted by it. */
  readonly sequence: number;
  readonly createdOn: string;
  readonly createdBy: string;
  readonly ownerId: string;
  readonly modifiedOn: string;
  readonly modifiedBy: string;
  /** Of the order, where the client chose the id of the first occurrence. */
  readonly requestHash?: string;
  readonly order: SeriesOrder;
  readonly recurrence: Recurrence;
  readonly isPaused?: true;
  /** Occurrences still to be made, the one to come included; only where the pattern has a COUNT. */
  readonly left?: number;
  /** The date of the occurrence to come; absent when the series is over. */
  readonly nextAt?: string;
  /** The occurrence to come; absent when the series is over. */
  readonly nextJobId?: string;
  /** The latest occurrence that fell due and was not left out. */
  readonly lastJobId?: string;
  readonly endedOn?: string;
}

/** What changes together with a series, in one transaction. */
export interface SeriesChange {
  /** As it will be, one version above the one that was read; the first is 1. */
  readonly series: Series;
  /** The series goes instead: it must still be as given. */
  readonly goes?: true;
  /** The occurrence that was to come, as it was read; gone if there is no `after`. */
  readonly occurrence?: { readonly before: Job; readonly after?: Job | undefined };
  /** Its place, if it joins the line of its token, and by when that is to be looked at. */
  readonly place?: LineEntry & { readonly watchAt: string };
  /** The next occurrence to come. */
  readonly next?: Job | undefined;
  readonly note?: Note | undefined;
}

export interface SeriesPage {
  readonly before: TimelineEntry;
  readonly limit: number;
}

export interface SeriesStore {
  /** Strongly consistent. */
  get(seriesId: string): Promise<Series | undefined>;
  /** Those that are there, in any order; may lag by a moment. */
  getAll(seriesIds: readonly string[]): Promise<Series[]>;
  /** Newest first, by the sequence of their creation; ids in the place of job ids. May lag by a moment. */
  list(page: SeriesPage): Promise<TimelineEntry[]>;
  /** The occurrences of a series, newest first. May lag by a moment. */
  occurrences(seriesId: string, page: SeriesPage): Promise<TimelineEntry[]>;
  /**
   * All of it or nothing: then `SeriesMoved`, or `TailAhead`; or `JobExists`, where a new series meets the job that the
   * same order has made before.
   */
  commit(change: SeriesChange): Promise<void>;
}

/** The series, or its occurrence to come, is not as it was read. */
export class SeriesMoved extends LonghaulError {
  readonly code = 'SeriesMoved';
  constructor(seriesId: string) {
    super(`The series ${seriesId} has moved on.`);
  }
}

const RELATION = 'series:';

export const relationTo = (seriesId: string): string => `${RELATION}${seriesId}`;

/** The series of an occurrence; undefined for any other job. */
export const seriesIdOf = ({ relatedTo }: Pick<Job, 'relatedTo'>): string | undefined =>
  relatedTo?.startsWith(RELATION) ? relatedTo.slice(RELATION.length) : undefined;
