import type { Job } from '../job/job.ts';
import { newRow } from './new-row.ts';
import type { Operation } from './operation.ts';
import { type Doorbell, JobExists, type JobStore } from './ports.ts';

export interface PlatformCreator {
  readonly jobs: JobStore;
  readonly doorbell: Doorbell;
  readonly nextSequence: () => number;
  /** Always the same UUID for the same name. */
  readonly idOf: (name: string) => string;
}

/** The service itself, as creator and owner of its upkeep jobs. */
export const PLATFORM_USER = 'urn:longhaul:user:platform';

/**
 * Creates the job of one turn of a schedule and rings for it. A schedule may fire twice: the turn gives the id,
 * so the second firing meets the first one's job, and rings once more. `by`: the person who asked for it, if one did.
 */
export async function createPlatformJob(
  operation: Operation<never>,
  turn: string,
  { jobs, doorbell, nextSequence, idOf }: PlatformCreator,
  by = idOf(PLATFORM_USER),
): Promise<Job> {
  const jobId = idOf(`urn:longhaul:upkeep:${operation.name}:${turn}`);
  // Labels are our own, and short.
  const texts = { name: operation.label };
  let job = newRow({ jobId, operation, input: {}, by, texts }, nextSequence());
  try {
    await jobs.insert(job);
  } catch (error) {
    if (!(error instanceof JobExists)) throw error;
    job = error.current ?? job;
  }
  await doorbell.ring({ jobId, lane: operation.lane });
  return job;
}
