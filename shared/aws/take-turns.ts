import { setTimeout as pause } from 'node:timers/promises';
import {
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from '@aws-sdk/client-dynamodb';

const MAX_TURNS = 12;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 400;

/**
 * Writes that meet a transaction at an item, at a token's tail above all, take turns: tries again while that is all that
 * stands in the way, and throws when it does not help. The SDK repeats throttled calls, but none that met a transaction.
 */
export async function takeTurns<T>(write: () => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await write();
    } catch (error) {
      if (!isPassing(error) || turn === MAX_TURNS) throw error;
      await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** turn));
    }
  }
}

const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

function isPassing(error: unknown): boolean {
  if (error instanceof TransactionConflictException) return true;
  // Our own, sent a second time while its first answer is still out.
  if (error instanceof TransactionInProgressException) return true;
  if (!(error instanceof TransactionCanceledException)) return false;
  return (error.CancellationReasons ?? []).some(({ Code = '' }) => PASSING.has(Code));
}
