import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

export type Writes = NonNullable<BatchWriteCommandInput['RequestItems']>[string];

/** DynamoDB takes 25 writes a call. */
export const WRITES_PER_CALL = 25;
const MAX_TRIES = 8;

/** Makes at most 25 unconditional writes to one table; asks again for what was throttled. */
export async function batchWrite(
  tables: DynamoDBDocumentClient,
  table: string,
  writes: Writes,
): Promise<void> {
  if (writes.length === 0) return;
  let rest: NonNullable<BatchWriteCommandInput['RequestItems']> = { [table]: writes };
  for (let tried = 0; tried < MAX_TRIES; tried++) {
    if (tried > 0) await pause(Math.random() * 25 * 2 ** tried);
    const { UnprocessedItems } = await tables.send(new BatchWriteCommand({ RequestItems: rest }));
    if (UnprocessedItems === undefined || Object.keys(UnprocessedItems).length === 0) return;
    rest = UnprocessedItems;
  }
  throw new Error(`DynamoDB left writes undone ${MAX_TRIES} times in a row: it is throttling.`);
}
