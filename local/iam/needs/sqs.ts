import * as z from 'zod';
import { arn } from '../../template/identities.ts';
import { anything, type Need, need } from './need.ts';

const byUrl = z
  .looseObject({ QueueUrl: z.string() })
  .transform(({ QueueUrl }) => QueueUrl.split('/').at(-1) ?? '');
const byName = z.looseObject({ QueueName: z.string() }).transform(({ QueueName }) => QueueName);

/** The action of each operation: those on batches need the permission for a single message. */
const onQueue: Readonly<Record<string, string>> = {
  SendMessage: 'sqs:SendMessage',
  SendMessageBatch: 'sqs:SendMessage',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessage: 'sqs:DeleteMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  ChangeMessageVisibility: 'sqs:ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  GetQueueAttributes: 'sqs:GetQueueAttributes',
  SetQueueAttributes: 'sqs:SetQueueAttributes',
  PurgeQueue: 'sqs:PurgeQueue',
  DeleteQueue: 'sqs:DeleteQueue',
  ListDeadLetterSourceQueues: 'sqs:ListDeadLetterSourceQueues',
};

export function sqsNeeds(operation: string, input: unknown): Need[] | undefined {
  if (operation === 'ListQueues') return [need('sqs:ListQueues', anything)];
  if (operation === 'GetQueueUrl' || operation === 'CreateQueue')
    return [need(`sqs:${operation}`, arn('sqs', byName.parse(input)))];
  const action = onQueue[operation];
  return action === undefined ? undefined : [need(action, arn('sqs', byUrl.parse(input)))];
}
