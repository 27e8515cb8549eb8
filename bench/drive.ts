import type { Operation, Outcome } from '../shared/service/operation.ts';
import { noCallback, outcomeOf } from '../test/support/never-waits.ts';

/** Runs an operation to its end in one go, as if there were no end of time. */
export async function drive<R>(operation: Operation<R>, repositories: NoInfer<R>): Promise<Outcome> {
  const steps = operation.run(
    {},
    {
      jobId: crypto.randomUUID(),
      cursor: undefined,
      run: { claimNumber: 1, tries: 1, crashes: 0, hostId: 'bench' },
      clock: Date.now,
      repositories,
      signal: new AbortController().signal,
      sleep: async () => undefined,
      log: () => undefined,
      callback: noCallback,
    },
  );
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return outcomeOf(step.value);
  }
}
