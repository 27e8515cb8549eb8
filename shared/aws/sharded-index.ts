import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DueQuery } from '../service/ports.ts';

const Next = z.object({ shard: z.number(), start: z.record(z.string(), z.unknown()).optional() });

const FIRST: z.output<typeof Next> = { shard: 0 };

export interface ShardedIndex {
  readonly table: string;
  readonly index: string;
  /** The attribute that is the index's partition key. */
  readonly partition: string;
  /** The one that is its sort key: an instant. */
  readonly sort: string;
  readonly shardAt: (shard: number) => string;
  readonly shards: number;
}

export interface IndexPage {
  readonly items: readonly Record<string, unknown>[];
  readonly next?: string;
}

/** One read of what such an index has up to an instant: a page of one shard. It may be empty and still have a `next`. */
export async function dueIn(
  tables: DynamoDBDocumentClient,
  { table, index, partition, sort, shardAt, shards }: ShardedIndex,
  { by, from, limit }: DueQuery,
): Promise<IndexPage> {
  const { shard, start } = from === undefined ? FIRST : Next.parse(JSON.parse(from));
  const { Items = [], LastEvaluatedKey } = await tables.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#partition = :shard AND #sort <= :by',
      ExpressionAttributeNames: { '#partition': partition, '#sort': sort },
      ExpressionAttributeValues: { ':shard': shardAt(shard), ':by': by },
      ExclusiveStartKey: start,
      Limit: limit,
    }),
  );
  const next = LastEvaluatedKey === undefined ? { shard: shard + 1 } : { shard, start: LastEvaluatedKey };
  return { items: Items, ...(next.shard < shards && { next: JSON.stringify(next) }) };
}
