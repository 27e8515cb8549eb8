import { type DynamoDBDocumentClient, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { byAge, isOlder, type TimelineEntry, type TimelineRange } from '../service/ports.ts';
import type { JobTables } from './dynamo-job-store.ts';
import { dayOf, timelineShard } from './job-item.ts';
import { refusal } from './refusal.ts';

/** The directory of days lies in `JobDetails` under this key: one item per day that has jobs. */
export const DIRECTORY = 'days';
export const DAYS_PER_READ = 30;
const NEWEST_DAY = '9999-12-31';

export interface Day {
  readonly day: string;
  readonly shards: number;
}

/**
 * The index `timeline`: jobs by day and shard, newest first within one. A day's writes are spread over the
 * shards, since one partition takes 1,000 writes a second; reading merges them again.
 */
export class Timeline {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: JobTables;
  readonly #noted = new Set<string>();

  constructor(tables: DynamoDBDocumentClient, config: JobTables) {
    this.#tables = tables;
    this.#config = config;
  }

  /** Enters a day in the directory before its first job; costs one write per day and function instance. */
  async noteDay(day: string): Promise<void> {
    if (this.#noted.has(day)) return;
    try {
      await this.#tables.send(
        new UpdateCommand({
          TableName: this.#config.jobDetailsTable,
          Key: { jobId: DIRECTORY, part: day },
          UpdateExpression: 'SET shards = :shards',
          ConditionExpression: 'attribute_not_exists(shards) OR shards < :shards',
          ExpressionAttributeValues: { ':shards': this.#config.shards },
        }),
      );
    } catch (error) {
      if (refusal(error) === undefined) throw error; // refused: it is noted already
    }
    this.#noted.add(day);
  }

  async read(range: TimelineRange): Promise<TimelineEntry[]> {
    if (range.notBefore !== undefined && range.notBefore > range.before.sequence) return [];
    const found: TimelineEntry[] = [];
    for await (const day of this.#daysBack(range)) {
      found.push(...(await this.#readDay(day, { ...range, limit: range.limit - found.length })));
      if (found.length >= range.limit) break;
    }
    return found;
  }

  async *#daysBack({ before, notBefore }: TimelineRange): AsyncGenerator<Day, void, void> {
    const oldest = notBefore === undefined ? '' : dayOf(notBefore);
    const from = before.sequence === Number.MAX_SAFE_INTEGER ? NEWEST_DAY : dayOf(before.sequence);
    for (let start: Record<string, unknown> | undefined, first = true; first || start; first = false) {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#config.jobDetailsTable,
          KeyConditionExpression: 'jobId = :directory AND part <= :from',
          ExpressionAttributeValues: { ':directory': DIRECTORY, ':from': from },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: DAYS_PER_READ,
          ExclusiveStartKey: start,
        }),
      );
      for (const { part, shards } of page.Items ?? []) {
        if (String(part) < oldest) return;
        yield { day: String(part), shards: Number(shards) };
      }
      start = page.LastEvaluatedKey;
    }
  }

  async #readDay({ day, shards }: Day, range: TimelineRange): Promise<TimelineEntry[]> {
    const reads = Array.from({ length: shards }, (_, shard) =>
      this.#readShard(timelineShard(day, shard), range),
    );
    const entries = (await Promise.all(reads)).flat();
    return entries.toSorted(byAge).slice(0, range.limit);
  }

  /** Within one sequence the index has no order of its own, so a sequence is read to its end before it is cut. */
  async #readShard(shard: string, { before, notBefore = 0, limit }: TimelineRange): Promise<TimelineEntry[]> {
    const found: TimelineEntry[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#config.jobsTable,
          IndexName: 'timeline',
          KeyConditionExpression: 'timelineShard = :shard AND #sequence BETWEEN :oldest AND :newest',
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':shard': shard, ':oldest': notBefore, ':newest': before.sequence },
          ScanIndexForward: false,
          ExclusiveStartKey: start,
          // One more: the entry at `before` itself comes again and is left out.
          Limit: limit + 1,
        }),
      );
      found.push(...(page.Items ?? []).map(entryOf).filter((entry) => isOlder(entry, before)));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && !hasWhole(found, limit));
    return found;
  }
}

export const entryOf = ({ sequence, jobId }: Record<string, unknown>): TimelineEntry => ({
  sequence: Number(sequence),
  jobId: String(jobId),
});

/** Whether the first `limit` entries are there with all that share a sequence with the last of them. */
const hasWhole = (found: readonly TimelineEntry[], limit: number): boolean =>
  found.length > limit && found[limit - 1]?.sequence !== found.at(-1)?.sequence;
