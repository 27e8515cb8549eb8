import { createHash } from 'node:crypto';
import * as z from 'zod';
import { LANES } from '../job/lane.ts';
import type { LineChange, Place } from '../job/transition.ts';
import type { LineEntry, Link, WatchedToken } from '../service/ports.ts';
import type { Sharding } from './job-item.ts';
import type { TransactItems } from './transaction.ts';

/** The tail of a token lies at this sequence, before all places of its line. */
export const TAIL = 0;
/** The first sequence that a place can have. */
export const FIRST_PLACE = 1;

const LinkItem = z.object({
  token: z.string(),
  sequence: z.number(),
  jobId: z.string(),
  lane: z.enum(LANES),
  behind: z.number().exactOptional(),
});
const WatchItem = z.object({ token: z.string(), watchAt: z.string() });

export const linkOf = (item: unknown): Link => LinkItem.parse(item);
export const watchedOf = (item: unknown): WatchedToken => WatchItem.parse(item);

/** `before`: the entry before it in the same transaction. */
export const linkItem = ({ job, lane }: LineEntry, before?: LineEntry): Record<string, unknown> => ({
  token: job.dependencyToken,
  sequence: job.sequence,
  jobId: job.jobId,
  lane,
  ...(before !== undefined && { behind: before.job.sequence }),
});

export const watchShardAt = (shard: number): string => `watch#${shard}`;
export const watchShard = (token: string, { shards }: Sharding): string =>
  watchShardAt(createHash('sha1').update(token).digest().readUInt32BE() % shards);

/** What a job's step does to its line, as parts of the same transaction. */
export const lineChanges = (change: LineChange, table: string, sharding: Sharding): TransactItems => [
  ...(change.leaves ? [leave(change, table)] : []),
  ...(change.watchAt === undefined ? [] : [watchFrom(change.token, change.watchAt, table, sharding)]),
];

const leave = ({ token, sequence }: Place, TableName: string): TransactItems[number] => ({
  Delete: { TableName, Key: { token, sequence } },
});

const watchFrom = (
  token: string,
  watchAt: string,
  TableName: string,
  sharding: Sharding,
): TransactItems[number] => ({
  Update: {
    TableName,
    Key: { token, sequence: TAIL },
    UpdateExpression: 'SET watchAt = :watchAt, watchShard = :shard',
    ExpressionAttributeValues: { ':watchAt': watchAt, ':shard': watchShard(token, sharding) },
  },
});

/** Raises the tail above all that were given out, or is refused; `watchAt` counts only where the token was idle. */
export const raiseTail = (
  entries: readonly LineEntry[],
  watchAt: string,
  { chainsTable, shards }: Sharding & { readonly chainsTable: string },
): TransactItems[number] => {
  const token = entries[0]?.job.dependencyToken ?? '';
  return {
    Update: {
      TableName: chainsTable,
      Key: { token, sequence: TAIL },
      UpdateExpression:
        'SET #last = :last, watchAt = if_not_exists(watchAt, :watchAt), watchShard = if_not_exists(watchShard, :shard)',
      ConditionExpression: 'attribute_not_exists(#last) OR #last < :first',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: {
        ':first': entries[0]?.job.sequence,
        ':last': entries.at(-1)?.job.sequence,
        ':watchAt': watchAt,
        ':shard': watchShard(token, { shards }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
};
