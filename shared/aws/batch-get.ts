import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

type Keys = Record<string, unknown>[];

export interface BatchGetOrder {
  readonly table: string;
  /** Without repetitions: DynamoDB refuses a batch that names a key twice. */
  readonly keys: Keys;
  /** Attributes wanted; all if left out. */
  readonly only?: readonly string[];
  /** Costs twice as much, and sees what was written a moment ago. */
  readonly consistent?: boolean;
}

/** DynamoDB takes 100 keys a call. */
const KEYS_PER_CALL = 100;
const MAX_TRIES = 8;

/** Reads any number of items by key, in no order; asks again for what was throttled. */
export async function batchGet(
  tables: DynamoDBDocumentClient,
  { table, keys, only, consistent = false }: BatchGetOrder,
): Promise<Record<string, unknown>[]> {
  const calls: Keys[] = [];
  for (let at = 0; at < keys.length; at += KEYS_PER_CALL) calls.push(keys.slice(at, at + KEYS_PER_CALL));
  const projection = only === undefined ? {} : projectionOf(only);
  const answers = await Promise.all(
    calls.map((call) =>
      untilAllRead(tables, { [table]: { Keys: call, ConsistentRead: consistent, ...projection } }),
    ),
  );
  return answers.flat().flatMap((answer) => answer[table] ?? []);
}

const projectionOf = (only: readonly string[]) => ({
  ProjectionExpression: only.map((name) => `#${name}`).join(', '),
  ExpressionAttributeNames: Object.fromEntries(only.map((name) => [`#${name}`, name])),
});

async function untilAllRead(
  tables: DynamoDBDocumentClient,
  order: NonNullable<BatchGetCommandInput['RequestItems']>,
): Promise<Record<string, Record<string, unknown>[]>[]> {
  const answers = [];
  let rest = order;
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    if (tried > 0) await pause(Math.random() * 25 * 2 ** tried);
    const { Responses, UnprocessedKeys } = await tables.send(new BatchGetCommand({ RequestItems: rest }));
    answers.push(Responses ?? {});
    if (UnprocessedKeys === undefined || Object.keys(UnprocessedKeys).length === 0) return answers;
    rest = UnprocessedKeys;
  }
  throw new Error(`DynamoDB left keys unread ${MAX_TRIES} times in a row: it is throttling.`);
}
