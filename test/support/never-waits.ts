import type { Outcome, Wait } from '../../shared/service/operation.ts';

/** Of a context in which no operation asks for a callback. */
export const noCallback = (): Promise<never> =>
  Promise.reject(new Error('No callback can be asked for here.'));

/** How a run ended that waits for nothing. */
export function outcomeOf(end: Outcome | Wait): Outcome {
  if ('waitFor' in end) throw new Error('It waits, and nobody would answer here.');
  return end;
}
