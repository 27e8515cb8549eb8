import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import type { TextColumn } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { Answered, Callback, NewCallback } from '../service/callback.ts';
import type { JobDetails, OwnJob } from '../service/ports.ts';
import { batchWrite } from './batch-write.ts';
import { DynamoCallbacks } from './dynamo-callbacks.ts';
import { blobOf, putFencedWithBlob } from './fenced-put.ts';
import { MAX_ITEM_TEXT_BYTES } from './item-text.ts';
import type { TextBlobs } from './s3-texts.ts';

type Part = 'input' | 'cursor' | 'result' | `text-${TextColumn}`;

const KEYS_AT_ONCE = 25;

/** Payloads of jobs: one item per part, as JSON text, or a pointer to the text in S3. */
export class DynamoJobDetails implements JobDetails {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #texts: TextBlobs;
  readonly #callbacks: DynamoCallbacks;

  constructor(tables: DynamoDBDocumentClient, table: string, texts: TextBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#texts = texts;
    this.#callbacks = new DynamoCallbacks(tables, table, texts);
  }

  putInput = (job: Incarnation, input: Json): Promise<void> => this.#putOrder(job, 'input', input);
  putOrderText = (job: Incarnation, column: TextColumn, text: string): Promise<void> =>
    this.#putOrder(job, `text-${column}`, text);

  getInput = (job: Incarnation): Promise<Json | undefined> => this.#get(job, 'input');
  getCursor = (job: Incarnation): Promise<Json | undefined> => this.#get(job, 'cursor');
  getResult = (job: Incarnation): Promise<Json | undefined> => this.#get(job, 'result');
  saveCursor = (own: OwnJob, cursor: Json): Promise<void> => this.#putFenced(own, 'cursor', cursor);
  putResult = (own: OwnJob, result: Json): Promise<void> => this.#putFenced(own, 'result', result);

  putText = (own: OwnJob, column: TextColumn, text: string): Promise<void> =>
    this.#putFenced(own, `text-${column}`, text);

  async getText(job: Incarnation, column: TextColumn): Promise<string | undefined> {
    const text = await this.#get(job, `text-${column}`);
    return typeof text === 'string' ? text : undefined;
  }

  openCallback = (own: OwnJob, fresh: NewCallback): Promise<Callback> => this.#callbacks.open(own, fresh);
  getCallback = (job: Incarnation): Promise<Callback | undefined> => this.#callbacks.get(job);
  answerCallback = (job: Incarnation, secret: string, answer: Json): Promise<Answered> =>
    this.#callbacks.answer(job, secret, answer);
  endCallback = (own: OwnJob, key: string): Promise<Callback> => this.#callbacks.end(own, key);

  async removeAll(job: Incarnation): Promise<void> {
    const jobId = detailsKey(job);
    for await (const items of this.#partsOf(jobId)) {
      const blobs = items.flatMap(({ blob }) => (typeof blob === 'string' ? [blob] : []));
      // Blobs first: the items are what leads to them.
      for (const blob of blobs) await this.#texts.remove(blob);
      await batchWrite(
        this.#tables,
        this.#table,
        items.map(({ part }) => ({ DeleteRequest: { Key: { jobId, part } } })),
      );
    }
  }

  async *#partsOf(jobId: string): AsyncGenerator<Record<string, unknown>[], void, void> {
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'jobId = :job',
          ExpressionAttributeValues: { ':job': jobId },
          ProjectionExpression: '#part, #blob',
          ExpressionAttributeNames: { '#part': 'part', '#blob': 'blob' },
          ConsistentRead: true,
          Limit: KEYS_AT_ONCE,
          ExclusiveStartKey: start,
        }),
      );
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  async #putOrder(job: Incarnation, part: Part, value: Json): Promise<void> {
    const jobId = detailsKey(job);
    const Item = { jobId, part, ...(await this.#stored(`job-details/${jobId}/${part}`, value)) };
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item }));
  }

  /** Refused where a later claim has written already. */
  async #putFenced(own: OwnJob, part: Part, value: Json): Promise<void> {
    const stored = await this.#stored(blobOf(own, part), value);
    const at = { tables: this.#tables, table: this.#table, texts: this.#texts };
    await putFencedWithBlob(own, part, stored, at);
  }

  async #stored(blob: string, value: Json): Promise<{ text: string } | { blob: string }> {
    const text = JSON.stringify(value);
    if (Buffer.byteLength(text) <= MAX_ITEM_TEXT_BYTES) return { text };
    await this.#texts.put(blob, text);
    return { blob };
  }

  async #get(job: Incarnation, part: Part): Promise<Json | undefined> {
    const jobId = detailsKey(job);
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#table, Key: { jobId, part }, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { text, blob } = Item;
    return parseJson(typeof blob === 'string' ? await this.#texts.get(blob) : String(text));
  }
}
