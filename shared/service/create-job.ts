import { detailsKey } from '../job/details-key.ts';
import type { Job } from '../job/job.ts';
import { msOfSequence, type NextSequence } from '../job/sequence.ts';
import { Status } from '../job/status.ts';
import { isNear } from '../job/watch.ts';
import type { Audit } from './audit.ts';
import type { Caller } from './caller.ts';
import { type CheckedOrder, checkedOrder } from './checked-order.ts';
import { Conflict } from './errors.ts';
import { keepOrderTexts } from './long-texts.ts';
import type { NewJob } from './new-job.ts';
import { newRow } from './new-row.ts';
import type { Operations } from './operation.ts';
import { placeJob } from './place-job.ts';
import {
  type Chains,
  type Clock,
  type Doorbell,
  type InputBlobs,
  type InputCopy,
  type JobDetails,
  JobExists,
  type JobStore,
  type Timers,
} from './ports.ts';
import { laneOf, ringOf } from './ring-of.ts';
import type { SeriesStore } from './series/series.ts';

export interface Creator {
  readonly clock: Clock;
  /** Waits so many milliseconds, for somebody else's transaction to be over. */
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  readonly jobs: JobStore;
  readonly chains: Chains;
  readonly details: JobDetails;
  readonly audit: Audit;
  readonly inputs: Pick<InputBlobs, 'sizeOf' | 'keepFor'>;
  readonly series: SeriesStore;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
  readonly operations: Operations<never>;
  readonly nextSequence: NextSequence;
  /** UUIDv7. */
  readonly newId: () => string;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

/** Where the client chose the id, the same order again is the same job. */
export interface Created {
  readonly job: Job;
  readonly isNew: boolean;
}

/**
 * Creates a job and rings for it. When this returns the job is kept for good, and will run even if the ring was
 * lost: then the reprocessing scan finds it. With a `jobId` of the client's choice it may be called again.
 * Throws `InvalidInput`, `NotAllowed`, `Conflict`.
 */
export async function createJob(
  order: NewJob,
  caller: Caller,
  creator: Creator,
  chosenId?: string,
): Promise<Created> {
  const isChosen = chosenId !== undefined;
  const checked = await checkedOrder(order, caller, creator, isChosen);
  const ids = { jobId: chosenId ?? creator.newId(), sequence: creator.nextSequence() };
  const created = await placeOrFind(await rowOf(checked, caller, creator, ids), isChosen, creator);
  await call(created.job, creator);
  return created;
}

/** Writes the row, or finds the job that the same order made before. */
export async function placeOrFind(job: Job, isChosen: boolean, creator: Creator): Promise<Created> {
  try {
    return { job: await placeJob(job, laneOf(job, creator.operations), creator), isNew: true };
  } catch (error) {
    if (!(error instanceof JobExists) || !isChosen) throw error;
    return findSame(error.current, job, creator);
  }
}

/** Makes the row, and keeps what does not fit on it first: the row is the commit point. */
export async function rowOf(
  { operation, input, texts, extras }: CheckedOrder,
  caller: Caller,
  { details, inputs }: Pick<Creator, 'details' | 'inputs'>,
  { jobId, sequence, copiedFrom }: { jobId: string; sequence: number; copiedFrom?: InputCopy | undefined },
): Promise<Job> {
  const { requestHash, inputBlobId } = extras;
  const createdOn = new Date(msOfSequence(sequence)).toISOString();
  const order = { jobId, createdOn, ...(requestHash !== undefined && { requestHash }) };
  const kept = await keepOrderTexts(order, texts, details);
  const job = newRow({ jobId, operation, input, by: caller.id, texts: kept, extras }, sequence);
  if (input !== undefined && job.input === undefined) await details.putInput(order, input);
  if (inputBlobId !== undefined) await inputs.keepFor({ ...order, inputBlobId }, copiedFrom);
  return job;
}

/** The job that the same order has made before, or a `Conflict`; what was kept for the new one is taken away. */
export async function findSame(
  current: Job | undefined,
  job: Job,
  { details }: Pick<Creator, 'details'>,
): Promise<Created> {
  const isAnother = current === undefined || detailsKey(current) !== detailsKey(job);
  const keptSomething = job.longTexts !== undefined || job.input === undefined;
  if (isAnother && keptSomething) await details.removeAll(job);
  return { job: sameJob(current, job), isNew: false };
}

function sameJob(current: Job | undefined, { jobId, requestHash, createdBy }: Job): Job {
  if (current !== undefined && current.requestHash === requestHash && current.createdBy === createdBy) {
    return current;
  }
  throw new Conflict(`There is another job with the id ${jobId}, or another order had this Idempotency-Key.`);
}

/** Who can ring for a job. */
export type Ringer = Pick<Creator, 'clock' | 'chains' | 'doorbell' | 'timers' | 'operations' | 'log'>;

/**
 * Rings for a job that may run; sets the timer of one that waits for a near date. What fails here is no failure of
 * the order: the scan finds whatever was not rung.
 */
export async function call(job: Job, creator: Ringer): Promise<void> {
  const { timers, clock, operations, log } = creator;
  const { postponeUntil: date } = job;
  try {
    if (job.statusCode === Status.WaitingForResources) await ringIfHead(job, creator);
    if (job.statusCode === Status.Waiting && date !== undefined && isNear(date, clock())) {
      await timers.set(ringOf(job, operations), Date.parse(date));
    }
  } catch (error) {
    log('ring failed, the scan will find the job', { jobId: job.jobId, error: String(error) });
  }
}

/** Rings for a job that is Ready, if it is its turn. Throws what the services throw: whoever calls it is called again. */
export async function ringIfHead(
  job: Job,
  ringer: Pick<Ringer, 'chains' | 'doorbell' | 'operations'>,
): Promise<void> {
  if (await isHead(job, ringer)) await ringer.doorbell.ring(ringOf(job, ringer.operations));
}

/** After the commit, and strongly consistent: so of us and of a worker that ends the head at least one sees it. */
async function isHead({ jobId, dependencyToken }: Job, { chains }: Pick<Ringer, 'chains'>): Promise<boolean> {
  if (dependencyToken === undefined) return true;
  return (await chains.head(dependencyToken))?.jobId === jobId;
}
