import type { Lane } from './lane.ts';
import type { StatusCode } from './status.ts';

/** Text columns that may be longer than a row can carry. */
export const TEXT_COLUMNS = ['name', 'description', 'friendlyMessage', 'message', 'dependencyToken'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/**
 * A system job: one execution of an operation, one row of the table `Jobs`.
 *
 * Attribute names are camelCase forms of the Dataverse logical names where Dataverse has the column
 * (`statusCode` is `statuscode`). Columns that can be derived are not stored: `stateCode` follows from
 * `statusCode`; type, label and lane follow from `operation`. Instants are UTC ISO 8601 with milliseconds.
 */
export interface Job {
  readonly jobId: string;
  /** Grows with creation; see `sequence.ts`. */
  readonly sequence: number;
  readonly operation: string;
  readonly name: string;
  readonly description?: string;
  /** Columns whose text is shortened here; the whole is a part of `JobDetails`. */
  readonly longTexts?: readonly TextColumn[];
  readonly statusCode: StatusCode;
  readonly createdOn: string;
  readonly createdBy: string;
  readonly ownerId: string;
  readonly modifiedOn: string;
  readonly modifiedBy: string;
  readonly startedOn?: string;
  readonly completedOn?: string;
  /** Jobs with the same token run one at a time, in the order they were created; see `token.ts`. */
  readonly dependencyToken?: string;
  readonly postponeUntil?: string;
  /** The date is that of the next try. */
  readonly isRetrying?: true;
  /** Waits for an answer to its callback; the date is the deadline. */
  readonly isWaitingForEvent?: true;
  /** Only where it is another one than the operation's. */
  readonly lane?: Lane;
  /** How many jobs stand above this one: a job made by a job is one deeper. */
  readonly depth: number;
  /** The fence: grows by one at each claim and never goes back. 0 = never claimed. */
  readonly claimNumber: number;
  /** Until when the claim holds. Absent while nobody works on the job. */
  readonly leaseEndsAt?: string;
  /** Who made the last claim; unique per claim, so that a lost answer can be recognised. */
  readonly hostId?: string;
  /** When to look at this job if nothing has happened until then; see `watch.ts`. Open jobs only. */
  readonly watchAt?: string;
  readonly retryCount: number;
  /** Only where it is another one than the operation's. */
  readonly maxRetries?: number;
  /** Workers that died on this job since it last made progress. */
  readonly crashCount?: number;
  readonly progressDone?: number;
  readonly progressTotal?: number;
  /** What happened, for engineers; at most 1,000 characters. */
  readonly message?: string;
  /** What happened, for people; at most 1,000 characters. */
  readonly friendlyMessage?: string;
  readonly errorCode?: number;
  /** Seconds that workers spent on the job, over all its slices. */
  readonly executionTimeSpan?: number;
  /** The input as JSON text where it is small enough for the row; else a part of `JobDetails` or a blob. */
  readonly input?: string;
  /** The uploaded blob that holds the input. */
  readonly inputBlobId?: string;
  /** The result as JSON text where it is small enough for the row. */
  readonly result?: string;
  /** The result is a part of `JobDetails`. */
  readonly hasResult?: boolean;
  /** Of the order, where the client chose the id: the same order again is the same job. */
  readonly requestHash?: string;
  readonly rerunOf?: string;
  /** Goes with all that belongs to it when it has succeeded; where its client chose the id, a stub stays for a day. */
  readonly deleteOnSuccess?: true;
  /** Of a stub: when DynamoDB may take the row away, in seconds since 1970. */
  readonly expiresAt?: number;
  /** What it belongs to: `series:` and the id of the series whose occurrence it is. */
  readonly relatedTo?: string;
  /** An occurrence whose date has not come: it stands in no line, and only its series moves it on. */
  readonly isToCome?: true;
  /** Somebody deleted it while it ran: gone as soon as it has stopped. */
  readonly deleteWhenOver?: true;
  /** Made by the service for itself: people can't cancel, pause, postpone or resume it. */
  readonly isPlatformGenerated?: true;
}

/** Lengths in characters. */
export const MAX_NAME = 256;
export const MAX_DESCRIPTION = 1_000;
export const MAX_MESSAGE = 1_000;
export const MAX_FRIENDLY_MESSAGE = 1_000;
export const MAX_TOKEN = 256;

/** Jobs that make jobs that make jobs: Dataverse ends such a chain at 8, too. */
export const MAX_DEPTH = 8;
