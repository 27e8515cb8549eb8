import type { Incarnation } from '../job/details-key.ts';
import type { Job, TextColumn } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { Lane } from '../job/lane.ts';
import type { Claim, Place, Removal, Transition } from '../job/transition.ts';
import type { Answered, Callback, NewCallback } from './callback.ts';
import { LonghaulError } from './errors.ts';

/** What the service needs of the world. Implemented in `shared/aws`, and in memory for tests. */

/** Milliseconds since 1970. */
export type Clock = () => number;

/** Calls back once after so many milliseconds, unless it is called off; `setTimeout` where time is real. */
export type Alarm = (ms: number, then: () => void) => CallOff;
export type CallOff = () => void;

export interface JobStore {
  /** Refuses an id that is taken with `JobExists`. A job with a token goes in by `Chains.append`. */
  insert(job: Job): Promise<void>;
  /** Jobs without tokens whose ids nobody else can have. Any number; which of them were written. */
  insertAll(jobs: readonly Job[]): Promise<ReadonlySet<string>>;
  /** Strongly consistent. */
  get(jobId: string): Promise<Job | undefined>;
  /** In the order asked for; ids without a row are left out. May lag by a moment. */
  getAll(jobIds: readonly string[]): Promise<Job[]>;
  /**
   * One conditional write, or one transaction where the step changes a line. Answers with the row after it, but for
   * transactions, which do not tell it; or refuses with `TransitionRefused`. A step that had been made already, its
   * answer lost, is made.
   */
  make(step: Transition): Promise<Job | undefined>;
  /** Takes the row away, and the place in its line with it. True if it is gone, or was; else `TransitionRefused`. */
  remove(step: Removal): Promise<void>;
  /** Open jobs that are to be looked at by now, a page of them; may lag by a moment. */
  due(query: DueQuery): Promise<DuePage>;
  /** Newest first, strictly older than `before`. May lag by a moment. An answer shorter than `limit` is the end. */
  timeline(range: TimelineRange): Promise<TimelineEntry[]>;
}

/** An open job's place in the line of its token. */
export interface Link extends Place {
  readonly jobId: string;
  /** Where it is to be rung. */
  readonly lane: Lane;
  /**
   * The sequence before it, where both came by one transaction. A query may see the parts of a transaction one after
   * the other (it is read-committed), so for a moment this place may look like the head without being it.
   */
  readonly behind?: number;
}

/** A token that has open jobs, and by when it is to be looked at. */
export interface WatchedToken {
  readonly token: string;
  readonly watchAt: string;
}

/** The lines of tokens, by the key that `tokenKey` makes of a token. */
export interface Chains {
  /**
   * Puts jobs of one token, in the order of their sequences, at the end of its line: all of them or none, rows and
   * places in one transaction. At most `MAX_APPENDED`. Refuses an id that is taken with `JobExists`, and a sequence
   * that is not above all that were given out with `TailAhead`. `watchAt` counts only where the token was idle.
   */
  append(entries: readonly LineEntry[], watchAt: string): Promise<void>;
  /** The oldest open job. Strongly consistent. */
  head(token: string): Promise<Link | undefined>;
  /** The highest sequence given out, committed; 0 if none. Strongly consistent. */
  tail(token: string): Promise<number>;
  /** The places of a line, oldest first. Strongly consistent. An answer shorter than `limit` is the end. */
  line(token: string, part: LinePart): Promise<Link[]>;
  /** Tokens to be looked at by now, a page of them; may lag by a moment. */
  watched(query: DueQuery): Promise<WatchedPage>;
  /** Moves the date, or stops watching without one, if the date is still `seen` and nothing was appended after `tail`. */
  watch(seen: WatchedToken, change: { tail: number; watchAt?: string }): Promise<boolean>;
  /** Takes away a place whose job has no row; refused (false) if it has one. */
  removeOrphan(link: Link): Promise<boolean>;
}

/** Which places of a line are wanted. */
export interface LinePart {
  /** Only those behind this sequence. */
  readonly after?: number | undefined;
  /** None behind this one, which may be among them. */
  readonly upTo?: number | undefined;
  /** At most 1,001: so many fit into one answer of DynamoDB. */
  readonly limit: number;
}

