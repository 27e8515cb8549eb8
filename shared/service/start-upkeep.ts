import type { Job } from '../job/job.ts';
import { isCompleted } from '../job/status.ts';
import { type Caller, requireRole } from './caller.ts';
import { type Enforcer, putInForce } from './controls.ts';
import { createPlatformJob, type PlatformCreator } from './create-platform-job.ts';
import { type Mender, mendJob } from './mend-job.ts';
import type { Operation } from './operation.ts';

/** Which job each duty of the service has had last. */
export interface Turns {
  /** Strongly consistent. */
  latest(duty: string): Promise<string | undefined>;
  note(duty: string, jobId: string): Promise<void>;
}

export interface UpkeepStarter extends PlatformCreator, Mender {
  readonly turns: Turns;
}

/**
 * Makes the job of a turn, unless the one of an earlier turn is still open: then that one is brought on its way, and no
 * other is made, so that turns never pile up behind a lane that is slow or stopped. Answers with the job that is open now.
 */
export async function startUpkeep(
  operation: Operation<never>,
  turn: string,
  starter: UpkeepStarter,
  by?: string,
): Promise<Job> {
  const { turns, jobs } = starter;
  const latest = await turns.latest(operation.name);
  const current = latest === undefined ? undefined : await jobs.get(latest);
  if (current !== undefined && !isCompleted(current.statusCode)) {
    await mendJob(current, starter);
    return current;
  }
  const job = await createPlatformJob(operation, turn, starter, by);
  await turns.note(operation.name, job.jobId);
  return job;
}

/** A turn out of turn, for an admin. Throws `NotAllowed`. */
export async function startUpkeepNow(
  duty: string,
  caller: Caller,
  starter: UpkeepStarter & { readonly newId: () => string },
): Promise<Job> {
  requireRole(caller, 'admin');
  const operation = starter.operations.get(duty);
  if (operation === undefined) throw new Error(`This deployment has no operation "${duty}".`);
  return startUpkeep(operation, `asked for:${starter.newId()}`, starter, caller.id);
}

/** The reprocessing scan now, with all that its schedule does. Throws `NotAllowed`, `NotInForce` when the job is under way. */
export async function startScanNow(
  caller: Caller,
  starter: Parameters<typeof startUpkeepNow>[2] & Enforcer,
): Promise<Job> {
  const job = await startUpkeepNow('reprocess', caller, starter);
  await putInForce(starter);
  return job;
}
