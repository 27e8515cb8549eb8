import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import { eachOf } from '../service/each-of.ts';
import type { History, HistoryRange } from '../service/history.ts';
import { byAge, type TimelineEntry } from '../service/ports.ts';
import { batchGet } from './batch-get.ts';
import { batchWrite, WRITES_PER_CALL } from './batch-write.ts';
import type { JobTables } from './dynamo-job-store.ts';
import { dayOf, openShardAt } from './job-item.ts';
import { TAIL } from './line-item.ts';
import { PastDays, type SequenceRange, shardsOf } from './past-days.ts';
import { refusal } from './refusal.ts';
import { takeTurns } from './take-turns.ts';
import { type Day, DIRECTORY, entryOf } from './timeline.ts';

const CALLS_AT_ONCE = 8;
const EVER: SequenceRange = { from: 0, to: Number.MAX_SAFE_INTEGER };
/** Before every day of the directory. */
const FIRST_DAY = '0';

/** The past of the jobs in DynamoDB. */
export class DynamoHistory implements History {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;
  readonly #days: PastDays;

  constructor(tables: DynamoDBDocumentClient, config: JobTables) {
    this.#tables = tables;
    this.#config = config;
    this.#days = new PastDays(tables, config);
  }

  async oldest({ after, upTo, limit }: HistoryRange): Promise<TimelineEntry[]> {
    const found: TimelineEntry[] = [];
    if (upTo < after.sequence) return found;
    for await (const day of this.#days.days(...daysOf({ from: after.sequence, to: upTo }))) {
      found.push(...(await this.#ofDay(day, { after, upTo, limit: limit - found.length })));
      if (found.length >= limit) break;
    }
    return found;
  }

  async #ofDay(day: Day, range: HistoryRange): Promise<TimelineEntry[]> {
    const shards = await Promise.all(shardsOf(day).map((shard) => this.#ofShard(shard, range)));
    return shards.flat().toSorted(byBirth).slice(0, range.limit);
  }

  /** Within one sequence the index has no order of its own, so a sequence is read to its end before it is cut. */
  async #ofShard(shard: string, { after, upTo, limit }: HistoryRange): Promise<TimelineEntry[]> {
    const range = { from: after.sequence, to: upTo };
    const found: TimelineEntry[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#days.page(shard, range, { limit: limit + 1, start });
      found.push(...(page.Items ?? []).map(entryOf).filter((entry) => byBirth(entry, after) > 0));
      start = page.LastEvaluatedKey;
    } while (
      start !== undefined &&
      !(found.length > limit && found[limit - 1]?.sequence !== found.at(-1)?.sequence)
    );
    return found;
  }

  async count(range: SequenceRange): Promise<number> {
    if (range.to < range.from) return 0;
    const days = await this.#days.allDays(...daysOf(range));
    const counts = await eachOf(days, CALLS_AT_ONCE, (day) => this.#days.count(day, range));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async countOpen(): Promise<number> {
    const shards = Array.from({ length: this.#config.shards }, (_, shard) => openShardAt(shard));
    const counts = await eachOf(shards, CALLS_AT_ONCE, (shard) => this.#countOpenIn(shard));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  async #countOpenIn(shard: string): Promise<number> {
    let count = 0;
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#config.jobsTable,
          IndexName: 'open',
          KeyConditionExpression: 'openShard = :shard',
          ExpressionAttributeValues: { ':shard': shard },
          Select: 'COUNT',
          ExclusiveStartKey: start,
        }),
      );
      count += page.Count ?? 0;
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return count;
  }

  /**
   * A batch of deletes knows no condition, and needs none for most rows: they were read as Completed, which never
   * changes (a stale read of it is true as well), and nobody else will ever have their ids. An id that a client chose, or
   * that a turn of a schedule gives, can come again as soon as another purge has taken the row: those go one by one, on
   * the condition that they are the rows that were read.
   */
  async removeRows(jobs: readonly Job[]): Promise<number> {
    const [lasting, returning] = [jobs.filter((job) => !mayReturn(job)), jobs.filter(mayReturn)];
    const calls = Array.from({ length: Math.ceil(lasting.length / WRITES_PER_CALL) }, (_, call) =>
      lasting.slice(call * WRITES_PER_CALL, (call + 1) * WRITES_PER_CALL),
    );
    await eachOf(calls, CALLS_AT_ONCE, (call) =>
      batchWrite(
        this.#tables,
        this.#config.jobsTable,
        call.map(({ jobId }) => ({ DeleteRequest: { Key: { jobId } } })),
      ),
    );
    const went = await eachOf(returning, CALLS_AT_ONCE, (job) => this.#removeAsRead(job));
    return lasting.length + went.filter(Boolean).length;
  }

  #removeAsRead({ jobId, sequence }: Job): Promise<boolean> {
    return this.#deleteIf({
      TableName: this.#config.jobsTable,
      Key: { jobId },
      ConditionExpression: '#sequence = :sequence AND statusCode >= :over',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':sequence': sequence, ':over': Status.Succeeded },
    });
  }

  /**
   * A tail that nobody watches is that of an empty line: whoever stands in line has set its date, and only the scan, which
   * has seen the line empty and the tail unchanged, takes the date away. Without its tail a token begins anew; there is
   * nothing left of it whose order could be mixed up.
   */
  async forgetTokens(tokens: readonly string[], upTo: number): Promise<number> {
    const keys = [...new Set(tokens)].map((token) => ({ token, sequence: TAIL }));
    const tails = await batchGet(this.#tables, { table: this.#config.chainsTable, keys });
    const idle = tails.filter(({ watchAt, last }) => watchAt === undefined && Number(last) <= upTo);
    const went = await eachOf(idle, CALLS_AT_ONCE, ({ token, last }) =>
      this.#deleteIf({
        TableName: this.#config.chainsTable,
        Key: { token, sequence: TAIL },
        ConditionExpression: '#last = :last AND attribute_not_exists(watchAt)',
        ExpressionAttributeNames: { '#last': 'last' },
        ExpressionAttributeValues: { ':last': last },
      }),
    );
    return went.filter(Boolean).length;
  }

  async forgetEmptyDays(before: string): Promise<number> {
    const days = await this.#days.allDays(FIRST_DAY, before);
    const went = await eachOf(
      days.filter(({ day }) => day < before),
      CALLS_AT_ONCE,
      async (day) => (await this.#isEmpty(day)) && this.#forgetDay(day),
    );
    return went.filter(Boolean).length;
  }

  async #isEmpty(day: Day): Promise<boolean> {
    const first = shardsOf(day).map((shard) => this.#days.page(shard, EVER, { limit: 1 }));
    return (await Promise.all(first)).every(({ Items = [] }) => Items.length === 0);
  }

  #forgetDay({ day }: Day): Promise<boolean> {
    return this.#deleteIf({
      TableName: this.#config.jobDetailsTable,
      Key: { jobId: DIRECTORY, part: day },
      ConditionExpression: 'attribute_exists(part)',
    });
  }

  async #deleteIf(order: ConstructorParameters<typeof DeleteCommand>[0]): Promise<boolean> {
    try {
      await takeTurns(() => this.#tables.send(new DeleteCommand(order)));
      return true;
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return false;
    }
  }
}

const mayReturn = ({ requestHash, isPlatformGenerated }: Job): boolean =>
  requestHash !== undefined || isPlatformGenerated === true;

/** Oldest first. */
const byBirth = (a: TimelineEntry, b: TimelineEntry): number => byAge(b, a);

const daysOf = ({ from, to }: SequenceRange): [string, string] => [dayOf(from), dayOf(to)];
