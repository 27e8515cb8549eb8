import { type Job, MAX_DEPTH } from '../job/job.ts';
import { openVerbs } from '../job/open-verbs.ts';
import { note } from './audit.ts';
import { type Caller, requireControl } from './caller.ts';
import { refusalOf } from './change-job.ts';
import { allowedInput, type CheckedOrder, hashOf } from './checked-order.ts';
import { type Creator, call, placeOrFind, rowOf } from './create-job.ts';
import { NotFound, TooDeep } from './errors.ts';
import { wholeTexts } from './long-texts.ts';
import { PermanentError, UnknownOperation } from './operation.ts';
import { readInput } from './read-input.ts';

export interface RerunTerms {
  readonly fromCheckpoint?: boolean | undefined;
  readonly reason?: string | undefined;
  /** The id of the new job. */
  readonly chosenId?: string | undefined;
  /** Where a job makes it: one more than that job's. */
  readonly depth?: number | undefined;
}

/**
 * A new job at the end of the line that does what a completed one did, from the start or from where that one's
 * last checkpoint was. With a `chosenId` it may be called again. Throws `NotFound`, `NotAllowed`, `VerbRefused`.
 */
export async function rerunJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  { fromCheckpoint = false, reason, chosenId, depth = 1 }: RerunTerms = {},
): Promise<Job> {
  const { jobs, details, newId, nextSequence } = service;
  const old = await jobs.get(jobId);
  if (old === undefined) throw new NotFound('job', jobId);
  requireControl(caller, old);
  if (!openVerbs(old).includes('rerun')) throw refusalOf('rerun', old);
  if (depth > MAX_DEPTH) throw new TooDeep(MAX_DEPTH);
  const { inputBlobId } = old;
  const copiedFrom = inputBlobId === undefined ? undefined : { ...old, inputBlobId };
  const made = chosenId === undefined ? undefined : await jobs.get(chosenId);
  const requestHash = hashOf({ rerunOf: old.jobId, fromCheckpoint });
  if (made?.requestHash === requestHash) return made;
  const ids = { jobId: chosenId ?? newId(), sequence: nextSequence(), copiedFrom };
  const { extras, ...order } = await orderOf(old, caller, service);
  // Whoever chooses ids may choose one again: then the hash tells whether it was the same order.
  const told = { ...extras, depth, ...(chosenId !== undefined && { requestHash }) };
  const job = await rowOf({ ...order, extras: told }, caller, service, ids);
  const cursor = fromCheckpoint ? await details.getCursor(old) : undefined;
  if (cursor !== undefined) await details.saveCursor(job, cursor);
  const placed = await placeOrFind(job, chosenId !== undefined, service);
  await call(placed.job, service);
  await noteRerun(old, placed.job, { caller, reason }, service);
  return placed.job;
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

async function orderOf(old: Job, caller: Caller, { details, operations }: Creator): Promise<CheckedOrder> {
  const operation = operations.get(old.operation);
  if (operation === undefined) throw new UnknownOperation(old.operation);
  const { name, description, dependencyToken } = { ...old, ...(await wholeTexts(old, details)) };
  const { maxRetries, inputBlobId, lane } = old;
  return {
    operation,
    // Whoever orders it again must be allowed to: it runs under the rights of this one.
    input:
      inputBlobId === undefined
        ? allowedInput(await readInput(old, operation, { details, inputs: NO_UPLOAD }), operation, caller)
        : undefined,
    texts: {
      name,
      ...(description !== undefined && { description }),
      ...(dependencyToken !== undefined && { dependencyToken }),
    },
    extras: {
      // Whoever wants it once more wants to see it: `deleteOnSuccess` is not repeated.
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
