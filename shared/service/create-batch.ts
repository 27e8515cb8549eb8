import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { type Caller, requireRole } from './caller.ts';
import type { Creator } from './create-job.ts';
import { createJobs } from './create-jobs.ts';
import { Conflict, InvalidInput, type LonghaulError } from './errors.ts';
import { MAX_BATCH } from './new-job.ts';
import { faultsOf } from './parse.ts';
import { type OrderOfBatch, parseOrderOfBatch } from './parse-order.ts';
import type { BatchAnswer } from './place-batch.ts';

/** Items are parsed one by one: a wrong one, however deep or odd, is no fault of the others. */
const Batch = z.strictObject({ jobs: z.array(z.unknown()).min(1).max(MAX_BATCH) });

/** Of one item: the faults of a thousand must fit into one answer. */
const MAX_FAULTS_SHOWN = 10;

interface Refused {
  readonly refused: LonghaulError;
}

/** What became of one item. `namesJob`: it brought the job's id, as `PUT` does, and no key. */
export type BatchItem = { readonly job: Job; readonly isNew: boolean; readonly namesJob: boolean } | Refused;

/**
 * Creates the jobs of a batch and says in its order what became of each. Throws only where the batch as a whole can't
 * be served: `InvalidInput` for one that is none, empty or too long, `NotAllowed`.
 */
export async function createBatch(body: unknown, caller: Caller, creator: Creator): Promise<BatchItem[]> {
  requireRole(caller, 'operator');
  const batch = Batch.safeParse(body);
  if (!batch.success) throw new InvalidInput(faultsOf(batch.error));
  const items = batch.data.jobs.map((item) => parsed(item, caller));
  const originals = originalsOf(items);
  const orders = [...originals.values()];
  const made = await createJobs(orders, caller, creator);
  const answers = new Map(orders.map((order, index) => [order, made[index]]));
  return items.map((item, place) => {
    const answer = 'refused' in item ? item : answerTo(item, originals, answers);
    return 'refused' in answer ? { refused: below(place, answer.refused) } : answer;
  });
}

function parsed(item: unknown, caller: Caller): OrderOfBatch | Refused {
  try {
    return parseOrderOfBatch(item, caller);
  } catch (error) {
    if (error instanceof InvalidInput) return { refused: error };
    throw error;
  }
}

/** The first order with each id; one without an id is always the first. In the order of the batch. */
function originalsOf(items: readonly (OrderOfBatch | Refused)[]): Map<OrderOfBatch | string, OrderOfBatch> {
  const originals = new Map<OrderOfBatch | string, OrderOfBatch>();
  for (const item of items) {
    if ('refused' in item) continue;
    const id = item.chosenId ?? item;
    if (!originals.has(id)) originals.set(id, item);
  }
  return originals;
}

function answerTo(
  item: OrderOfBatch,
  originals: ReadonlyMap<OrderOfBatch | string, OrderOfBatch>,
  answers: ReadonlyMap<OrderOfBatch, BatchAnswer | undefined>,
): BatchItem {
  const { chosenId, namesJob } = item;
  const original = originals.get(chosenId ?? item) ?? item;
  if (!isDeepStrictEqual(item.order, original.order)) return { refused: takenBefore(namesJob) };
  const answer = answers.get(original);
  if (answer === undefined) throw new Error('An order of the batch was not answered.');
  if ('refused' in answer) return answer;
  const { dependencyToken } = item.order; // the row may have its hash
  const job = { ...answer.job, ...(dependencyToken !== undefined && { dependencyToken }) };
  return { job, isNew: answer.isNew && item === original, namesJob };
}

function takenBefore(namesJob: boolean): Conflict {
  const field = namesJob ? 'jobId' : 'idempotencyKey';
  const detail = `Another order before this one in the batch has the same ${field}.`;
  return new Conflict(detail, [{ pointer: `/${field}`, detail }]);
}

/** The same refusal with pointers into the whole batch. */
function below(place: number, refused: LonghaulError): LonghaulError {
  const faultsOfItem = (faults: InvalidInput['faults']) =>
    faults
      .slice(0, MAX_FAULTS_SHOWN)
      .map((fault) => ({ ...fault, pointer: `/jobs/${place}${fault.pointer}` }));
  if (refused instanceof InvalidInput) return new InvalidInput(faultsOfItem(refused.faults));
  if (refused instanceof Conflict) return new Conflict(refused.message, faultsOfItem(refused.faults));
  return refused;
}
