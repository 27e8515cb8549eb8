import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { logBug } from './log.ts';

/** What one message needs; `again` lets it come back after the visibility timeout. */
export type HandleMessage = (record: SQSRecord, context: Context) => Promise<'done' | 'again'>;

/**
 * The Lambda handler of a FIFO queue with partial batch response: groups side by side, within a group in
 * order, and behind a message that comes back the rest of its group comes back too.
 */
export const fifoHandler =
  (handle: HandleMessage) =>
  async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const groups = Map.groupBy(
      event.Records,
      (record) => record.attributes.MessageGroupId ?? record.messageId,
    );
    const returned = await Promise.all([...groups.values()].map((group) => inOrder(group, handle, context)));
    return { batchItemFailures: returned.flat().map((record) => ({ itemIdentifier: record.messageId })) };
  };

/** The messages that are to come back. */
async function inOrder(group: SQSRecord[], handle: HandleMessage, context: Context): Promise<SQSRecord[]> {
  for (const [index, record] of group.entries()) {
    if ((await outcome(record, handle, context)) === 'again') return group.slice(index);
  }
  return [];
}

async function outcome(
  record: SQSRecord,
  handle: HandleMessage,
  context: Context,
): Promise<'done' | 'again'> {
  try {
    return await handle(record, context);
  } catch (error) {
    logBug(`message ${record.messageId} failed`, error);
    return 'again';
  }
}
