import { isDeepStrictEqual } from 'node:util';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Json } from '../job/json.ts';
import type { SettingsChange, SettingsChanged, SettingsNow, SettingsStore } from '../service/settings.ts';
import { transact } from './transaction.ts';

/** The table `Settings`: the settings as they are in one item, and one item for each change. */
const NOW = { scope: 'settings', name: 'now' };
const HISTORY = 'history';

const NowItem = z.object({
  version: z.number(),
  values: z.custom<SettingsChange>((value) => typeof value === 'object' && value !== null),
  modifiedOn: z.string(),
  modifiedBy: z.string(),
});
const ChangeItem = z.object({
  version: z.number(),
  at: z.string(),
  by: z.string(),
  byName: z.string().exactOptional(),
  changes: z.record(z.string(), z.object({ from: z.custom<Json>(), to: z.custom<Json>() })),
});

/** Names are sorted as texts: digits enough for every version. */
const nameOf = (version: number): string => String(version).padStart(16, '0');

export class DynamoSettings implements SettingsStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
  }

  async read(): Promise<Required<SettingsNow> | undefined> {
    const order = { TableName: this.#table, Key: NOW, ConsistentRead: true };
    const { Item } = await this.#tables.send(new GetCommand(order));
    return Item === undefined ? undefined : NowItem.parse(Item);
  }

  async write(next: Required<SettingsNow>, change: SettingsChanged): Promise<boolean> {
    const refusals = await transact(this.#tables, [
      {
        Put: {
          TableName: this.#table,
          Item: { ...NOW, ...next },
          ConditionExpression: next.version === 1 ? 'attribute_not_exists(version)' : 'version = :before',
          ...(next.version > 1 && { ExpressionAttributeValues: { ':before': next.version - 1 } }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
      { Put: { TableName: this.#table, Item: { scope: HISTORY, name: nameOf(change.version), ...change } } },
    ]);
    if (refusals.size === 0) return true;
    // The SDK repeats a transaction whose answer was lost, and then meets its own item.
    const current = NowItem.safeParse(refusals.get(0)?.current);
    return current.success && isDeepStrictEqual(current.data, next);
  }

  async changes({ before, limit }: { before: number; limit: number }): Promise<SettingsChanged[]> {
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: '#scope = :history AND #name < :before',
        ExpressionAttributeNames: { '#scope': 'scope', '#name': 'name' },
        ExpressionAttributeValues: { ':history': HISTORY, ':before': nameOf(before) },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return Items.map((item) => ChangeItem.parse(item));
  }
}
