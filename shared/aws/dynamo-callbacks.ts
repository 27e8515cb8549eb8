import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { detailsKey, type Incarnation } from '../job/details-key.ts';
import { type Json, parseJson } from '../job/json.ts';
import type { Answered, Callback, NewCallback } from '../service/callback.ts';
import { type OwnJob, TransitionRefused } from '../service/ports.ts';
import { MAX_ITEM_TEXT_BYTES } from './item-text.ts';
import { refusal } from './refusal.ts';
import type { TextBlobs } from './s3-texts.ts';

const PART = 'callback';

const CallbackItem = z.object({
  key: z.string(),
  secret: z.string(),
  deadline: z.string(),
  claimNumber: z.number(),
  isOver: z.boolean().default(false),
  /** Of the answer's text. */
  hash: z.string().optional(),
  text: z.string().optional(),
  blob: z.string().optional(),
});
type CallbackItem = z.infer<typeof CallbackItem>;

/** Between the refusal of an update and the put that follows only another try of the same worker can come. */
const MAX_TRIES = 5;

/** The part `callback` of a job's details: what it waits for, and the answer. */
export class DynamoCallbacks {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #texts: TextBlobs;

  constructor(tables: DynamoDBDocumentClient, table: string, texts: TextBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#texts = texts;
  }

  async open(own: OwnJob, fresh: NewCallback): Promise<Callback> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { item, isMade } = await this.#update(own, {
        set: { claimNumber: own.claimNumber },
        onlyIf: '#key = :key AND claimNumber <= :own',
        words: { key: fresh.key, own: own.claimNumber },
      });
      if (isMade && item !== undefined) return this.#shown(item);
      refuseOutrun(own, item);
      await this.#put(own, fresh);
    }
    throw outrun(own);
  }

  /** In the place of another one, or of none; if it is not made, the next look says why. */
  async #put(own: OwnJob, fresh: NewCallback): Promise<void> {
    const { claimNumber } = own;
    try {
      const { Attributes } = await this.#tables.send(
        new PutCommand({
          TableName: this.#table,
          Item: { jobId: detailsKey(own), part: PART, ...fresh, claimNumber },
          ConditionExpression: 'attribute_not_exists(claimNumber) OR (claimNumber <= :own AND #key <> :key)',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: { ':own': claimNumber, ':key': fresh.key },
          ReturnValues: 'ALL_OLD',
        }),
      );
      const before: unknown = Attributes?.['blob'];
      if (typeof before === 'string') await this.#texts.remove(before);
    } catch (error) {
      if (refusal(error) === undefined) throw error;
    }
  }

  async get(job: Incarnation): Promise<Callback | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({
        TableName: this.#table,
        Key: { jobId: detailsKey(job), part: PART },
        ConsistentRead: true,
      }),
    );
    return Item === undefined ? undefined : this.#shown(CallbackItem.parse(Item));
  }

  async answer(job: Incarnation, secret: string, answer: Json): Promise<Answered> {
    const text = JSON.stringify(answer);
    const hash = createHash('sha256').update(text).digest('base64url');
    const stored = await this.#stored(job, hash, text);
    const { item, isMade } = await this.#update(job, {
      set: { ...stored, hash },
      onlyIf: '#secret = :given AND attribute_not_exists(#isOver) AND attribute_not_exists(#hash)',
      words: { given: secret },
    });
    const isKept = isMade || (item !== undefined && item.secret === secret && item.hash === hash);
    if (isKept && item !== undefined) return { is: 'kept', claimNumber: item.claimNumber };
    // Nothing leads to it: `removeAll` would never find it.
    if ('blob' in stored) await this.#texts.remove(stored.blob);
    return { is: item?.secret === secret && item.hash !== undefined ? 'another' : 'none' };
  }

  async end(own: OwnJob, key: string): Promise<Callback> {
    const { item, isMade } = await this.#update(own, {
      set: { isOver: true },
      onlyIf: '#key = :key AND claimNumber <= :own AND attribute_not_exists(#hash)',
      words: { key, own: own.claimNumber },
    });
    refuseOutrun(own, item);
    if (item === undefined || (!isMade && item.key !== key)) throw outrun(own);
    return this.#shown(item);
  }

  /** The item after it; or, where the condition did not hold, as it is. */
  async #update(job: Incarnation, { set, onlyIf, words }: Change): Promise<Updated> {
    const order = {
      TableName: this.#table,
      Key: { jobId: detailsKey(job), part: PART },
      UpdateExpression: `SET ${Object.keys(set)
        .map((name) => `#${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: onlyIf,
      ExpressionAttributeNames: Object.fromEntries(namesIn(set, onlyIf).map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries({ ...set, ...words }).map(([name, value]) => [`:${name}`, value]),
      ),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    try {
      const { Attributes } = await this.#tables.send(new UpdateCommand(order));
      return { item: CallbackItem.parse(Attributes), isMade: true };
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      const { current } = refused;
      return { item: current === undefined ? undefined : CallbackItem.parse(current), isMade: false };
    }
  }

  /** A blob's key is that of its text: the same answer again leads to the same blob. */
  async #stored(job: Incarnation, hash: string, text: string): Promise<{ text: string } | { blob: string }> {
    if (Buffer.byteLength(text) <= MAX_ITEM_TEXT_BYTES) return { text };
    const blob = `job-details/${detailsKey(job)}/answer-${hash}`;
    await this.#texts.put(blob, text);
    return { blob };
  }

  async #shown({ text, blob, hash: _hash, ...callback }: CallbackItem): Promise<Callback> {
    const answer = blob === undefined ? text : await this.#texts.get(blob);
    return { ...callback, ...(answer !== undefined && { answer: parseJson(answer) }) };
  }
}

interface Change {
  readonly set: Readonly<Record<string, unknown>>;
  readonly onlyIf: string;
  readonly words: Readonly<Record<string, unknown>>;
}

interface Updated {
  readonly item: CallbackItem | undefined;
  readonly isMade: boolean;
}

/** DynamoDB refuses names that are given and not used. */
const namesIn = (set: Change['set'], condition: string): string[] => [
  ...new Set([...Object.keys(set), ...[...condition.matchAll(/#(\w+)/g)].map(([, name = '']) => name)]),
];

function refuseOutrun(own: OwnJob, item: CallbackItem | undefined): void {
  if (item !== undefined && item.claimNumber > own.claimNumber) throw outrun(own);
}

const outrun = ({ jobId }: OwnJob): TransitionRefused =>
  new TransitionRefused({ jobId, verb: 'open callback' });
