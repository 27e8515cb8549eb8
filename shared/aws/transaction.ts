import { randomUUID } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Refusal } from './refusal.ts';
import { takeTurns } from './take-turns.ts';

export type TransactItems = NonNullable<TransactWriteCommandInput['TransactItems']>;

/**
 * Makes all writes or none. Answers with the items that stood in the way, by place; none if it was made. Conflicts
 * with other transactions, and throttling, are no refusals: it is tried again, and throws when that does not help.
 */
export function transact(
  tables: DynamoDBDocumentClient,
  TransactItems: TransactItems,
): Promise<ReadonlyMap<number, Refusal>> {
  // The same at each turn: a transaction that was made, its answer lost, is not made again.
  const order = { TransactItems, ClientRequestToken: randomUUID() };
  return takeTurns(() => madeOrRefused(tables, order));
}

async function madeOrRefused(
  tables: DynamoDBDocumentClient,
  order: TransactWriteCommandInput,
): Promise<ReadonlyMap<number, Refusal>> {
  try {
    await tables.send(new TransactWriteCommand(order));
    return new Map();
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const refusals = refusalsOf(error);
    if (refusals.size === 0) throw error;
    return refusals;
  }
}

function refusalsOf({ CancellationReasons = [] }: TransactionCanceledException): Map<number, Refusal> {
  return new Map(
    CancellationReasons.flatMap(({ Code, Item }, place): [number, Refusal][] =>
      Code === 'ConditionalCheckFailed'
        ? [[place, { current: Item === undefined ? undefined : unmarshall(Item) }]]
        : [],
    ),
  );
}
