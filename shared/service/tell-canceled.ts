import type { Job } from '../job/job.ts';
import type { Worker } from './answer-ring.ts';
import { PermanentError } from './operation.ts';
import { readInput } from './read-input.ts';

/** So long an operation may take to pass it on. */
const TELL_MS = 5_000;

/**
 * Tells the operation that its job is canceled, if it wants to know and has ever run. Before the write that ends the
 * job: whoever dies in between leaves it to the next one, who tells it once more.
 */
export async function tellCanceled<R>(job: Job, worker: Worker<R>): Promise<void> {
  const operation = worker.operations.get(job.operation);
  if (operation?.onCancel === undefined || job.claimNumber === 0) return;
  const { jobId } = job;
  const { repositories } = worker;
  const stop = new AbortController();
  const callOff = worker.alarm(TELL_MS, () => stop.abort());
  try {
    await operation.onCancel(await readInput(job, operation, worker), {
      jobId,
      repositories,
      signal: stop.signal,
      log: (text, facts) => worker.log(text, { jobId, ...facts }),
    });
  } catch (error) {
    // A cancel does not fail because nobody is there who could be told.
    if (!(error instanceof PermanentError)) throw error;
    worker.log('could not be told of the cancel', { jobId, error: error.message });
  } finally {
    callOff();
  }
}
