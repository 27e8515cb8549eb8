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
export const transact = (
  tables: DynamoDBDocumentClient,
  items: TransactItems,
): Promise<ReadonlyMap<number, Refusal>> => takeTurns(() => madeOrRefused(tables, items));

async function madeOrRefused(
  tables: DynamoDBDocumentClient,
  TransactItems: TransactItems,
): Promise<ReadonlyMap<number, Refusal>> {
  try {
    await tables.send(new TransactWriteCommand({ TransactItems }));
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
