import type { Job } from '../job/job.ts';
import type { Json } from '../job/json.ts';
import type { NextSequence } from '../job/sequence.ts';
import { msOfSequence } from '../job/sequence.ts';
import { Status } from '../job/status.ts';
import { type Caller, requireRole } from './caller.ts';
import { InvalidInput, Unavailable } from './errors.ts';
import { keepTexts, type RowTexts } from './long-texts.ts';
import { MAX_INPUT_BYTES, type NewJob, ORDER_ON_ROW_BYTES } from './new-job.ts';
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

/** If no ring arrives, the job is looked at this long after its creation. */
const WATCH_AFTER_CREATE_MS = 60_000;

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
  const job = newRow({ jobId, operation, input, caller, texts }, creator);
  // The row is the commit point: an input without a row can't be reached by anybody.
  if (job.input === undefined) await creator.details.putInput(job.jobId, input);
  await creator.jobs.insert(job);
  await ringOrWithdraw(job, operation, creator);
  return job;
}

function chosenOperation(order: NewJob, operations: Operations<never>): Operation<never> {
  const operation = operations.get(order.operation);
  if (operation !== undefined) return operation;
  const known = [...operations.keys()].join(', ');
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

interface RowFacts {
  readonly jobId: string;
  readonly operation: Operation<never>;
  readonly input: Json;
  readonly caller: Caller;
  readonly texts: RowTexts;
}

function newRow({ jobId, operation, input, caller, texts }: RowFacts, { nextSequence }: Creator): Job {
  const sequence = nextSequence();
  const now = msOfSequence(sequence);
  const createdOn = new Date(now).toISOString();
  const { name = operation.label, ...others } = texts;
  return {
    jobId,
    sequence,
    operation: operation.name,
    name,
    ...others,
    statusCode: Status.WaitingForResources,
    createdOn,
    createdBy: caller.id,
    ownerId: caller.id,
    modifiedOn: createdOn,
    modifiedBy: caller.id,
    depth: 1,
    claimNumber: 0,
    retryCount: 0,
    watchAt: new Date(now + WATCH_AFTER_CREATE_MS).toISOString(),
    ...inputIfSmall(JSON.stringify(input), texts),
  };
}

function inputIfSmall(input: string, { name = '', description = '' }: RowTexts): { input?: string } {
  const bytes = Buffer.byteLength(input) + Buffer.byteLength(name) + Buffer.byteLength(description);
  return bytes <= ORDER_ON_ROW_BYTES ? { input } : {};
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
