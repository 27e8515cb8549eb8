import type * as z from 'zod';
import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { Lane } from '../job/lane.ts';
import type { LogLevel } from '../job/log-entry.ts';
import type { Caller } from './caller.ts';
import { LonghaulError } from './errors.ts';
import type { Clock } from './ports.ts';

/** How far a run has come, and all it needs to go on from there in another invocation. */
export interface Checkpoint {
  readonly done: number;
  /** Left out until it is known. */
  readonly total?: number;
  readonly cursor: Json;
  /** What comes next counts on this: it is saved before the operation goes on, however soon after the one before. */
  readonly mustSave?: true;
}

export interface Outcome {
  readonly result?: Json;
  /** One sentence for people. */
  readonly friendlyMessage?: string;
}

/** What has ended the wait for a callback. */
export type CallbackEvent =
  | { readonly kind: 'answer'; readonly result: Json }
  | { readonly kind: 'error'; readonly message: string; readonly code?: string; readonly permanent: boolean }
  /** Nobody answered before the deadline; from now on nobody can. */
  | { readonly kind: 'timeout' };

/** What an operation waits for. */
export interface OpenCallback {
  /** Gives whoever has it the right to answer, once: `POST /callbacks`. Kept before it is given to the operation. */
  readonly token: string;
  /** UTC ISO 8601; that of the first time it was asked for. */
  readonly deadline: string;
  /** What has come; nothing as long as there is something to wait for. */
  readonly event?: CallbackEvent;
}

/** Returned by an operation that has nothing to do until its callback is answered: it is called again then. */
export interface Wait {
  readonly waitFor: OpenCallback;
}

/** Which run of the job this is. */
export interface RunFacts {
  readonly claimNumber: number;
  /** 1 at the first. */
  readonly tries: number;
  /** Workers that died on the job since it last made progress. */
  readonly crashes: number;
  readonly hostId: string;
}

export interface RunContext<Repositories, Cursor = Json> {
  readonly jobId: string;
  /** What the last saved checkpoint carried; undefined in the first slice. */
  readonly cursor: Cursor | undefined;
  readonly run: RunFacts;
  readonly clock: Clock;
  readonly repositories: Repositories;
  /** Fires when the slice is nearly over, or somebody wants a stop: stop at the next point that can be resumed. */
  readonly signal: AbortSignal;
  /** Waits so many milliseconds; throws an `AbortError` when the signal fires. */
  readonly sleep: (ms: number) => Promise<void>;
  /**
   * A line of the job's log: anybody may read it, so no payload belongs in it. `info`, if nothing else is said; `item` is
   * what it is about; other facts go to CloudWatch alone. It is kept before the next checkpoint is.
   */
  readonly log: (text: string, facts?: LogFacts) => void;
  /**
   * The callback of this name, at most 64 characters: the same one whenever it is asked for, in any run of the job,
   * until another name is asked for. A person may resume a job that waits: then there is no event yet.
   */
  readonly callback: (key: string, deadlineMs: number) => Promise<OpenCallback>;
}

export interface LogFacts {
  readonly level?: LogLevel;
  readonly item?: string;
  readonly [fact: string]: Json;
}

/** What is left to an operation whose job was canceled. */
export type CancelContext<Repositories> = Pick<
  RunContext<Repositories>,
  'jobId' | 'repositories' | 'signal' | 'log'
>;

/**
 * The code that does the work of jobs. `run` is an async generator that yields checkpoints and returns the
 * outcome. It may be stopped after any checkpoint and called again, in another process, with that
 * checkpoint's cursor; what it did since the last saved checkpoint it will do again, so that must be safe.
 */
export interface Operation<Repositories> {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Code of the Dataverse choice `asyncoperation_operationtype`. */
  readonly operationType: number;
  readonly lane: Lane;
  /** The lane of a job with this input, where it may be another one. */
  readonly laneOf?: (input: Json) => Lane | undefined;
  /** Throws `NotAllowed` where not every operator may order this. */
  readonly authorize?: (input: Json, caller: Caller) => void;
  /** What the order's input says of whoever orders it is settled here, and kept with the job. */
  readonly prepare?: (input: Json, caller: Caller) => Json;
  /** How often a failed job is tried again unless its order says otherwise; 3 if left out. */
  readonly maxRetries?: number;
  /** Run by the service for itself: nobody can create, pause or resume its jobs, nor cancel them; see `openVerbs`. */
  readonly isPlatformGenerated?: true;
  /** A slice ends at the first checkpoint after so long, whatever time there is: what waits in the lane comes in between. */
  readonly givesWayAfterMs?: number;
  /** The columns of the list of items that its jobs keep, where they keep one; see `job-pages.ts`. */
  readonly itemColumns?: readonly string[];
  readonly input: z.ZodType<Json>;
  readonly run: (input: Json, context: RunContext<Repositories>) => Steps;
  /**
   * Told before a job that a worker has had is canceled, at least once and for some seconds at most: for what goes on
   * elsewhere. The job ends Canceled when this has returned, or thrown a `PermanentError`; after another error it is
   * told again.
   */
  readonly onCancel?: (input: Json, context: CancelContext<Repositories>) => Promise<void>;
}

export type Steps = AsyncGenerator<Checkpoint, Outcome | Wait, void>;

export type Operations<Repositories> = ReadonlyMap<string, Operation<Repositories>>;

/** Thrown by an operation for what no second try can mend. */
export class PermanentError extends LonghaulError {
  readonly code = 'PermanentError';
}

/** The row names an operation that this deployment does not have. */
export class UnknownOperation extends LonghaulError {
  readonly code = 'UnknownOperation';
  constructor(name: string) {
    super(`This deployment has no operation "${name}".`);
  }
}

/** Values of a job's `errorCode`. */
export const ErrorCode = { Unexpected: 1, Permanent: 2, UnknownOperation: 3, KilledItsWorkers: 4 } as const;

export const errorCodeOf = (error: unknown): number => {
  if (error instanceof UnknownOperation) return ErrorCode.UnknownOperation;
  return error instanceof PermanentError ? ErrorCode.Permanent : ErrorCode.Unexpected;
};

const DEFAULT_MAX_RETRIES = 3;
/** More would be days of back-off. */
export const MOST_RETRIES = 100;

export const maxRetriesOf = (
  job: Pick<Job, 'maxRetries'>,
  operation: Pick<Operation<never>, 'maxRetries'> | undefined,
): number => job.maxRetries ?? operation?.maxRetries ?? DEFAULT_MAX_RETRIES;
