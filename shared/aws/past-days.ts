import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { JobTables } from './dynamo-job-store.ts';
import { timelineShard } from './job-item.ts';
import { DAYS_PER_READ, type Day, DIRECTORY } from './timeline.ts';

export interface SequenceRange {
  readonly from: number;
  readonly to: number;
}

/** The directory of days from its old end, and reads of one partition of the index `timeline`. */
export class PastDays {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;

  constructor(tables: DynamoDBDocumentClient, config: JobTables) {
    this.#tables = tables;
    this.#config = config;
  }

  /** Days that have jobs, oldest first, from one to another, both included. */
  async *days(from: string, to: string): AsyncGenerator<Day, void, void> {
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#config.jobDetailsTable,
          KeyConditionExpression: 'jobId = :directory AND part BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':directory': DIRECTORY, ':from': from, ':to': to },
          ConsistentRead: true,
          Limit: DAYS_PER_READ,
          ExclusiveStartKey: start,
        }),
      );
      for (const { part, shards } of page.Items ?? []) yield { day: String(part), shards: Number(shards) };
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async allDays(from: string, to: string): Promise<Day[]> {
    const found: Day[] = [];
    for await (const day of this.days(from, to)) found.push(day);
    return found;
  }

  /** One page of a partition, oldest first. */
  page(
    shard: string,
    { from, to }: SequenceRange,
    { limit, start }: { limit: number; start?: Record<string, unknown> | undefined },
  ) {
    return this.#tables.send(
      new QueryCommand({
        ...this.#within(shard, { from, to }),
        ExclusiveStartKey: start,
        Limit: limit,
      }),
    );
  }

  async count(day: Day, range: SequenceRange): Promise<number> {
    const counts = shardsOf(day).map((shard) => this.#countShard(shard, range));
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  async #countShard(shard: string, range: SequenceRange): Promise<number> {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({ ...this.#within(shard, range), Select: 'COUNT', ExclusiveStartKey: start }),
      );
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return count;
  }

  #within(shard: string, { from, to }: SequenceRange) {
    return {
      TableName: this.#config.jobsTable,
      IndexName: 'timeline',
      KeyConditionExpression: 'timelineShard = :shard AND #sequence BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':shard': shard, ':from': from, ':to': to },
    } as const;
  }
}

export const shardsOf = ({ day, shards }: Day): string[] =>
  Array.from({ length: shards }, (_, shard) => timelineShard(day, shard));
