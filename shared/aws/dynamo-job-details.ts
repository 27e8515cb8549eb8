import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { TextColumn } from '../job/job.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { Claim } from '../job/transition.ts';
import { type JobDetails, TransitionRefused } from '../service/ports.ts';
import { refusal } from './refusal.ts';
import type { TextBlobs } from './s3-texts.ts';

/** DynamoDB items end at 400 KB; texts above this size lie in S3. */
export const MAX_ITEM_TEXT_BYTES = 256 * 1024;

type Part = 'input' | 'cursor' | 'result' | `text-${TextColumn}`;

/** Payloads of jobs: one item per part, as JSON text, or a pointer to the text in S3. */
export class DynamoJobDetails implements JobDetails {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #texts: TextBlobs;

  constructor(tables: DynamoDBDocumentClient, table: string, texts: TextBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#texts = texts;
  }

  async putInput(jobId: string, input: Json): Promise<void> {
    const Item = { jobId, part: 'input', ...(await this.#stored(jobId, 'input', input)) };
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item }));
  }

  getInput = (jobId: string): Promise<Json | undefined> => this.#get(jobId, 'input');
  getCursor = (jobId: string): Promise<Json | undefined> => this.#get(jobId, 'cursor');
  getResult = (jobId: string): Promise<Json | undefined> => this.#get(jobId, 'result');
  saveCursor = (own: Claim, cursor: Json): Promise<void> => this.#putFenced(own, 'cursor', cursor);
  putResult = (own: Claim, result: Json): Promise<void> => this.#putFenced(own, 'result', result);

  putText = (own: Claim, column: TextColumn, text: string): Promise<void> =>
    this.#putFenced(own, `text-${column}`, text);

  async getText(jobId: string, column: TextColumn): Promise<string | undefined> {
    const text = await this.#get(jobId, `text-${column}`);
    return typeof text === 'string' ? text : undefined;
  }

  /** Refused where a later claim has written already. */
  async #putFenced({ jobId, claimNumber }: Claim, part: Part, value: Json): Promise<void> {
    // A blob's key holds the claim number, so a worker that was replaced can't change its successor's text.
    const stored = await this.#stored(jobId, `${part}-${claimNumber}`, value);
    try {
      await this.#tables.send(
        new PutCommand({
          TableName: this.#table,
          Item: { jobId, part, claimNumber, ...stored },
          ConditionExpression: 'attribute_not_exists(claimNumber) OR claimNumber <= :own',
          ExpressionAttributeValues: { ':own': claimNumber },
        }),
      );
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      throw new ClaimOutrun(jobId, part);
    }
  }

  async #stored(jobId: string, name: string, value: Json): Promise<{ text: string } | { blob: string }> {
    const text = JSON.stringify(value);
    if (Buffer.byteLength(text) <= MAX_ITEM_TEXT_BYTES) return { text };
    const blob = `job-details/${jobId}/${name}`;
    await this.#texts.put(blob, text);
    return { blob };
  }

  async #get(jobId: string, part: Part): Promise<Json | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#table, Key: { jobId, part }, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { text, blob } = Item;
    return parseJson(typeof blob === 'string' ? await this.#texts.get(blob) : String(text));
  }
}

/** A write of a worker whose job has been claimed anew. */
class ClaimOutrun extends TransitionRefused {
  constructor(jobId: string, part: Part) {
    super({ jobId, verb: `save ${part}` });
  }
}
