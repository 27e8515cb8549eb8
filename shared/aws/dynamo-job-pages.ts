import { gunzipSync, gzipSync } from 'node:zlib';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { JobPages, ListName } from '../service/job-pages.ts';
import type { OwnJob } from '../service/ports.ts';
import { blobOf, putFencedWithBlob } from './fenced-put.ts';
import { MAX_PACKED_BYTES } from './packed-details.ts';
import type { TextBlobs } from './s3-texts.ts';

/**
 * Pages of lists as parts of `JobDetails`: packed, since lines resemble each other and a write costs by the KB; a page
 * that is still too large for an item lies in S3, and its item leads to it.
 */
export class DynamoJobPages implements JobPages {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #texts: TextBlobs;

  constructor(tables: DynamoDBDocumentClient, table: string, texts: TextBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#texts = texts;
  }

  async put(own: OwnJob, list: ListName, page: number, lines: readonly Json[]): Promise<void> {
    const part = partOf(list, page);
    const stored = await this.#stored(blobOf(own, part), JSON.stringify(lines));
    const at = { tables: this.#tables, table: this.#table, texts: this.#texts };
    await putFencedWithBlob(own, part, stored, at);
  }

  async get(job: Incarnation, list: ListName, page: number): Promise<readonly Json[] | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({
        TableName: this.#table,
        Key: { jobId: detailsKey(job), part: partOf(list, page) },
        ConsistentRead: true,
      }),
    );
    if (Item === undefined) return undefined;
    const { packed, blob } = Item;
    const text = typeof blob === 'string' ? await this.#texts.get(blob) : unpacked(packed);
    const lines = parseJson(text);
    if (!Array.isArray(lines)) throw new Error(`The part ${partOf(list, page)} is no page.`);
    return lines;
  }

  async #stored(blob: string, text: string): Promise<{ packed: Uint8Array } | { blob: string }> {
    const packed = gzipSync(text);
    if (packed.length <= MAX_PACKED_BYTES) return { packed };
    await this.#texts.put(blob, text);
    return { blob };
  }
}

function unpacked(packed: unknown): string {
  if (packed instanceof Uint8Array) return gunzipSync(packed).toString();
  throw new Error('This part is no page.');
}

/** Numbers of one length, so that the parts of a list lie in its order. */
const partOf = (list: ListName, page: number): string => `${list}/${String(page).padStart(7, '0')}`;
