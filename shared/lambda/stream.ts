import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { logBug } from './log.ts';

interface StreamSteps<Change, Shared> {
  /** What a record says; undefined where it is none of our business. One that cannot be read is a bug, and passed over. */
  readonly read: (record: DynamoDBRecord) => Change | undefined;
  /** Read once for all records of a batch that say something. */
  readonly prepare: () => Promise<Shared>;
  readonly handle: (change: Change, shared: Shared) => Promise<void>;
}

/**
 * The Lambda handler of a table's stream with partial batch response: records side by side. Those that failed come again, with
 * all that follow them, which must do no harm.
 */
export const streamHandler =
  <Change, Shared>({ read, prepare, handle }: StreamSteps<Change, Shared>) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const changes = Records.flatMap((record) => {
      const change = readable(record, read);
      return change === undefined ? [] : [{ record, change }];
    });
    if (changes.length === 0) return { batchItemFailures: [] };
    const shared = await prepare();
    const outcomes = await Promise.allSettled(changes.map(({ change }) => handle(change, shared)));
    return {
      batchItemFailures: outcomes.flatMap((outcome, index) => {
        if (outcome.status === 'fulfilled') return [];
        logBug('a record of the stream failed and comes again', outcome.reason);
        return { itemIdentifier: changes[index]?.record.dynamodb?.SequenceNumber ?? '' };
      }),
    };
  };

/** A record that nobody can read would stop all that follow it for a day. */
function readable<Change>(
  record: DynamoDBRecord,
  read: (record: DynamoDBRecord) => Change | undefined,
): Change | undefined {
  try {
    return read(record);
  } catch (error) {
    logBug(`the record ${record.eventID} of the stream cannot be read and is passed over`, error);
    return undefined;
  }
}
