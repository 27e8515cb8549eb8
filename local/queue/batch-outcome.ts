import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { InvocationResult } from '../lambda/messages.ts';

export interface BatchOutcome {
  readonly done: readonly Message[];
  readonly failed: readonly Message[];
  /** A mistake of the function that Lambda would not tell: shown as a bug. */
  readonly bug?: string;
}

const partialAnswer = z.looseObject({
  batchItemFailures: z.array(z.looseObject({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which messages of a batch are deleted. Rules of Lambda: an error fails all; without ReportBatchItemFailures an answer is
 * enough; with it, null, `{}` and an empty list mean success, and an answer that cannot be understood, or names a message that
 * is not of the batch, fails all.
 */
export function batchOutcome(
  messages: readonly Message[],
  result: InvocationResult,
  isPartial: boolean,
): BatchOutcome {
  if (!result.ok) return { done: [], failed: messages };
  if (!isPartial) return { done: messages, failed: [] };
  const answer = partialAnswer.nullable().safeParse(JSON.parse(result.payload));
  if (!answer.success)
    return allFailed(messages, `it answered ${result.payload.slice(0, 200)}, which is no batch response`);
  const failures = new Set(answer.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const stranger = [...failures].find((id) => !messages.some(({ MessageId }) => MessageId === id));
  if (stranger !== undefined)
    return allFailed(messages, `it reported ${stranger}, which is not in the batch`);
  return keepingOrder(messages, failures);
}

const allFailed = (messages: readonly Message[], bug: string): BatchOutcome => ({
  done: [],
  failed: messages,
  bug,
});

/**
 * Lambda would delete a message that is not reported even if an earlier one of its group failed, and the group would go on out
 * of order. Here such a message is kept, and the function is blamed.
 */
function keepingOrder(messages: readonly Message[], failures: ReadonlySet<string>): BatchOutcome {
  const brokenGroups = new Set<string>();
  const skipped: string[] = [];
  const failed = messages.filter(({ MessageId = '', Attributes }) => {
    const group = Attributes?.MessageGroupId;
    if (failures.has(MessageId)) {
      if (group !== undefined) brokenGroups.add(group);
      return true;
    }
    if (group === undefined || !brokenGroups.has(group)) return false;
    skipped.push(MessageId);
    return true;
  });
  const done = messages.filter((message) => !failed.includes(message));
  if (skipped.length === 0) return { done, failed };
  return {
    done,
    failed,
    bug: `it did not report ${skipped.join(', ')}, behind a failed message of the same group`,
  };
}
