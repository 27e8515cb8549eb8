import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Notification } from '../service/notifications/notification.ts';
import type { EntryKey, Inbox, InboxPage, Profile } from '../service/notifications/ports.ts';
import { refusal } from './refusal.ts';

const Entry = z.object({
  userId: z.string(),
  notificationId: z.string(),
  jobId: z.string(),
  operation: z.string(),
  title: z.string(),
  text: z.string(),
  link: z.string().exactOptional(),
  createdOn: z.string(),
  readOn: z.string().exactOptional(),
});
const ProfileItem = z.object({
  email: z.string().exactOptional(),
  isMachine: z.literal(true).exactOptional(),
});

/** Sorted behind all ids, which are UUIDs. */
const PROFILE = 'profile';
const BEHIND_ALL = 'g';

/**
 * The table `Notifications`: the entries of a user, and what is known of them. Unread entries are in the sparse index `unread`.
 * Of an entry that was deleted, or that nobody was to see, a mark stays: `isHidden`.
 */
export class DynamoInbox implements Inbox {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
  }

  async isTold(key: EntryKey): Promise<boolean> {
    const order = { TableName: this.#table, Key: keyOf(key), ConsistentRead: true };
    const { Item } = await this.#tables.send(
      new GetCommand({ ...order, ProjectionExpression: 'notificationId' }),
    );
    return Item !== undefined;
  }

  async put(entry: Notification, expiresAt: number): Promise<void> {
    await this.#putNew({ ...entry, unreadOf: entry.userId, expiresAt });
  }

  async noteTold(key: EntryKey, expiresAt: number): Promise<void> {
    await this.#putNew({ ...keyOf(key), isHidden: true, expiresAt });
  }

  async #putNew(item: Record<string, unknown>): Promise<void> {
    try {
      await this.#tables.send(
        new PutCommand({
          TableName: this.#table,
          Item: item,
          ConditionExpression: 'attribute_not_exists(notificationId)',
        }),
      );
    } catch (error) {
      if (refusal(error) === undefined) throw error;
    }
  }

  async list(userId: string, { before, limit, unreadOnly }: InboxPage): Promise<Notification[]> {
    const found: Notification[] = [];
    let last = before ?? BEHIND_ALL;
    while (found.length < limit) {
      const { Items = [], LastEvaluatedKey } = await this.#tables.send(
        new QueryCommand({ ...this.#entries(userId, last, unreadOnly), Limit: limit - found.length }),
      );
      found.push(...Items.map((item) => Entry.parse(item)));
      if (LastEvaluatedKey === undefined) break;
      last = String(LastEvaluatedKey['notificationId']);
    }
    return found;
  }

  #entries(userId: string, before: string, unreadOnly: boolean): QueryCommandInput {
    return {
      TableName: this.#table,
      KeyConditionExpression: 'userId = :user AND notificationId < :before',
      FilterExpression: unreadOnly
        ? 'attribute_not_exists(isHidden) AND attribute_exists(unreadOf)'
        : 'attribute_not_exists(isHidden)',
      ExpressionAttributeValues: { ':user': userId, ':before': before },
      ScanIndexForward: false,
      ConsistentRead: true,
    };
  }

  async unreadCount(userId: string, most: number): Promise<number> {
    const { Count = 0 } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'unread',
        KeyConditionExpression: 'unreadOf = :user',
        ExpressionAttributeValues: { ':user': userId },
        Select: 'COUNT',
        Limit: most,
      }),
    );
    return Count;
  }

  async markRead(key: EntryKey, at: string): Promise<Notification | undefined> {
    return this.#change(key, {
      UpdateExpression: 'SET readOn = if_not_exists(readOn, :at) REMOVE unreadOf',
      ExpressionAttributeValues: { ':at': at },
    });
  }

  async remove(key: EntryKey, expiresAt: number): Promise<boolean> {
    const gone = await this.#change(key, {
      UpdateExpression:
        'SET isHidden = :yes, expiresAt = :end REMOVE unreadOf, title, #text, link, readOn, operation, jobId, createdOn',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: { ':yes': true, ':end': expiresAt },
      ReturnValues: 'ALL_OLD',
    });
    return gone !== undefined;
  }

  async #change(key: EntryKey, change: Omit<Change, 'TableName' | 'Key'>): Promise<Notification | undefined> {
    try {
      const { Attributes } = await this.#tables.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(key),
          ConditionExpression: 'attribute_exists(notificationId) AND attribute_not_exists(isHidden)',
          ReturnValues: 'ALL_NEW',
          ...change,
        }),
      );
      return Entry.parse(Attributes);
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return undefined;
    }
  }

  async profile(userId: string): Promise<Profile> {
    const order = { TableName: this.#table, Key: { userId, notificationId: PROFILE } };
    const { Item } = await this.#tables.send(new GetCommand(order));
    return ProfileItem.parse(Item ?? {});
  }

  async putProfile(userId: string, profile: Profile, expiresAt: number): Promise<void> {
    const item = { userId, notificationId: PROFILE, ...profile, expiresAt };
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item: item }));
  }
}

type Change = UpdateCommand['input'];

const keyOf = ({ userId, notificationId }: EntryKey) => ({ userId, notificationId });
