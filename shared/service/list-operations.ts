import * as z from 'zod';
import type { Operation, Operations } from './operation.ts';
import { type Page, PageQuery } from './page.ts';
import { pageCursor, readPageCursor } from './page-cursor.ts';
import { parse } from './parse.ts';

const OperationQuery = z.strictObject(PageQuery);

/** What can be run, by name: label, type, lane and the JSON schema (2020-12) of its input. */
export function listOperations(query: unknown, operations: Operations<never>): Page<object> {
  const { limit, cursor } = parse(OperationQuery, query, { in: 'query' });
  const after = cursor === undefined ? '' : readPageCursor('operations', cursor);
  const rest = [...operations.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .filter((operation) => operation.name > after);
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(described),
    ...(rest.length > limit && last !== undefined && { nextCursor: pageCursor('operations', last.name) }),
  };
}

const described = ({
  input,
  run: _run,
  laneOf: _laneOf,
  authorize: _authorize,
  prepare: _prepare,
  itemColumns: _itemColumns,
  givesWayAfterMs: _givesWayAfterMs,
  ...facts
}: Operation<never>): object => ({
  ...facts,
  inputSchema: z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }),
});
