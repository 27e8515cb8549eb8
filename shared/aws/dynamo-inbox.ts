import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { eachOf } from '../service/each-of.ts';
import type { More } from '../service/notifications/digest.ts';
import type { Notification } from '../service/notifications/notification.ts';
import type {
  DigestKey,
  EntryKey,
  Inbox,
  InboxPage,
  MarkRange,
  Profile,
} from '../service/notifications/ports.ts';
import { type BatchGetOrder, batchGet } from './batch-get.ts';
import { gathered } from './gathered.ts';
import { digestWriter, markWriter } from './inbox-in-bulk.ts';
import { entryOf, keyIn, keyOf, nameOf, profileOf } from './inbox-item.ts';
import { refusal } from './refusal.ts';

/** Sorted behind all ids, which are UUIDs. */
const PROFILE = 'profile';
const BEHIND_ALL = 'g';
/** Writes side by side. */
const AT_ONCE = 25;
/** DynamoDB takes as many a call. */
const KEYS_AT_ONCE = 100;

/**
 * The table `Notifications`: the entries of a user, and what is known of them. Unread entries are in the sparse index `unread`.
 * Of an entry that was deleted, or that nobody was to see, a mark stays: `isHidden`.
 */
export class DynamoInbox implements Inbox {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #marks: ReturnType<typeof markWriter>;
  readonly #counts: ReturnType<typeof digestWriter>;

  constructor(tables: DynamoDBDocumentClient, table: string) {
    this.#tables = tables;
    this.#table = table;
    this.#marks = markWriter(tables, table);
    this.#counts = digestWriter(tables, table);
  }

  /** The stream hands over changes by the batch: what is asked and said of them side by side goes out together. */
  readonly #told = gathered(KEYS_AT_ONCE, (keys: readonly EntryKey[]) =>
    this.#itemsOf(keys, { only: ['userId', 'notificationId'], consistent: true }),
  );
  readonly #profiles = gathered(KEYS_AT_ONCE, (keys: readonly EntryKey[]) => this.#itemsOf(keys, {}));

  isTold = async (key: EntryKey): Promise<boolean> => (await this.#told(keyOf(key))) !== undefined;

  async #itemsOf(keys: readonly EntryKey[], how: Pick<BatchGetOrder, 'only' | 'consistent'>) {
    // DynamoDB refuses a batch that names a key twice.
    const unique = new Map(keys.map((key) => [nameOf(key), key]));
    const items = await batchGet(this.#tables, { table: this.#table, keys: [...unique.values()], ...how });
    const found = new Map(items.map((item) => [nameOf(item), item]));
    return keys.map((key) => ({ answer: found.get(nameOf(key)) }));
  }

  async put(entry: Notification, expiresAt: number): Promise<void> {
    const Item = { ...entry, unreadOf: entry.userId, expiresAt };
    const order = {
      TableName: this.#table,
      Item,
      ConditionExpression: 'attribute_not_exists(notificationId)',
    };
    try {
      await this.#tables.send(new PutCommand(order));
    } catch (error) {
      if (refusal(error) === undefined) throw error;
    }
  }

  noteTold = (key: EntryKey, expiresAt: number): Promise<void> => this.#marks({ key, expiresAt });

  async takeBack(key: EntryKey): Promise<void> {
    const order = { TableName: this.#table, Key: keyOf(key), ConditionExpression: 'isHidden = :yes' };
    try {
      await this.#tables.send(new DeleteCommand({ ...order, ExpressionAttributeValues: { ':yes': true } }));
    } catch (error) {
      if (refusal(error) === undefined) throw error;
    }
  }

  async toldBetween(
    userId: string,
    { from, to, most }: { from: string; to: string; most: number },
  ): Promise<number> {
    const { Count = 0 } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'userId = :user AND notificationId BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':user': userId, ':from': from, ':to': to },
        Select: 'COUNT',
        ConsistentRead: true,
        Limit: most,
      }),
    );
    return Count;
  }

  addToDigest = (digest: DigestKey, outcome: keyof More, expiresAt: number): Promise<void> =>
    this.#counts({ digest, outcome, expiresAt });

  async list(userId: string, { before, limit, unreadOnly }: InboxPage): Promise<Notification[]> {
    const found: Notification[] = [];
    let last = before ?? BEHIND_ALL;
    while (found.length < limit) {
      const { Items = [], LastEvaluatedKey } = await this.#tables.send(
        new QueryCommand({ ...this.#entries(userId, last, unreadOnly), Limit: limit - found.length }),
      );
      found.push(...Items.map(entryOf));
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

  async markAllRead(
    userId: string,
    { upTo = BEHIND_ALL, at, most }: MarkRange,
  ): Promise<{ read: number; hasMore: boolean }> {
    const { Items = [] } = await this.#tables.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'unread',
        KeyConditionExpression: 'unreadOf = :user AND notificationId <= :newest',
        ExpressionAttributeValues: { ':user': userId, ':newest': upTo },
        ScanIndexForward: false,
        Limit: most + 1,
      }),
    );
    const keys = Items.slice(0, most).map(keyIn);
    const marked = await eachOf(keys, AT_ONCE, (key) => this.markRead(key, at));
    return { read: marked.filter((entry) => entry !== undefined).length, hasMore: Items.length > most };
  }

  async remove(key: EntryKey, expiresAt: number): Promise<boolean> {
    const gone = await this.#change(key, {
      UpdateExpression:
        'SET isHidden = :yes, expiresAt = :end REMOVE unreadOf, title, #text, link, readOn, operation, jobId, createdOn, succeeded, failed, stopped',
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
      return entryOf(Attributes);
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return undefined;
    }
  }

  async profile(userId: string): Promise<Profile> {
    return profileOf((await this.#profiles({ userId, notificationId: PROFILE })) ?? {});
  }

  async putProfile(userId: string, profile: Profile, expiresAt: number): Promise<void> {
    const item = { userId, notificationId: PROFILE, ...profile, expiresAt };
    await this.#tables.send(new PutCommand({ TableName: this.#table, Item: item }));
  }
}

type Change = UpdateCommand['input'];
