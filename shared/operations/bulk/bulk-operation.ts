import type * as z from 'zod';
import type { Json } from '../../job/json.ts';
import { requireRole } from '../../service/caller.ts';
import { eachOf } from '../../service/each-of.ts';
import type { Operation, Outcome, RunContext } from '../../service/operation.ts';
import { defineOperation } from '../define-operation.ts';
import { type Applied, applyToItem } from './apply-to-item.ts';
import {
  BulkCursor,
  type BulkStep,
  type BulkSteps,
  beginBulk,
  bulkStep,
  counted,
  ITEM_COLUMNS,
  Item,
} from './bulk-cursor.ts';
import { BULK_INPUTS, type BulkInput, type BulkVerb } from './bulk-input.ts';
import { type BulkRepositories, type BulkRun, bulkRun } from './bulk-run.ts';
import { HOW_TO_APPLY } from './bulk-verbs.ts';
import { findItems } from './find-items.ts';

export type { BulkRepositories } from './bulk-run.ts';

interface Facts {
  readonly label: string;
  readonly description: string;
  readonly operationType: number;
}

type Context = RunContext<BulkRepositories, BulkCursor>;

export const bulkOperationName = (verb: BulkVerb): string => `bulk-${verb}`;

/**
 * The operation that applies a verb to all jobs that match a filter. It runs under the rights of whoever ordered it: what
 * the order says of that is settled when it comes in.
 */
export const bulkOperation = (verb: BulkVerb, facts: Facts): Operation<BulkRepositories> => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each schema gives some of these fields, and all are JSON
  const input = BULK_INPUTS[verb] as unknown as z.ZodType<BulkInput & { [key: string]: Json }>;
  return defineOperation({
    ...facts,
    name: bulkOperationName(verb),
    lane: 'bulk',
    itemColumns: ITEM_COLUMNS,
    authorize(order, caller) {
      if (input.parse(order).asAdmin === true) requireRole(caller, 'admin');
    },
    prepare(order, caller) {
      const parsed = input.parse(order);
      return { ...parsed, asAdmin: parsed.asAdmin ?? caller.role === 'admin' };
    },
    input,
    cursor: BulkCursor,
    async *run(order, context: Context): AsyncGenerator<BulkStep, Outcome, void> {
      const { cursor, jobId, clock } = context;
      const start = cursor?.jobId === jobId ? cursor : beginBulk(jobId, clock());
      const run = await bulkRun(order, HOW_TO_APPLY[verb], start, context);
      const found = start.phase === 'finding' ? yield* findItems(start, run) : start;
      return report(verb, order, yield* applyToAll(found, run));
    },
  });
};

async function* applyToAll(start: BulkCursor, run: BulkRun): BulkSteps {
  let at = start;
  while (at.page < at.pages) {
    const lines = await run.pages.get(run.own, 'items', at.page);
    if (lines === undefined) throw new Error(`The list of items has no page ${at.page}.`);
    const items = await applyToPage(Item.array().parse(lines), run);
    await run.pages.put(run.own, 'items', at.page, items);
    at = { ...at, page: at.page + 1, done: at.done + items.length, counts: counted(at.counts, items) };
    yield bulkStep(at);
  }
  return at;
}

/** Those that are not `waiting` any more were worked on before a crash. */
async function applyToPage(items: readonly Item[], run: BulkRun): Promise<Item[]> {
  const applied = await eachOf(
    items,
    run.how.atOnce,
    async (item): Promise<Applied> => (item.outcome === 'waiting' ? applyToItem(item, run) : { item }),
  );
  const errors = applied.flatMap(({ unexpected }) => (unexpected === undefined ? [] : [unexpected]));
  // Nothing went well: it is not the items, and the page is tried again as a whole.
  const [first] = errors;
  if (first !== undefined && errors.length === applied.length) throw first;
  return applied.map(({ item }) => item);
}

function report(verb: BulkVerb, { filter }: BulkInput, { counts, found, now }: BulkCursor): Outcome {
  const { done, already, refused, skipped, failed } = counts;
  // What went wrong first: rows, and so inboxes, have room for the beginning only.
  const others = [
    failed > 0 && `${failed} failed`,
    refused > 0 && `${refused} refused`,
    already > 0 && `${already} were so already`,
    skipped > 0 && `${skipped} had changed or gone`,
  ].filter(Boolean);
  const begin = `${HOW_TO_APPLY[verb].done} ${done} of ${found}`;
  const said = others.length === 0 ? `${begin} jobs.` : `${begin}: ${others.join(', ')}.`;
  return {
    result: { verb, filter, asOf: new Date(now).toISOString(), found, ...counts },
    friendlyMessage: found === 0 ? 'No job matched.' : said,
  };
}
