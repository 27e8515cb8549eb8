import type { AuditEntry } from '../../../shared/job/audit-entry.ts';
import type { Job } from '../../../shared/job/job.ts';
import type { Json } from '../../../shared/job/json.ts';
import type { Lane } from '../../../shared/job/lane.ts';
import type { CallbackAnswer } from '../../../shared/service/callbacks.ts';
import type { CallbackEvent } from '../../../shared/service/operation.ts';
import type { Series } from '../../../shared/service/series/series.ts';

/** What can be seen of a history from outside: all that the checker knows, and what is printed of it. */

export interface RowChange {
  readonly jobId: string;
  readonly before: Job | undefined;
  readonly after: Job | undefined;
}

export interface PlaceChange {
  readonly token: string;
  readonly sequence: number;
  readonly jobId: string;
  readonly isThere: boolean;
}

export interface TailChange {
  readonly token: string;
  readonly last: number;
  readonly watchAt: string | undefined;
}

/** From one version of a series to the next; none before its first, none after it is gone. */
export interface SeriesStep {
  readonly seriesId: string;
  readonly before: Series | undefined;
  readonly after: Series | undefined;
}

/** What one write, or one transaction, has changed. */
export interface Commit {
  readonly kind: 'commit';
  readonly verb: string;
  /** The process that has sent it; it may be dead by now. */
  readonly host: string;
  readonly rows: readonly RowChange[];
  readonly places: readonly PlaceChange[];
  readonly tails: readonly TailChange[];
  readonly series?: SeriesStep;
  /** What was written down of it. */
  readonly noted?: AuditEntry;
}

/** One call of an operation's code in a worker. */
export interface Run {
  readonly jobId: string;
  readonly claimNumber: number;
  readonly host: string;
  readonly lane: Lane;
  /** The step that the cursor names: those up to it were done before. */
  readonly from: number;
  readonly input: Json;
}

/** Why a worker died: by a fault, at the end of its time, or by the job that it ran. */
export type Cause = 'fault' | 'limit' | { readonly jobId: string };

export type Asked = 'cancel' | 'pause' | 'resume' | 'postpone' | 'reschedule' | 'delete' | 'force-delete';

/** How a request was answered: with a row (or none, if it is gone), a refusal, or not at all. */
export type Answer =
  | { readonly is: 'done'; readonly job: Job | undefined }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'unknown' };

export type AskedOfSeries = 'pause' | 'resume' | 'patch' | 'delete';

/** How a request about a series was answered: as it is now, none if it is gone. */
export type SeriesAnswer =
  | { readonly is: 'done'; readonly series: Series | undefined; readonly isNew?: boolean }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'unknown' };

export interface Order {
  /** Chosen by the client. */
  readonly id: string | undefined;
  /** What the order says: equal for equal orders. */
  readonly body: string;
}

export type Happening =
  | Commit
  | { readonly kind: 'began' | 'ended'; readonly run: Run }
  | { readonly kind: 'effect'; readonly run: Run; readonly step: number }
  /** Given away by a run, by its job's operation. */
  | { readonly kind: 'token'; readonly jobId: string; readonly token: string; readonly deadline: string }
  /** What a run was told of its callback. */
  | { readonly kind: 'heard'; readonly token: string; readonly event: CallbackEvent }
  | { readonly kind: 'answering'; readonly token: string; readonly said: CallbackAnswer }
  | {
      readonly kind: 'callback';
      readonly token: string;
      readonly said: CallbackAnswer;
      readonly answer: Answer;
    }
  /** The operation was told that the job is canceled. */
  | { readonly kind: 'told'; readonly jobId: string }
  | { readonly kind: 'died'; readonly host: string; readonly cause: Cause }
  | {
      readonly kind: 'cursor';
      readonly jobId: string;
      readonly createdOn: string;
      readonly step: number;
    }
  | { readonly kind: 'timer'; readonly jobId: string; readonly at: number }
  | { readonly kind: 'asked'; readonly jobId: string; readonly verb: Asked; readonly until?: number }
  | { readonly kind: 'answered'; readonly jobId: string; readonly verb: Asked; readonly answer: Answer }
  | { readonly kind: 'ordered'; readonly order: Order }
  | {
      readonly kind: 'created';
      readonly order: Order;
      readonly answer: Answer & { readonly isNew?: boolean };
    }
  | { readonly kind: 'series-ordered'; readonly order: Order }
  | { readonly kind: 'series-created'; readonly order: Order; readonly answer: SeriesAnswer }
  | {
      readonly kind: 'series-asked';
      readonly seriesId: string;
      readonly verb: AskedOfSeries;
      /** Its version must be this one. */
      readonly ifVersion?: number | undefined;
    }
  | {
      readonly kind: 'series-answered';
      readonly seriesId: string;
      readonly verb: AskedOfSeries;
      readonly answer: SeriesAnswer;
      readonly ifVersion?: number | undefined;
    }
  | { readonly kind: 'left-behind'; readonly host: string; readonly what: string }
  | { readonly kind: 'faults-end' }
  /** `settled`: what can run has had its time; `all-over`: so has what was paused. */
  | { readonly kind: 'end'; readonly when: 'settled' | 'all-over'; readonly messages: number };

export interface Seen {
  /** True time, milliseconds since 1970. */
  readonly now: number;
  readonly happening: Happening;
}
