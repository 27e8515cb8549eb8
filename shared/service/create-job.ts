import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { NextSequence } from '../job/sequence.ts';
import { type Caller, requireRole } from './caller.ts';
import { InvalidInput, Unavailable } from './errors.ts';
import { keepTexts } from './long-texts.ts';
import { MAX_INPUT_BYTES, type NewJob } from './new-job.ts';
import { newRow } from './new-row.ts';
import type { Operation, Operations } from './operation.ts';
import { faultsOf } from './parse.ts';
import type { Doorbell, JobDetails, JobStore } from './ports.ts';

export interface Creator {
  readonly jobs: JobStore;
  readonly details: JobDetails;
  readonly doorbell: Doorbell;
  readonly operations: Operations<never>;
  readonly nextSequence: NextSequence;
  /** UUIDv7. */
  readonly newId: () => string;
}

/**
 * Creates a job and rings for it. Either the job exists and has been rung when this returns, or there is no
 * job. Throws `InvalidInput`, `NotAllowed`, `Unavailable`.
 */
export async function createJob(order: NewJob, caller: Caller, creator: Creator): Promise<Job> {
  requireRole(caller, 'operator');
  const operation = chosenOperation(order, creator.operations);
  const input = checkedInput(order, operation);
  const jobId = creator.newId();
  const { name = operation.label, description } = order;
  const own = { jobId, claimNumber: 0 };
  const texts = await keepTexts(
    own,
    { name, ...(description !== undefined && { description }) },
    creator.details,
  );
  const job = newRow({ jobId, operation, input, by: caller.id, texts }, creator.nextSequence());
  // The row is the commit point: an input without a row can't be reached by anybody.
  if (job.input === undefined) await creator.details.putInput(job.jobId, input);
  await creator.jobs.insert(job);
  await ringOrWithdraw(job, operation, creator);
  return job;
}

function chosenOperation(order: NewJob, operations: Operations<never>): Operation<never> {
  const operation = operations.get(order.operation);
  if (operation !== undefined && !operation.isPlatformGenerated) return operation;
  const known = [...operations.values()]
    .filter((one) => !one.isPlatformGenerated)
    .map((one) => one.name)
    .join(', ');
  throw new InvalidInput([{ pointer: '/operation', detail: `There is no such operation. Known: ${known}.` }]);
}

function checkedInput(order: NewJob, operation: Operation<never>): Json {
  const bytes = Buffer.byteLength(JSON.stringify(order.input));
  if (bytes > MAX_INPUT_BYTES) {
    const detail = `The input has ${bytes} bytes; at most ${MAX_INPUT_BYTES} are allowed.`;
    throw new InvalidInput([{ pointer: '/input', detail }]);
  }
  const checked = operation.input.safeParse(order.input);
  if (!checked.success) throw new InvalidInput(faultsOf(checked.error, '/input'));
  return checked.data;
}

/** Nothing else finds a job that was never rung, so an order whose ring failed is taken back. */
async function ringOrWithdraw(job: Job, { lane }: Operation<never>, creator: Creator): Promise<void> {
  try {
    await creator.doorbell.ring({ jobId: job.jobId, lane });
  } catch (error) {
    // The ring may have arrived all the same: a job that somebody has claimed stays, and the order stands.
    if (await creator.jobs.withdraw(job.jobId)) throw new Unavailable('The queue does not answer.', error);
  }
}
