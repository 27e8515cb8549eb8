import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Job } from '../job/job.ts';
import { Status } from '../job/status.ts';
import { byAge, isOlder, JobExists, TailAhead, type TimelineEntry } from '../service/ports.ts';
import {
  relationTo,
  type Series,
  type SeriesChange,
  SeriesMoved,
  type SeriesPage,
  type SeriesStore,
} from '../service/series/series.ts';
import { auditItem } from './audit-item.ts';
import { batchGet } from './batch-get.ts';
import type { JobTables } from './dynamo-job-store.ts';
import { dayOf, itemOf, jobOf, newJobPut } from './job-item.ts';
import { linkItem, raiseTail } from './line-item.ts';
import { KIND, seriesItem, seriesOf } from './series-item.ts';
import { entryOf, type Timeline } from './timeline.ts';
import { type TransactItems, transact } from './transaction.ts';

type Item = TransactItems[number];
export type SeriesTables = JobTables & { readonly seriesTable: string };

/** Entries that may share a sequence with the last one of a page: there is no order among them in an index. */
const TIES = 10;

/** Series in DynamoDB, and the transactions that move them on. */
export class DynamoSeries implements SeriesStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #config: SeriesTables;
  readonly #timeline: Timeline;

  constructor(tables: DynamoDBDocumentClient, config: SeriesTables, timeline: Timeline) {
    this.#tables = tables;
    this.#config = config;
    this.#timeline = timeline;
  }

  async get(seriesId: string): Promise<Series | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#config.seriesTable, Key: { seriesId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : seriesOf(Item);
  }

  async getAll(seriesIds: readonly string[]): Promise<Series[]> {
    const keys = [...new Set(seriesIds)].map((seriesId) => ({ seriesId }));
    const items = await batchGet(this.#tables, { table: this.#config.seriesTable, keys, consistent: false });
    return items.map(seriesOf);
  }

  async list(page: SeriesPage): Promise<TimelineEntry[]> {
    const { seriesTable: table } = this.#config;
    const items = await this.#newest({ table, index: 'all', partition: 'kind', value: KIND }, page);
    const entries = items.map(({ sequence, seriesId: jobId }) => entryOf({ sequence, jobId }));
    return firstOf(entries, page);
  }

  async occurrences(seriesId: string, page: SeriesPage): Promise<TimelineEntry[]> {
    const value = relationTo(seriesId);
    const { jobsTable: table } = this.#config;
    const items = await this.#newest({ table, index: 'related', partition: 'relatedTo', value }, page);
    return firstOf(items.map(entryOf), page);
  }

  async #newest(
    { table, index, partition, value }: { table: string; index: string; partition: string; value: string },
    { before, limit }: SeriesPage,
  ): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: '#partition = :value AND #sequence <= :newest',
        ExpressionAttributeNames: { '#partition': partition, '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':value': value, ':newest': before.sequence },
        ScanIndexForward: false,
        Limit: limit + TIES,
      }),
    );
    return Items;
  }

  async commit(change: SeriesChange): Promise<void> {
    const { series, next, occurrence, place, note } = change;
    for (const row of [next, occurrence?.after])
      if (row !== undefined) await this.#timeline.noteDay(dayOf(row.sequence));
    const { chainsTable, jobDetailsTable } = this.#config;
    const parts: readonly (readonly [Part, Item])[] = [
      ...(next === undefined ? [] : [['next', { Put: newJobPut(next, this.#config) }] as const]),
      ['series', this.#seriesPart(change)],
      ...(occurrence === undefined ? [] : [['occurrence', this.#occurrencePart(occurrence)] as const]),
      ...(place === undefined
        ? []
        : ([
            ['tail', raiseTail([place], place.watchAt, this.#config)],
            ['place', { Put: { TableName: chainsTable, Item: linkItem(place) } }],
          ] as const)),
      ...(note === undefined
        ? []
        : [['note', { Put: { TableName: jobDetailsTable, Item: auditItem(note.of, note.entry) } }] as const]),
    ];
    const refusals = await transact(
      this.#tables,
      parts.map(([, item]) => item),
    );
    if (refusals.size === 0) return;
    const refused = new Map([...refusals].map(([at, { current }]) => [parts[at]?.[0], current]));
    const there = refused.get('next');
    const hasMoved = refused.has('series') || refused.has('occurrence');
    // Who moves a series on a second time meets the next one of the first time too.
    if (next !== undefined && refused.has('next') && (series.version === 1 || !hasMoved))
      throw new JobExists(next.jobId, there === undefined ? undefined : jobOf(there));
    if (hasMoved) throw new SeriesMoved(series.seriesId);
    throw new TailAhead(Number(refused.get('tail')?.['last'] ?? 0));
  }

  #seriesPart({ series, goes }: SeriesChange): Item {
    const { seriesTable: TableName } = this.#config;
    const { seriesId, version } = series;
    if (goes) return { Delete: { TableName, Key: { seriesId }, ...ifVersion(version) } };
    const isNew = { ConditionExpression: 'attribute_not_exists(seriesId)' };
    return {
      Put: { TableName, Item: seriesItem(series), ...(version === 1 ? isNew : ifVersion(version - 1)) },
    };
  }

  /** The whole row is written anew, on the condition that it is the one that was read. */
  #occurrencePart({ before, after }: { before: Job; after?: Job | undefined }): Item {
    const { jobsTable: TableName } = this.#config;
    const isAsRead = {
      ConditionExpression:
        'statusCode = :waiting AND #sequence = :sequence AND modifiedOn = :modifiedOn AND attribute_exists(isToCome)',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: {
        ':waiting': Status.Waiting,
        ':sequence': before.sequence,
        ':modifiedOn': before.modifiedOn,
      },
    };
    return after === undefined
      ? { Delete: { TableName, Key: { jobId: before.jobId }, ...isAsRead } }
      : { Put: { TableName, Item: itemOf(after, this.#config), ...isAsRead } };
  }
}

const ifVersion = (read: number) => ({
  ConditionExpression: 'version = :read',
  ExpressionAttributeValues: { ':read': read },
});

type Part = 'next' | 'series' | 'occurrence' | 'tail' | 'place' | 'note';

const firstOf = (entries: readonly TimelineEntry[], { before, limit }: SeriesPage): TimelineEntry[] =>
  entries
    .filter((entry) => isOlder(entry, before))
    .toSorted(byAge)
    .slice(0, limit);