/** 100 items fit into a transaction: a row and a place for each job, and the tail. */
export const MAX_APPENDED = 25;

export interface LineEntry {
  readonly job: Job & { readonly dependencyToken: string };
  readonly lane: Lane;
}

export interface WatchedPage {
  readonly tokens: readonly WatchedToken[];
  readonly next?: string;
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

/** The tail of the line is further on than these sequences: another creator was faster, or its clock is ahead. */
export class TailAhead extends LonghaulError {
  readonly code = 'TailAhead';
  readonly last: number;
  constructor(last: number) {
    super(`The line has reached ${last}.`);
    this.last = last;
  }
}

/** A job, and the right to write what a worker keeps of it. */
export type OwnJob = Incarnation & Claim;

/** What does not fit on the row: a job's input, cursor, result, long texts, and what it waits for. */
export interface JobDetails {
  putInput(job: Incarnation, input: Json): Promise<void>;
  getInput(job: Incarnation): Promise<Json | undefined>;
  /** A long text of an order. */
  putOrderText(job: Incarnation, column: TextColumn, text: string): Promise<void>;
  /** A long text of a worker; fenced like a cursor. */
  putText(own: OwnJob, column: TextColumn, text: string): Promise<void>;
  getText(job: Incarnation, column: TextColumn): Promise<string | undefined>;
  /** Fenced: a worker that was replaced can't overwrite what its successor saved. */
  saveCursor(own: OwnJob, cursor: Json): Promise<void>;
  getCursor(job: Incarnation): Promise<Json | undefined>;
  putResult(own: OwnJob, result: Json): Promise<void>;
  getResult(job: Incarnation): Promise<Json | undefined>;
  /** The callback of this key, new if there is none; it replaces that of another key. Fenced like a cursor. */
  openCallback(own: OwnJob, fresh: NewCallback): Promise<Callback>;
  /** Strongly consistent. */
  getCallback(job: Incarnation): Promise<Callback | undefined>;
  /** Keeps the answer, if this is the secret of the callback and nothing has ended it: the first answer stays. */
  answerCallback(job: Incarnation, secret: string, answer: Json): Promise<Answered>;
  /** Nobody has answered in time: from now on nobody can. Shows the answer instead where there is one. Fenced. */
  endCallback(own: OwnJob, key: string): Promise<Callback>;
  /** All of it, blobs too. May be called again. */
  removeAll(job: Incarnation): Promise<void>;
}

/** Inputs that clients upload. An upload may serve many orders and goes by its age: each job gets a copy of its own. */
export interface InputBlobs {
  /** A presigned PUT for an input of so many bytes. */
  ticketFor(blobId: string, bytes: number): Promise<{ url: string; headers: Record<string, string> }>;
  /** Bytes; undefined while nothing was uploaded. */
  sizeOf(blobId: string): Promise<number | undefined>;
  /** Copies the upload for a job, before its row is put; from another job if one is named. It goes with the job's details. */
  keepFor(job: InputCopy, from?: InputCopy): Promise<void>;
  /** The text of a job's copy, not parsed. */
  get(job: InputCopy): Promise<string>;
}

export type InputCopy = Incarnation & { readonly inputBlobId: string };

/** Says "look at this job, or at the head of this token" to the lane that runs it. A hint: duplicates are harmless. */
export interface Doorbell {
  ring(ring: Ring): Promise<void>;
  /** Many at once; which of them failed, by place. */
  ringAll(rings: readonly Ring[]): Promise<ReadonlySet<number>>;
}

/** Rings later. A hint as well: early, twice or never, nothing breaks. */
export interface Timers {
  /** `at` in milliseconds since 1970, at any distance. */
  set(ring: Ring, at: number): Promise<void>;
}

export interface Ring {
  /** The job that is meant. With a token it is the head of the token that runs, whoever that is by then. */
  readonly jobId: string;
  /** The key of its token. */
  readonly token?: string;
  readonly lane: Lane;
}
