import {
  CreateQueueCommand,
  ListQueuesCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { FaultyTemplate } from '../cannot-start.ts';
import type { Resource } from '../template/resources.ts';

type Queue = Resource<'AWS::SQS::Queue'>;

/** What AWS would refuse and the emulator takes: the dead letters of a FIFO queue in a standard one, and the other way round. */
export function refuseMixedDeadLetters(queues: readonly Queue[]): void {
  for (const { logicalId, properties } of queues) {
    const arn = properties.RedrivePolicy?.deadLetterTargetArn;
    const dead = queues.find(({ attributes }) => attributes['Arn'] === arn);
    if (arn === undefined || dead?.properties.FifoQueue === properties.FifoQueue) continue;
    throw new FaultyTemplate([`${logicalId}: ${arn} is no queue of the template and of the same kind`]);
  }
}

/** Makes the queue, or brings the attributes of the one that is there up to date; its messages stay. */
export async function createQueue(client: SQSClient, queue: Queue): Promise<void> {
  const name = queue.attributes['QueueName'] ?? queue.logicalId;
  const { FifoQueue, ...changeable } = attributesOf(queue);
  if (await exists(client, name)) {
    await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.ref, Attributes: changeable }));
  } else {
    const fifo = FifoQueue === undefined ? {} : { FifoQueue };
    await client.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...changeable, ...fifo } }));
  }
}

async function exists(client: SQSClient, name: string): Promise<boolean> {
  const { QueueUrls = [] } = await client.send(new ListQueuesCommand({ QueueNamePrefix: name }));
  return QueueUrls.some((url) => url.endsWith(`/${name}`));
}

function attributesOf({ properties }: Queue): Record<string, string> {
  const { RedrivePolicy, ...plain } = properties;
  const attributes = {
    FifoQueue: plain.FifoQueue || undefined,
    ContentBasedDeduplication: plain.ContentBasedDeduplication,
    VisibilityTimeout: plain.VisibilityTimeout,
    MessageRetentionPeriod: plain.MessageRetentionPeriod,
    DelaySeconds: plain.DelaySeconds,
    ReceiveMessageWaitTimeSeconds: plain.ReceiveMessageWaitTimeSeconds,
    MaximumMessageSize: plain.MaximumMessageSize,
    RedrivePolicy: RedrivePolicy && JSON.stringify(RedrivePolicy),
  };
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}
