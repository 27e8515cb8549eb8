import { type Checkpoint, type Outcome, PermanentError } from './operation.ts';
import { type Clock, TransitionRefused } from './ports.ts';

/** How a slice ended; decided here once, written by `run-job.ts`. */
export type SliceEnd =
  | { readonly kind: 'succeeded'; readonly outcome: Outcome; readonly latest: Checkpoint | undefined }
  | { readonly kind: 'failed'; readonly error: unknown; readonly permanent: boolean }
  /** The time is up; the last checkpoint is saved. */
  | { readonly kind: 'yielded' }
  /** Somebody else holds the claim now: stop without another write. */
  | { readonly kind: 'lost'; readonly refusal: TransitionRefused };

export interface Slice {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  /** Fires when the time is up; also fired here when the slice ends, so that nothing goes on behind it. */
  readonly stop: AbortController;
  /** A guarded write: throws `TransitionRefused` when the claim is lost. */
  save(checkpoint: Checkpoint): Promise<void>;
}

type Steps = AsyncGenerator<Checkpoint, Outcome, void>;

/** Writing each checkpoint would cost more than the work; this often is enough for people and crashes. */
export const MS_BETWEEN_SAVES = 1_000;

/** Drives an operation from checkpoint to checkpoint until it ends or the time is up. */
export async function runSlice(steps: Steps, slice: Slice): Promise<SliceEnd> {
  try {
    return await drive(steps, slice);
  } catch (error) {
    if (error instanceof TransitionRefused) return { kind: 'lost', refusal: error };
    return { kind: 'failed', error, permanent: error instanceof PermanentError };
  } finally {
    slice.stop.abort();
    // An operation that was stopped at a checkpoint cleans up now; whatever it says then changes nothing.
    await steps.return({}).catch(() => undefined);
  }
}

async function drive(steps: Steps, slice: Slice): Promise<SliceEnd> {
  let savedAt = slice.clock();
  let latest: Checkpoint | undefined;
  for (;;) {
    const step = await nextStep(steps, slice);
    if (step !== 'stopped' && step.done) return { kind: 'succeeded', outcome: step.value, latest };
    if (step !== 'stopped') latest = step.value;
    const now = slice.clock();
    const timeIsUp = step === 'stopped' || now >= slice.endsAt;
    if (latest !== undefined && (timeIsUp || now - savedAt >= MS_BETWEEN_SAVES)) {
      await slice.save(latest);
      savedAt = now;
    }
    if (timeIsUp) return { kind: 'yielded' };
  }
}

/** An operation may obey the signal by throwing: what it had done until its last checkpoint stands. */
async function nextStep(
  steps: Steps,
  { stop }: Slice,
): Promise<IteratorResult<Checkpoint, Outcome> | 'stopped'> {
  try {
    return await steps.next();
  } catch (error) {
    if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') return 'stopped';
    throw error;
  }
}
