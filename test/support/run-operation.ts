import type { Json } from '../../shared/job/json.ts';
import type { Operation, Outcome, RunContext } from '../../shared/service/operation.ts';
import type { Clock } from '../../shared/service/ports.ts';
import { noCallback, outcomeOf } from './never-waits.ts';

/** Runs an operation to its end without the engine: no claims, no checkpoints that are saved. */
export async function runOperation<R>(
  operation: Operation<R>,
  {
    repositories,
    clock,
    jobId = 'job',
    input = {},
  }: { repositories: R; clock: Clock; jobId?: string; input?: Json },
): Promise<Outcome> {
  const context: RunContext<R> = {
    jobId,
    cursor: undefined,
    run: { claimNumber: 1, tries: 1, crashes: 0, hostId: 'host' },
    clock,
    repositories,
    signal: new AbortController().signal,
    sleep: async () => {},
    log: () => {},
    callback: noCallback,
  };
  const steps = operation.run(input, context);
  for (;;) {
    const step = await steps.next();
    if (step.done) return outcomeOf(step.value);
  }
}
