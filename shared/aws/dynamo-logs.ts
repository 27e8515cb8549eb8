import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import type { LogChunk, LogPage, LogSegment, LogStore, SegmentRange } from '../service/log-store.ts';
import type { OwnJob } from '../service/ports.ts';
import { blobOf, type DetailsTable, putFenced } from './fenced-put.ts';
import type { PackBlobs } from './s3-packs.ts';

const Facts = z.object({
  first: z.number(),
  count: z.number(),
  claimNumber: z.number(),
  most: z.number().optional(),
});
const Page = Facts.extend({ slot: z.number(), packed: z.instanceof(Uint8Array) });
const Segment = Facts.extend({ blob: z.string() });

const PAGES = 'log-page/';
const SEGMENTS = 'log-segment/';

/** Pages of logs as parts of `JobDetails`; segments as blobs, each with a part that leads to it. */
export class DynamoLogs implements LogStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #packs: PackBlobs;

  constructor(tables: DynamoDBDocumentClient, table: string, packs: PackBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#packs = packs;
  }

  get #at(): DetailsTable {
    return { tables: this.#tables, table: this.#table };
  }

  async putPage(own: OwnJob, slot: number, { first, count, packed, most }: LogChunk): Promise<void> {
    await putFenced(own, `${PAGES}${slot}`, { slot, first, count, packed, most }, this.#at);
  }

  async pages(job: Incarnation): Promise<LogPage[]> {
    const items = await this.#query({
      KeyConditionExpression: 'jobId = :job AND begins_with(part, :pages)',
      ExpressionAttributeValues: { ':job': detailsKey(job), ':pages': PAGES },
    });
    return items.map((item) => Page.parse(item));
  }

  async putSegment(own: OwnJob, { first, count, packed, most }: LogChunk): Promise<void> {
    const blob = blobOf(own, `log-${first}`);
    const before = await putFenced(own, partOf(first), { first, count, most, blob }, this.#at);
    await this.#packs.put(blob, packed);
    if (before !== undefined && before !== blob) await this.#packs.remove(before);
  }

  async segments(job: Incarnation, { from, to, order, limit }: SegmentRange): Promise<LogSegment[]> {
    if (from > to) return [];
    const items = await this.#query({
      KeyConditionExpression: 'jobId = :job AND part BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':job': detailsKey(job), ':from': partOf(from), ':to': partOf(to) },
      ScanIndexForward: order === 'up',
      Limit: limit,
    });
    return items.map((item) => Segment.parse(item));
  }

  readSegment = ({ blob }: LogSegment): Promise<Uint8Array | undefined> => this.#packs.get(blob);

  async dropSegment(job: Incarnation, { first, blob }: LogSegment): Promise<void> {
    // The blob first: the item is what leads to it.
    await this.#packs.remove(blob);
    const Key = { jobId: detailsKey(job), part: partOf(first) };
    await this.#tables.send(new DeleteCommand({ TableName: this.#table, Key }));
  }

  async #query(
    order: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>,
  ): Promise<Record<string, unknown>[]> {
    const query = { TableName: this.#table, ConsistentRead: true, ...order };
    const { Items = [] } = await this.#tables.send(new QueryCommand(query));
    return Items;
  }
}

/** Numbers of one length sort as texts: the highest that is safe has sixteen digits. */
const partOf = (first: number): string => `${SEGMENTS}${String(first).padStart(16, '0')}`;
