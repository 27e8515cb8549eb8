import type * as z from 'zod';
import type { Json } from '../job/json.ts';
import { LonghaulError } from './errors.ts';
import type { Clock, Lane } from './ports.ts';

/** How far a run has come, and all it needs to go on from there in another invocation. */
export interface Checkpoint {
  readonly done: number;
  /** Left out until it is known. */
  readonly total?: number;
  readonly cursor: Json;
}

export interface Outcome {
  readonly result?: Json;
  /** One sentence for people. */
  readonly friendlyMessage?: string;
}

export interface RunContext<Repositories, Cursor = Json> {
  readonly jobId: string;
  /** What the last saved checkpoint carried; undefined in the first slice. */
  readonly cursor: Cursor | undefined;
  readonly clock: Clock;
  readonly repositories: Repositories;
  /** Fires when the slice is nearly over: stop at the next point that can be resumed. */
  readonly signal: AbortSignal;
  readonly log: (text: string, facts?: Record<string, Json>) => void;
}

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
  /** Run by the service for itself: nobody can create, cancel, pause or resume its jobs. */
  readonly isPlatformGenerated?: true;
  readonly input: z.ZodType<Json>;
  readonly run: (input: Json, context: RunContext<Repositories>) => AsyncGenerator<Checkpoint, Outcome, void>;
}

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
export const ErrorCode = { Unexpected: 1, Permanent: 2, UnknownOperation: 3 } as const;
