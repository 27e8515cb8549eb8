import type { Checkpoint, Outcome } from '../../shared/service/operation.ts';
import type { SettableClock } from './memory/settable-clock.ts';

/** What a run has really done, in order: the numbers it counted, and whether it cleaned up behind itself. */
export interface Done {
  readonly effects: number[];
  cleanedUp: number;
}

export const nothingDone = (): Done => ({ effects: [], cleanedUp: 0 });

interface Counting {
  readonly from?: number;
  readonly to: number;
  readonly clock: SettableClock;
  /** How long each step takes. */
  readonly msPerStep: number;
  readonly done: Done;
}

/** Counts, one checkpoint per number, each step taking its time. */
export async function* countingSteps({
  from = 0,
  to,
  clock,
  msPerStep,
  done,
}: Counting): AsyncGenerator<Checkpoint, Outcome, void> {
  try {
    for (let n = from + 1; n <= to; n++) {
      clock.advance(msPerStep);
      done.effects.push(n);
      yield { done: n, total: to, cursor: { counted: n } };
    }
    return { result: { counted: to }, friendlyMessage: `Counted to ${to}.` };
  } finally {
    done.cleanedUp++;
  }
}

/** As the platform's own: what an operation throws that obeys the signal. */
export const abortError = (): Error =>
  Object.assign(new Error('This operation was aborted'), { name: 'AbortError' });

/** Works on until it is asked to stop, and obeys by throwing. */
export const abortedBy = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(abortError()));
  });

/** Gives these checkpoints, one after the other, and comes to this end. */
export async function* stepsOf<C extends Checkpoint>(
  checkpoints: readonly C[],
  end: () => Outcome | Promise<Outcome> = () => ({}),
): AsyncGenerator<C, Outcome, void> {
  yield* checkpoints;
  return await end();
}
