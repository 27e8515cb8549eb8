import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Deliveries, FailedDelivery, Message } from '../service/notifications/ports.ts';
import { refusal } from './refusal.ts';

/** In the table `Notifications`, under a key that is no user's: users are UUIDs. */
const FAILED = 'failed-deliveries';
/** Sorted behind all ids, which begin with a UUID. */
const BEHIND_ALL = 'g';

const Item = z.object({
  notificationId: z.string(),
  jobId: z.string(),
  message: z.custom<Message>((value) => typeof value === 'object' && value !== null && 'channel' in value),
  error: z.string(),
  attempts: z.number(),
  failedOn: z.string(),
});

export class DynamoDeliveries implements Deliveries {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
  }

  async putFailed({ deliveryId, ...facts }: FailedDelivery, expiresAt: number): Promise<void> {
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

  async claim(deliveryId: string, attempts: number): Promise<boolean> {
    const order = new UpdateCommand({
      TableName: this.#table,
      Key: keyOf(deliveryId),
      UpdateExpression: 'SET attempts = :next',
      ConditionExpression: 'attempts = :now',
      ExpressionAttributeValues: { ':now': attempts, ':next': attempts + 1 },
    });
    return unlessRefused(() => this.#tables.send(order));
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

  async remove(deliveryId: string): Promise<void> {
    await this.#tables.send(new DeleteCommand({ TableName: this.#table, Key: keyOf(deliveryId) }));
  }
}

const keyOf = (deliveryId: string) => ({ userId: FAILED, notificationId: deliveryId });

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
