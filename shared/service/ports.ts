import type { Job, TextColumn } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { Claim, Transition } from '../job/transition.ts';
import { LonghaulError } from './errors.ts';

/** What the service needs of the world. Implemented in `shared/aws`, and in memory for tests. */

/** Milliseconds since 1970. */
export type Clock = () => number;

export interface JobStore {
  /** Refuses an id that is taken with `JobExists`. */
  insert(job: Job): Promise<void>;
  /** Takes a job back that nobody has claimed. True if it is gone. */
  withdraw(jobId: string): Promise<boolean>;
  /** Strongly consistent. */
  get(jobId: string): Promise<Job | undefined>;
  /** In the order asked for; ids without a row are left out. May lag by a moment. */
  getAll(jobIds: readonly string[]): Promise<Job[]>;
  /** One conditional write. Answers with the row after it, or refuses with `TransitionRefused`. */
  make(step: Transition): Promise<Job>;
  /** Open jobs that are to be looked at by now, a page of them; may lag by a moment. */
  due(query: DueQuery): Promise<DuePage>;
  /** Newest first, strictly older than `before`. May lag by a moment. An answer shorter than `limit` is the end. */
  timeline(range: TimelineRange): Promise<TimelineEntry[]>;
}

export interface DueQuery {
  /** UTC ISO 8601. */
  readonly by: string;
  /** `next` of the page before. */
  readonly from?: string | undefined;
  readonly limit: number;
}

export interface DuePage {
  readonly jobIds: readonly string[];
  readonly next?: string;
}

/** A place on the timeline: the sequence and, where two jobs share one, the job id. */
export interface TimelineEntry {
  readonly sequence: number;
  readonly jobId: string;
}

export interface TimelineRange {
  readonly before: TimelineEntry;
  /** The lowest sequence of interest. */
  readonly notBefore?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export const byAge = (a: TimelineEntry, b: TimelineEntry): number =>
  b.sequence - a.sequence || (a.jobId < b.jobId ? 1 : a.jobId > b.jobId ? -1 : 0);

export const isOlder = (entry: TimelineEntry, than: TimelineEntry): boolean => byAge(entry, than) > 0;

export class JobExists extends LonghaulError {
  readonly code = 'JobExists';
  readonly current: Job | undefined;
  constructor(jobId: string, current?: Job) {
    super(`The job ${jobId} exists already.`);
    this.current = current;
  }
}

export class TransitionRefused extends LonghaulError {
  readonly code = 'TransitionRefused';
  /** The row as it is now; absent when there is no such job. */
  readonly current: Job | undefined;
  constructor(step: { verb: string; jobId: string }, current?: Job) {
    const now =
      current === undefined ? 'gone' : `in status ${current.statusCode}, claim ${current.claimNumber}`;
    super(`"${step.verb}" was refused: the job ${step.jobId} is ${now}.`);
    this.current = current;
  }
}

/** What does not fit on the row: a job's input, cursor, result and long texts. */
export interface JobDetails {
  putInput(jobId: string, input: Json): Promise<void>;
  /** Fenced like a cursor. */
  putText(own: Claim, column: TextColumn, text: string): Promise<void>;
  getText(jobId: string, column: TextColumn): Promise<string | undefined>;
  getInput(jobId: string): Promise<Json | undefined>;
  /** Fenced: a worker that was replaced can't overwrite what its successor saved. */
  saveCursor(own: Claim, cursor: Json): Promise<void>;
  getCursor(jobId: string): Promise<Json | undefined>;
  putResult(own: Claim, result: Json): Promise<void>;
  getResult(jobId: string): Promise<Json | undefined>;
}

/** Says "look at this job" to the lane that runs it. A hint: duplicates are harmless. */
export interface Doorbell {
  ring(job: Ring): Promise<void>;
}

/** Rings later. A hint as well: early, twice or never, nothing breaks. */
export interface Timers {
  /** `at` in milliseconds since 1970, at any distance. */
  set(job: Ring, at: number): Promise<void>;
}

export interface Ring {
  readonly jobId: string;
  readonly lane: Lane;
}

export const LANES = ['standard', 'bulk'] as const;
/** A queue and its consumer, with their own memory, time and concurrency. */
export type Lane = (typeof LANES)[number];
