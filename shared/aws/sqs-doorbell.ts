import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Doorbell, Lane, Timers } from '../service/ports.ts';

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
        MessageBody: JSON.stringify({ jobId, lane }),
        MessageGroupId: jobId,
        MessageDeduplicationId: newId(),
      }),
    );
  },
});

/** SQS delays a message by 15 minutes at most; one for a later time comes back and is sent again. */
const MAX_DELAY_SECONDS = 900;

/** Timers by a standard queue: FIFO queues know no delay per message. */
export const sqsTimers = (queues: SQSClient, queueUrl: string, clock: Clock): Timers => ({
  async set({ jobId, lane }, at) {
    const seconds = Math.ceil((at - clock()) / 1_000);
    await queues.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ jobId, lane, at: new Date(at).toISOString() }),
        DelaySeconds: Math.min(Math.max(seconds, 0), MAX_DELAY_SECONDS),
      }),
    );
  },
});
