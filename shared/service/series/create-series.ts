import { v5 } from 'uuid';
import type { Json } from '../../job/json.ts';
import { msOfSequence } from '../../job/sequence.ts';
import type { Caller } from '../caller.ts';
import { type CheckedOrder, checkedOrder } from '../checked-order.ts';
import { type Created, type Creator, call, createJob, findSame } from '../create-job.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import type { NewJob, NewRecurrence } from '../new-job.ts';
import { JobExists } from '../ports.ts';
import { type CheckedRecurrence, checkedRecurrence } from './checked-recurrence.ts';
import { occurrenceToCome } from './occurrence.ts';
import { type Series, SeriesMoved, type SeriesOrder } from './series.ts';

export interface CreatedInSeries extends Created {
  readonly series?: Series | undefined;
}

/** The input lies on the series itself, which is written at each occurrence. */
export const MAX_SERIES_INPUT_BYTES = 32 * 1_024;

/**
 * Carries out an order: a job; or, where it recurs, a series and its first occurrence, both or none. With an id of the
 * client's choice, which is that of the first occurrence, it may be called again. Throws as `createJob` does.
 */
export async function createJobOrSeries(
  { recurrence, ...order }: NewJob,
  caller: Caller,
  creator: Creator,
  chosenId?: string,
): Promise<CreatedInSeries> {
  if (recurrence === undefined) return createJob(order, caller, creator, chosenId);
  refuseMisfits(order);
  const whole = { ...order, recurrence };
  const checked = await checkedOrder(whole, caller, creator, chosenId !== undefined);
  const dates = checkedRecurrence(recurrence, creator.clock(), '/recurrence');
  const first = firstVersion(whole, { checked, dates, caller }, creator, chosenId);
  const created = await placeSeries(first, creator);
  await call(created.job, creator);
  return created;
}

function refuseMisfits({ postponeUntil, deleteOnSuccess, input }: NewJob): void {
  const misfits = [
    ...(postponeUntil === undefined
      ? []
      : [{ pointer: '/postponeUntil', detail: 'A series begins at recurrence.startTime; leave this out.' }]),
    ...(deleteOnSuccess === undefined
      ? []
      : [
          { pointer: '/deleteOnSuccess', detail: 'The purge takes occurrences of a series; leave this out.' },
        ]),
  ];
  if (misfits.length > 0) throw new InvalidInput(misfits);
  requireSmallInput(input);
}

/** Uploads expire, and each occurrence would need its copy. */
export function requireSmallInput(input: Json | undefined): void {
  const bytes = input === undefined ? 0 : Buffer.byteLength(JSON.stringify(input));
  if (input !== undefined && bytes <= MAX_SERIES_INPUT_BYTES) return;
  const detail =
    input === undefined
      ? 'A series takes its input with the order, not from an upload.'
      : `The input has ${bytes} bytes; that of a series at most ${MAX_SERIES_INPUT_BYTES}.`;
  throw new InvalidInput([{ pointer: input === undefined ? '/inputBlobId' : '/input', detail }]);
}

interface Checked {
  readonly checked: CheckedOrder;
  readonly dates: CheckedRecurrence;
  readonly caller: Caller;
}

function firstVersion(
  order: NewJob & { recurrence: NewRecurrence },
  { checked, dates, caller }: Checked,
  { newId, nextSequence }: Creator,
  chosenId: string | undefined,
): Series {
  const sequence = nextSequence();
  const createdOn = new Date(msOfSequence(sequence)).toISOString();
  const { missed, overlap } = order.recurrence;
  const { count } = dates.schedule.rule;
  const { requestHash } = checked.extras;
  const jobId = chosenId ?? newId();
  return {
    seriesId: v5(`urn:longhaul:series-of:${jobId}`, v5.URL),
    version: 1,
    sequence,
    createdOn,
    createdBy: caller.id,
    ownerId: caller.id,
    modifiedOn: createdOn,
    modifiedBy: caller.id,
    ...(requestHash !== undefined && { requestHash }),
    order: orderOf(order, checked.input ?? null),
    recurrence: { ...dates.recurrence, missed, overlap },
    ...(count !== undefined && { left: count }),
    nextAt: new Date(dates.first).toISOString(),
    nextJobId: jobId,
  };
}

/** Without what was left out: the same order is written the same. */
function orderOf(
  { operation, name, description, dependencyToken, maxRetries }: NewJob,
  input: Json,
): SeriesOrder {
  return {
    operation,
    input,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(dependencyToken !== undefined && { dependencyToken }),
    ...(maxRetries !== undefined && { maxRetries }),
  };
}

async function placeSeries(series: Series, creator: Creator): Promise<CreatedInSeries> {
  const next = await occurrenceToCome(series, creator);
  if (next === undefined) throw new Error(`The series ${series.seriesId} has no first occurrence.`);
  try {
    await creator.series.commit({ series, next });
    return { job: next, isNew: true, series };
  } catch (error) {
    const isAgain = error instanceof JobExists || error instanceof SeriesMoved;
    if (!isAgain || series.requestHash === undefined) throw error;
    if (error instanceof JobExists) return { ...(await findSame(error.current, next, creator)), series };
    return findNext(series, creator);
  }
}

/** The same order was carried out before, and its first occurrence is gone by now: then it is the one to come. */
async function findNext(
  { seriesId, requestHash, createdBy }: Series,
  { series: store, jobs }: Creator,
): Promise<CreatedInSeries> {
  const series = await store.get(seriesId);
  if (series === undefined || series.requestHash !== requestHash || series.createdBy !== createdBy)
    throw new Conflict(`There is another series ${seriesId}, or another order had this Idempotency-Key.`);
  const next = series.nextJobId === undefined ? undefined : await jobs.get(series.nextJobId);
  if (next === undefined) throw new Conflict(`The series ${seriesId} of this order is over.`);
  return { job: next, isNew: false, series };
}
