import * as z from 'zod';
import type { InvocationResult } from '../lambda/messages.ts';
import type { StreamRecord } from './stream-client.ts';

export type StreamOutcome =
  | { readonly kind: 'done'; readonly state: unknown }
  /** The records before this index are done. */
  | { readonly kind: 'failed from'; readonly index: number; readonly state: unknown }
  | { readonly kind: 'failed'; readonly reason: string };

interface Rules {
  readonly isPartial: boolean;
  readonly hasWindow: boolean;
}

const answerSchema = z
  .looseObject({
    state: z.unknown().optional(),
    batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullable();

// Quota of the state of a window.
const largestState = 1024 * 1024;

/**
 * How far a batch has come. Rules of Lambda: an error fails all; of the failures that are reported, the lowest sequence number
 * is the checkpoint; an answer that cannot be understood, or names a record that is not of the batch, fails all; with a window
 * an answer without a state is a failed invocation.
 */
export function streamOutcome(
  records: readonly StreamRecord[],
  result: InvocationResult,
  { isPartial, hasWindow }: Rules,
): StreamOutcome {
  if (!result.ok) return failed(`${result.error.errorType}: ${result.error.errorMessage}`);
  if (!isPartial && !hasWindow) return { kind: 'done', state: undefined };
  const answer = answerSchema.safeParse(JSON.parse(result.payload));
  if (!answer.success) return failed(`the answer ${result.payload.slice(0, 200)} is no batch response`);
  const { state, batchItemFailures } = answer.data ?? {};
  if (hasWindow && state === undefined) return failed('the answer has no state');
  if (hasWindow && Buffer.byteLength(JSON.stringify(state)) > largestState)
    return failed('the state is larger than 1 MB: Lambda would end the window early, which is not run here');
  const failures = isPartial ? (batchItemFailures ?? []) : [];
  if (failures.length === 0) return { kind: 'done', state };
  const indexes = failures.map(({ itemIdentifier }) =>
    records.findIndex(({ dynamodb }) => dynamodb.SequenceNumber === itemIdentifier),
  );
  const index = Math.min(...indexes);
  return index < 0
    ? failed('it reported a record that is not in the batch')
    : { kind: 'failed from', index, state };
}

const failed = (reason: string): StreamOutcome => ({ kind: 'failed', reason });
