import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../job/lane.ts';
import type { LaneLoad } from '../service/explain/lane-load.ts';
import type { LaneQueues } from './sqs-doorbell.ts';

/** How busy the lanes are, by what their queues say; SQS may lag behind by up to a minute. */
export const sqsLaneLoad = (
  queues: SQSClient,
  lanes: LaneQueues,
  limits: () => Promise<Readonly<Record<Lane, number>>>,
): LaneLoad => ({
  async of(lane) {
    const asked = queues.send(
      new GetQueueAttributesCommand({
        QueueUrl: lanes[lane],
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const [{ Attributes = {} }, atOnce] = await Promise.all([asked, limits()]);
    return {
      lane,
      waiting: Number(Attributes['ApproximateNumberOfMessages'] ?? 0),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0),
      atOnce: atOnce[lane],
    };
  },
});
