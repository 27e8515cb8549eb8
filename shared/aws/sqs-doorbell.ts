import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Doorbell, Lane } from '../service/ports.ts';

/** Queue URLs by lane. */
export type LaneQueues = Readonly<Record<Lane, string>>;

/**
 * Rings by SQS FIFO. Without a token the job is a message group of its own. Every ring has a deduplication
 * id of its own, so that none is swallowed within SQS's five minutes.
 */
export const sqsDoorbell = (queues: SQSClient, lanes: LaneQueues, newId: () => string): Doorbell => ({
  async ring({ jobId, lane }) {
    await queues.send(
      new SendMessageCommand({
        QueueUrl: lanes[lane],
        MessageBody: JSON.stringify({ jobId }),
        MessageGroupId: jobId,
        MessageDeduplicationId: newId(),
      }),
    );
  },
});
