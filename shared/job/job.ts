import type { StatusCode } from './status.ts';

/** Text columns that may be longer than a row can carry. */
export const TEXT_COLUMNS = ['name', 'description', 'friendlyMessage', 'message'] as const;
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
  readonly postponeUntil?: string;
  /** How many jobs stand above this one: a job made by a job is one deeper. */
  readonly depth: number;

  /** The fence: grows by one at each claim and never goes back. 0 = never claimed. */
  readonly claimNumber: number;
  /** Until when the claim holds. Absent while nobody works on the job. */
  readonly leaseEndsAt?: string;
  /** Who made the last claim; unique per claim, so that a lost answer can be recognised. */
  readonly hostId?: string;
  /** When to look at this job if nothing has happened until then: may be early, never late. Open jobs only. */
  readonly watchAt?: string;
  readonly retryCount: number;

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
  readonly hasResult?: boolean;
  /** Made by the service for itself: cancel, pause and resume are refused. */
  readonly isPlatformGenerated?: true;
}

/** Lengths in characters. */
export const MAX_NAME = 256;
export const MAX_DESCRIPTION = 1_000;
export const MAX_MESSAGE = 1_000;
export const MAX_FRIENDLY_MESSAGE = 1_000;
