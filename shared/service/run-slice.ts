import {
  type Checkpoint,
  type OpenCallback,
  type Outcome,
  PermanentError,
  type Steps,
  type Wait,
} from './operation.ts';
import { type Clock, TransitionRefused } from './ports.ts';

/** How a slice ended; decided here once, written by `record-end.ts`. */
export type SliceEnd =
  | { readonly kind: 'succeeded'; readonly outcome: Outcome; readonly latest: Checkpoint | undefined }
  | { readonly kind: 'failed'; readonly error: unknown; readonly permanent: boolean }
  /** It waits for the answer to its callback; the last checkpoint is saved. */
  | { readonly kind: 'waits'; readonly waitFor: OpenCallback; readonly latest: Checkpoint | undefined }
  /** The time is up, or somebody asked for a stop; the last checkpoint is saved. */
  | { readonly kind: 'stopped' }
  /** A write was refused: somebody else holds the claim, or a person has asked for something. */
  | {
      readonly kind: 'refused';
      readonly refusal: TransitionRefused;
      /** How far it had come. */
      readonly latest?: Checkpoint | undefined;
    };

export interface Slice {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** Fires when the time is up or a stop is asked for; also fired here at the end, so that nothing goes on behind it. */
  readonly stop: AbortController;
  /** A guarded write: throws `TransitionRefused` when the claim is lost or a stop is asked for. */
  save(checkpoint: Checkpoint): Promise<void>;
}

/** Writing each checkpoint would cost more than the work; this often is enough for people and crashes. */
export const MS_BETWEEN_SAVES = 1_000;

/** Without a reason of ours each slice would have an error made for it, with its stack, that nobody reads. */
const OVER = new Error('The slice is over.');

/**
 * Drives an operation from checkpoint to checkpoint until it ends or is stopped, and comes back only when it has
 * really stopped: an operation that does not listen keeps its claim, and the platform kills the worker.
 */
export async function runSlice(steps: Steps, slice: Slice): Promise<SliceEnd> {
  try {
    return await drive(steps, slice);
  } catch (error) {
    if (error instanceof TransitionRefused) return { kind: 'refused', refusal: error };
    return { kind: 'failed', error, permanent: error instanceof PermanentError };
  } finally {
    slice.stop.abort(OVER);
    // An operation that was stopped at a checkpoint cleans up now; whatever it says then changes nothing.
    await steps.return({}).catch(() => undefined);
  }
}

async function drive(steps: Steps, slice: Slice): Promise<SliceEnd> {
  let savedAt = slice.clock();
  let latest: Checkpoint | undefined;
  let saved: Checkpoint | undefined;
  for (;;) {
    const step = await nextStep(steps, slice);
    const end = step !== 'stopped' && step.done ? endOf(step.value, latest) : undefined;
    if (end?.kind === 'succeeded') return end;
    if (step !== 'stopped' && !step.done) latest = step.value;
    const now = slice.clock();
    const isStopped = step === 'stopped' || slice.stop.signal.aborted || now >= slice.endsAt;
    const isDue = isStopped || latest?.mustSave === true || now - savedAt >= MS_BETWEEN_SAVES;
    if (latest !== undefined && (end === undefined ? isDue : latest !== saved)) {
      const refusal = await refusalOf(slice.save(latest));
      if (refusal !== undefined) return { kind: 'refused', refusal, latest };
      savedAt = now;
      saved = latest;
    }
    if (end !== undefined || isStopped) return end ?? { kind: 'stopped' };
  }
}

const endOf = (value: Outcome | Wait, latest: Checkpoint | undefined): SliceEnd =>
  'waitFor' in value
    ? { kind: 'waits', waitFor: value.waitFor, latest }
    : { kind: 'succeeded', outcome: value, latest };

async function refusalOf(saved: Promise<void>): Promise<TransitionRefused | undefined> {
  try {
    await saved;
    return undefined;
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
    return error;
  }
}

/** An operation may obey the signal by throwing: what it had done until its last checkpoint stands. */
async function nextStep(
  steps: Steps,
  { stop }: Slice,
): Promise<IteratorResult<Checkpoint, Outcome | Wait> | 'stopped'> {
  try {
    return await steps.next();
  } catch (error) {
    if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') return 'stopped';
    throw error;
  }
}
