import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import type { Caller } from './caller.ts';
import { checkedOrder } from './checked-order.ts';
import { type Creator, call, rowOf } from './create-job.ts';
import { eachOf } from './each-of.ts';
import type { NewJobOfBatch } from './new-job.ts';
import { AT_ONCE, type BatchAnswer, notPlaced, orRefusal, placeBatch, type Ready } from './place-batch.ts';
import { ringFor, ringOf } from './ring-of.ts';

/** One order of a batch, and the id that its client chose for it, if any. */
export interface BatchOrder {
  readonly order: Omit<NewJobOfBatch, 'jobId' | 'idempotencyKey'>;
  readonly chosenId?: string | undefined;
}

/**
 * Creates many jobs; answers in the order of the orders, in which those of a token stand in line too. Orders with a
 * chosen id can be sent again; the others go in by bulk writes.
 */
export async function createJobs(
  orders: readonly BatchOrder[],
  caller: Caller,
  creator: Creator,
): Promise<BatchAnswer[]> {
  const prepared = await eachOf(numbered(orders, creator), AT_ONCE, (order) =>
    orRefusal(() => prepare(order, caller, creator)),
  );
  const answers = new Map<number, BatchAnswer>();
  const ready: Ready[] = [];
  for (const [place, one] of prepared.entries()) {
    if ('refused' in one) answers.set(place, one);
    else ready.push(one);
  }
  for (const [place, answer] of await placeBatch(ready, creator)) answers.set(place, answer);
  const inOrder = orders.map((_, place) => answers.get(place) ?? { refused: notPlaced() });
  await callAll(inOrder, creator);
  return inOrder;
}

type Numbered = BatchOrder & { readonly place: number; readonly sequence: number };

/** Sequences are given out before anything is awaited, so that they grow with the place in the batch. */
const numbered = (orders: readonly BatchOrder[], { nextSequence }: Creator): Numbered[] =>
  orders.map((order, place) => ({ ...order, place, sequence: nextSequence() }));

async function prepare(
  { order, chosenId, place, sequence }: Numbered,
  caller: Caller,
  creator: Creator,
): Promise<Ready> {
  const isChosen = chosenId !== undefined;
  const checked = await checkedOrder(order, caller, creator, isChosen);
  const job = await rowOf(checked, caller, creator, { jobId: chosenId ?? creator.newId(), sequence });
  return { place, job, isChosen };
}

/** Rings for what may run, and sets timers; jobs that existed before are rung for again. What fails, the scan mends. */
async function callAll(answers: readonly BatchAnswer[], creator: Creator): Promise<void> {
  const jobs = answers.flatMap((answer) => ('refused' in answer ? [] : [answer.job]));
  const free = jobs.filter(isFree);
  const failed = await creator.doorbell.ringAll(free.map((job) => ringOf(job, creator.operations)));
  if (failed.size > 0)
    creator.log('rings failed, the scan will find the jobs', { count: String(failed.size) });
  const postponed = jobs.filter(({ statusCode }) => statusCode === Status.Waiting);
  await eachOf(postponed, AT_ONCE, (job) => call(job, creator));
  const ready = jobs.filter((job) => isReady(job) && job.dependencyToken !== undefined);
  const lines = Map.groupBy(ready, ({ dependencyToken }) => dependencyToken);
  await eachOf([...lines.values()], AT_ONCE, (line) => callHead(line, creator));
}

/** One look at the head for all jobs of a line: one of them, if any, is it. */
async function callHead(line: readonly Job[], creator: Creator): Promise<void> {
  const [first] = line;
  if (first?.dependencyToken === undefined) return;
  const { chains, log } = creator;
  try {
    const head = await chains.head(first.dependencyToken);
    if (head !== undefined && line.some(({ jobId }) => jobId === head.jobId)) {
      await creator.doorbell.ring(ringFor(head));
    }
  } catch (error) {
    log('ring failed, the scan will find the job', { jobId: first.jobId, error: String(error) });
  }
}

const isReady = ({ statusCode }: Job): boolean => statusCode === Status.WaitingForResources;
const isFree = (job: Job): boolean => job.dependencyToken === undefined && isReady(job);
