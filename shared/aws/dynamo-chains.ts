import { type DynamoDBDocumentClient, GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Status } from '../job/status.ts';
import {
  type Chains,
  type DueQuery,
  JobExists,
  type LineEntry,
  type LinePart,
  type Link,
  TailAhead,
  type WatchedPage,
  type WatchedToken,
} from '../service/ports.ts';
import type { JobTables } from './dynamo-job-store.ts';
import { dayOf, isSameInsert, jobOf, newJobPut } from './job-item.ts';
import { FIRST_PLACE, linkItem, linkOf, raiseTail, TAIL, watchedOf, watchShardAt } from './line-item.ts';
import { type Refusal, refusal } from './refusal.ts';
import { dueIn } from './sharded-index.ts';
import { takeTurns } from './take-turns.ts';
import type { Timeline } from './timeline.ts';
import { type TransactItems, transact } from './transaction.ts';

/** The lines of tokens in DynamoDB: one item per open job, and the tail. */
export class DynamoChains implements Chains {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;
  readonly #timeline: Timeline;

  constructor(tables: DynamoDBDocumentClient, config: JobTables, timeline: Timeline) {
    this.#tables = tables;
    this.#config = config;
    this.#timeline = timeline;
  }

  async append(entries: readonly LineEntry[], watchAt: string): Promise<void> {
    const days = new Set(entries.map(({ job }) => dayOf(job.sequence)));
    for (const day of days) await this.#timeline.noteDay(day);
    const puts = entries.map(({ job }): TransactItems[number] => ({ Put: newJobPut(job, this.#config) }));
    const places = entries.map((entry, place): TransactItems[number] => ({
      Put: { TableName: this.#config.chainsTable, Item: linkItem(entry, entries[place - 1]) },
    }));
    // The rows come first: that a job exists matters more than that the tail is ahead, for then it is ahead of it.
    const refusals = await transact(this.#tables, [
      ...puts,
      raiseTail(entries, watchAt, this.#config),
      ...places,
    ]);
    if (refusals.size === 0) return;
    if (entries.every(({ job }, place) => isOurs(job, refusals.get(place)))) return;
    for (const [place, { job }] of entries.entries()) {
      const refused = refusals.get(place);
      if (refused !== undefined) throw new JobExists(job.jobId, jobOf(refused.current));
    }
    throw new TailAhead(Number(refusals.get(puts.length)?.current?.['last'] ?? 0));
  }

  async head(token: string): Promise<Link | undefined> {
    const [head] = await this.line(token, { limit: 1 });
    return head;
  }

  /** A place has at most some 250 bytes, so 1,001 of them come in one answer (1 MB). */
  async line(token: string, { after, upTo, limit }: LinePart): Promise<Link[]> {
    const first = after === undefined ? FIRST_PLACE : after + 1;
    const last = upTo ?? Number.MAX_SAFE_INTEGER;
    // DynamoDB refuses a range that ends before it begins.
    if (first > last) return [];
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#config.chainsTable,
        KeyConditionExpression: '#token = :token AND #sequence BETWEEN :first AND :last',
        ExpressionAttributeNames: { '#token': 'token', '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':token': token, ':first': first, ':last': last },
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return Items.map(linkOf);
  }

  async tail(token: string): Promise<number> {
    const { Item } = await this.#tables.send(
      new GetCommand({
        TableName: this.#config.chainsTable,
        Key: { token, sequence: TAIL },
        ConsistentRead: true,
      }),
    );
    return Number(Item?.['last'] ?? 0);
  }

  async watched(query: DueQuery): Promise<WatchedPage> {
    const { chainsTable: table, shards } = this.#config;
    const index = {
      table,
      index: 'watch',
      partition: 'watchShard',
      sort: 'watchAt',
      shardAt: watchShardAt,
      shards,
    };
    const { items, next } = await dueIn(this.#tables, index, query);
    return { tokens: items.map(watchedOf), ...(next !== undefined && { next }) };
  }

  async watch(
    { token, watchAt: seen }: WatchedToken,
    { tail, watchAt }: { tail: number; watchAt?: string },
  ): Promise<boolean> {
    const move = new UpdateCommand({
      TableName: this.#config.chainsTable,
      Key: { token, sequence: TAIL },
      UpdateExpression: watchAt === undefined ? 'REMOVE watchAt, watchShard' : 'SET watchAt = :watchAt',
      ConditionExpression: 'watchAt = :seen AND #last = :tail',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: {
        ':seen': seen,
        ':tail': tail,
        ...(watchAt !== undefined && { ':watchAt': watchAt }),
      },
    });
    try {
      await takeTurns(() => this.#tables.send(move));
      return true;
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return false;
    }
  }

  async removeOrphan({ token, sequence, jobId }: Link): Promise<boolean> {
    const refusals = await transact(this.#tables, [
      {
        ConditionCheck: {
          TableName: this.#config.jobsTable,
          Key: { jobId },
          ConditionExpression: 'attribute_not_exists(jobId) OR statusCode >= :over',
          ExpressionAttributeValues: { ':over': Status.Succeeded },
        },
      },
      { Delete: { TableName: this.#config.chainsTable, Key: { token, sequence } } },
    ]);
    return refusals.size === 0;
  }
}

/** The transaction had been made already, and only its answer was lost. */
const isOurs = (job: LineEntry['job'], refused: Refusal | undefined): boolean =>
  refused?.current !== undefined && isSameInsert(jobOf(refused.current), job);
