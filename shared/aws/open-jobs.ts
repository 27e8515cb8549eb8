import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { DuePage, DueQuery } from '../service/ports.ts';
import type { JobTables } from './dynamo-job-store.ts';
import { openShardAt } from './job-item.ts';

const Next = z.object({ shard: z.number(), start: z.record(z.string(), z.unknown()).optional() });

const FIRST: z.output<typeof Next> = { shard: 0 };

/** The index `open`: jobs that are not Completed, by when they are to be looked at. Shard by shard. */
export class OpenJobs {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;

  constructor(tables: DynamoDBDocumentClient, config: JobTables) {
    this.#tables = tables;
    this.#config = config;
  }

  /** One read: a page of one shard. It may be empty and still have a `next`. */
  async due({ by, from, limit }: DueQuery): Promise<DuePage> {
    const { shard, start } = from === undefined ? FIRST : Next.parse(JSON.parse(from));
    const { Items = [], LastEvaluatedKey } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#config.jobsTable,
        IndexName: 'open',
        KeyConditionExpression: 'openShard = :shard AND watchAt <= :by',
        ExpressionAttributeValues: { ':shard': openShardAt(shard), ':by': by },
        ExclusiveStartKey: start,
        Limit: limit,
      }),
    );
    const next = LastEvaluatedKey === undefined ? { shard: shard + 1 } : { shard, start: LastEvaluatedKey };
    return {
      jobIds: Items.map(({ jobId }) => String(jobId)),
      ...(next.shard < this.#config.shards && { next: JSON.stringify(next) }),
    };
  }
}
