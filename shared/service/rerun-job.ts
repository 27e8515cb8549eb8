import type { Job } from '../job/job.ts';
import { isCompleted } from '../job/status.ts';
import { note } from './audit.ts';
import { type Caller, requireControl } from './caller.ts';
import { refusalOf } from './change-job.ts';
import type { CheckedOrder } from './checked-order.ts';
import { type Creator, call, rowOf } from './create-job.ts';
import { NotFound } from './errors.ts';
import { wholeTexts } from './long-texts.ts';
import { PermanentError, UnknownOperation } from './operation.ts';
import { placeJob } from './place-job.ts';
import { readInput } from './read-input.ts';
import { laneOf } from './ring-of.ts';

export interface RerunTerms {
  readonly fromCheckpoint?: boolean | undefined;
  readonly reason?: string | undefined;
}

/**
 * A new job at the end of the line that does what a completed one did, from the start or from where that one's
 * last checkpoint was. Throws `NotFound`, `NotAllowed`, `VerbRefused`.
 */
export async function rerunJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  { fromCheckpoint = false, reason }: RerunTerms = {},
): Promise<Job> {
  const { jobs, details, newId, nextSequence, operations } = service;
  const old = await jobs.get(jobId);
  if (old === undefined) throw new NotFound('job', jobId);
  requireControl(caller, old);
  if (!isCompleted(old.statusCode) || old.isPlatformGenerated) throw refusalOf('rerun', old);
  const { inputBlobId } = old;
  const copiedFrom = inputBlobId === undefined ? undefined : { ...old, inputBlobId };
  const ids = { jobId: newId(), sequence: nextSequence(), copiedFrom };
  const job = await rowOf(await orderOf(old, service), caller, service, ids);
  const cursor = fromCheckpoint ? await details.getCursor(old) : undefined;
  if (cursor !== undefined) await details.saveCursor(job, cursor);
  const placed = await placeJob(job, laneOf(job, operations), service);
  await call(placed, service);
  await noteRerun(old, placed, { caller, reason }, service);
  return placed;
}

/** With the old job; the new one says by its `rerunOf` where it comes from. */
async function noteRerun(
  old: Job,
  { jobId: newJobId }: Job,
  { caller, reason }: { caller: Caller; reason: string | undefined },
  service: Creator,
): Promise<void> {
  const by = { by: caller.id, ...(caller.name !== undefined && { byName: caller.name }) };
  const why = reason === undefined ? {} : { reason };
  await note(old, { ...by, verb: 'rerun', newJobId, ...why }, service);
}

async function orderOf(old: Job, { details, operations }: Creator): Promise<CheckedOrder> {
  const operation = operations.get(old.operation);
  if (operation === undefined) throw new UnknownOperation(old.operation);
  const { name, description, dependencyToken } = { ...old, ...(await wholeTexts(old, details)) };
  const { maxRetries, inputBlobId, lane } = old;
  return {
    operation,
    input:
      inputBlobId === undefined ? await readInput(old, operation, { details, inputs: NO_UPLOAD }) : undefined,
    texts: {
      name,
      ...(description !== undefined && { description }),
      ...(dependencyToken !== undefined && { dependencyToken }),
    },
    extras: {
      rerunOf: old.jobId,
      ...(maxRetries !== undefined && { maxRetries }),
      ...(inputBlobId !== undefined && { inputBlobId }),
      ...(lane !== undefined && { lane }),
    },
  };
}

/** An upload is copied as it is, not read. */
const NO_UPLOAD = {
  get: () => Promise.reject(new PermanentError('This input was not uploaded.')),
};
