import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { region } from '../template/identities.ts';

export const streamRecord = z.looseObject({
  eventID: z.string(),
  eventName: z.string(),
  dynamodb: z.looseObject({
    SequenceNumber: z.string(),
    ApproximateCreationDateTime: z.number(),
    OldImage: z.unknown().optional(),
    NewImage: z.unknown().optional(),
  }),
});

/** A record as it comes over the wire: with the attribute values in the JSON that Lambda hands on. */
export type StreamRecord = z.output<typeof streamRecord>;

const shard = z.looseObject({ ShardId: z.string(), ParentShardId: z.string().optional() });
const answers = {
  DescribeTable: z.looseObject({ Table: z.looseObject({ LatestStreamArn: z.string().optional() }) }),
  DescribeStream: z.looseObject({
    StreamDescription: z.looseObject({
      Shards: z.array(shard),
      LastEvaluatedShardId: z.string().optional(),
    }),
  }),
  GetShardIterator: z.looseObject({ ShardIterator: z.string() }),
  GetRecords: z.looseObject({ Records: z.array(streamRecord), NextShardIterator: z.string().nullish() }),
} as const;

export type Shard = z.output<typeof shard>;

/** After which record to go on; without a sequence number from the oldest one that is kept. */
export interface ReadFrom {
  readonly streamArn: string;
  readonly shardId: string;
  readonly after?: string | undefined;
}

/**
 * Reads the streams of tables. By hand, because Lambda's events hold the very JSON of the wire (binary values in base64, times
 * in seconds), which a client of the SDK would take apart first.
 */
export class StreamClient {
  readonly #endpoint: string;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** The emulators have ARNs of their own making, which only they understand. */
  async streamOf(tableName: string): Promise<string | undefined> {
    const { Table } = await this.#call('DescribeTable', { TableName: tableName }, 'DynamoDB_20120810');
    return Table.LatestStreamArn;
  }

  async shards(streamArn: string): Promise<Shard[]> {
    const shards: Shard[] = [];
    let last: string | undefined;
    do {
      const from = last === undefined ? {} : { ExclusiveStartShardId: last };
      const { StreamDescription } = await this.#call('DescribeStream', { StreamArn: streamArn, ...from });
      shards.push(...StreamDescription.Shards);
      last = StreamDescription.LastEvaluatedShardId;
    } while (last !== undefined);
    return shards;
  }

  async iterator({ streamArn, shardId, after }: ReadFrom): Promise<string> {
    const start =
      after === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after };
    const where = { StreamArn: streamArn, ShardId: shardId, ...start };
    return (await this.#call('GetShardIterator', where)).ShardIterator;
  }

  /** `next` is missing at the end of a shard that is closed. */
  async read(
    iterator: string,
    limit: number,
  ): Promise<{ records: StreamRecord[]; next?: string | undefined }> {
    const { Records, NextShardIterator } = await this.#call('GetRecords', {
      ShardIterator: iterator,
      Limit: limit,
    });
    return { records: Records, next: NextShardIterator ?? undefined };
  }

  async #call<O extends keyof typeof answers>(
    operation: O,
    input: object,
    version = 'DynamoDBStreams_20120810',
  ): Promise<z.output<(typeof answers)[O]>> {
    const response = await fetch(this.#endpoint, {
      method: 'POST',
      headers: { ...unsigned, 'x-amz-target': `${version}.${operation}` },
      body: JSON.stringify(input),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${text}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema was picked by the operation
    return answers[operation].parse(JSON.parse(text)) as z.output<(typeof answers)[O]>;
  }
}

/**
 * dynoxide writes a record for a put that changes nothing; DynamoDB does not ("If you perform a PutItem or UpdateItem operation
 * that does not change any data in an item, DynamoDB Streams does not write a stream record"). It shows only in both images.
 */
export const saysSomething = ({ eventName, dynamodb: { OldImage, NewImage } }: StreamRecord): boolean =>
  eventName !== 'MODIFY' || OldImage === undefined || !isDeepStrictEqual(OldImage, NewImage);

// The emulators look at the form of a signature only.
const unsigned = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    `AWS4-HMAC-SHA256 Credential=LONGHAULLOCALRUNTIME/20260101/${region}/dynamodb/aws4_request, ` +
    'SignedHeaders=host;x-amz-date, Signature=0',
};
