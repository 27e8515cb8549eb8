import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Deliveries, FailedDelivery, Message, Retry } from '../service/notifications/ports.ts';
import { refusal } from './refusal.ts';

/** In the table `Notifications`, under a key that is no user's: users are UUIDs. */
const FAILED = 'failed-deliveries';
/** The tries that they have before them, by their dates, written before the delivery that says the date. */
const RETRIES = 'delivery-retries';
/** Sorted behind all ids, which begin with a UUID. */
const BEHIND_ALL = 'g';

const Item = z.object({
  notificationId: z.string(),
  jobId: z.string(),
  message: z.custom<Message>((value) => typeof value === 'object' && value !== null && 'channel' in value),
  error: z.string(),
  attempts: z.number(),
  failedOn: z.string(),
  retryAt: z.string().exactOptional(),
});

const RetryItem = z.object({ notificationId: z.string() });
/** Should one ever be left over. */
const RETRY_KEPT_SECONDS = 30 * 86_400;

export class DynamoDeliveries implements Deliveries {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
  }

  async putFailed({ deliveryId, ...facts }: FailedDelivery, expiresAt: number): Promise<void> {
    await this.#putRetry(deliveryId, facts.retryAt);
    const order = new PutCommand({
      TableName: this.#table,
      Item: { ...keyOf(deliveryId), ...facts, expiresAt },
      ConditionExpression: 'attribute_not_exists(notificationId)',
    });
    await unlessRefused(() => this.#tables.send(order));
  }

  async list({ before, limit }: { before: string | undefined; limit: number }): Promise<FailedDelivery[]> {
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'userId = :failed AND notificationId < :before',
        ExpressionAttributeValues: { ':failed': FAILED, ':before': before ?? BEHIND_ALL },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit,
      }),
    );
    return Items.map(deliveryOf);
  }

  async get(deliveryId: string): Promise<FailedDelivery | undefined> {
    const order = { TableName: this.#table, Key: keyOf(deliveryId), ConsistentRead: true };
    const { Item: item } = await this.#tables.send(new GetCommand(order));
    return item === undefined ? undefined : deliveryOf(item);
  }

  async due({ by, after, limit }: { by: string; after: Retry | undefined; limit: number }): Promise<Retry[]> {
    const [from, to] = [after === undefined ? '0' : `${retryName(after)}!`, `${by}~`];
    // Clocks of two askers may differ: DynamoDB refuses a range that ends before it begins.
    if (from > to) return [];
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'userId = :retries AND notificationId BETWEEN :from AND :to',
        ExpressionAttributeValues: {
          ':retries': RETRIES,
          ':from': from,
          ':to': to,
        },
        Limit: limit,
      }),
    );
    return Items.map(retryOf);
  }

  async claim(
    { deliveryId, attempts, retryAt: before }: FailedDelivery,
    retryAt: string | undefined,
  ): Promise<boolean> {
    await this.#putRetry(deliveryId, retryAt);
    const order = new UpdateCommand({
      TableName: this.#table,
      Key: keyOf(deliveryId),
      UpdateExpression:
        retryAt === undefined ? 'SET attempts = :next REMOVE retryAt' : 'SET attempts = :next, retryAt = :at',
      ConditionExpression: 'attempts = :now',
      ExpressionAttributeValues: {
        ':now': attempts,
        ':next': attempts + 1,
        ...(retryAt !== undefined && { ':at': retryAt }),
      },
    });
    const isOurs = await unlessRefused(() => this.#tables.send(order));
    if (isOurs && before !== undefined) await this.forget({ deliveryId, retryAt: before });
    return isOurs;
  }

  async forget(retry: Retry): Promise<void> {
    await this.#tables.send(new DeleteCommand({ TableName: this.#table, Key: retryKey(retry) }));
  }

  async #putRetry(deliveryId: string, retryAt: string | undefined): Promise<void> {
    if (retryAt === undefined) return;
    const expiresAt = Math.floor(Date.parse(retryAt) / 1_000) + RETRY_KEPT_SECONDS;
    const item = { ...retryKey({ deliveryId, retryAt }), expiresAt };
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item: item }));
  }

  async noteError(
    deliveryId: string,
    { error, failedOn }: Pick<FailedDelivery, 'error' | 'failedOn'>,
  ): Promise<void> {
    const order = new UpdateCommand({
      TableName: this.#table,
      Key: keyOf(deliveryId),
      UpdateExpression: 'SET #error = :error, failedOn = :at',
      ConditionExpression: 'attribute_exists(notificationId)',
      ExpressionAttributeNames: { '#error': 'error' },
      ExpressionAttributeValues: { ':error': error, ':at': failedOn },
    });
    await unlessRefused(() => this.#tables.send(order));
  }

  async remove({ deliveryId, retryAt }: Pick<FailedDelivery, 'deliveryId' | 'retryAt'>): Promise<void> {
    await this.#tables.send(new DeleteCommand({ TableName: this.#table, Key: keyOf(deliveryId) }));
    if (retryAt !== undefined) await this.forget({ deliveryId, retryAt });
  }
}

const keyOf = (deliveryId: string) => ({ userId: FAILED, notificationId: deliveryId });

const retryName = ({ deliveryId, retryAt }: Retry): string => `${retryAt}/${deliveryId}`;
const retryKey = (retry: Retry) => ({ userId: RETRIES, notificationId: retryName(retry) });

function retryOf(item: unknown): Retry {
  const [retryAt = '', deliveryId = ''] = RetryItem.parse(item).notificationId.split('/');
  return { deliveryId, retryAt };
}

function deliveryOf(item: unknown): FailedDelivery {
  const { notificationId: deliveryId, ...facts } = Item.parse(item);
  return { deliveryId, ...facts };
}

async function unlessRefused(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (refusal(error) === undefined) throw error;
    return false;
  }
}
