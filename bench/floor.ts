import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { BatchWriteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { v7 } from 'uuid';
import { eachOf } from '../shared/service/each-of.ts';
import type { Contender, Order } from './contender.ts';
import { floorItem, floorRun } from './floor-row.ts';

/** The lane on one machine runs two batches at once. */
const CONSUMERS = 2;
const WRITES_PER_CALL = 25;
const MESSAGES_PER_CALL = 10;
const CALLS_AT_ONCE = 4;

export interface FloorPlace {
  readonly tables: DynamoDBDocumentClient;
  readonly queues: SQSClient;
  readonly table: string;
  readonly queueUrl: string;
}

/**
 * The least that this design can cost on this machine: put, send, receive, claim, complete, delete, with the same SDK
 * on the same emulators, in one loop without a service around it. Order within a token is SQS's alone.
 */
export function floorContender({ tables, queues, table, queueUrl }: FloorPlace): Contender {
  const consumers: Promise<void>[] = [];
  const turn = { isOn: false };
  const consume = async (): Promise<void> => {
    while (turn.isOn) await receiveSome({ tables, queues, table, queueUrl });
  };
  return {
    name: 'floor',
    table,
    async create(order) {
      const Item = floorItem();
      await tables.send(
        new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(jobId)' }),
      );
      await queues.send(new SendMessageCommand({ QueueUrl: queueUrl, ...messageOf(Item.jobId, order) }));
      return Item.jobId;
    },
    async createAll(orders) {
      const items = orders.map(floorItem);
      await eachOf(inCalls(items, WRITES_PER_CALL), CALLS_AT_ONCE, (some) => {
        const puts = some.map((Item) => ({ PutRequest: { Item } }));
        return tables.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
      });
      const messages = items.map(({ jobId }, place) => messageOf(jobId, orders[place] ?? {}));
      for (const some of inCalls(messages, MESSAGES_PER_CALL)) {
        const Entries = some.map((message, place) => ({ Id: String(place), ...message }));
        await queues.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
      return items.map(({ jobId }) => jobId);
    },
    begin() {
      turn.isOn = true;
      consumers.push(...Array.from({ length: CONSUMERS }, consume));
    },
    async end() {
      turn.isOn = false;
      await Promise.all(consumers.splice(0));
    },
  };
}

const messageOf = (jobId: string, { token = jobId }: Order) => ({
  MessageBody: jobId,
  MessageGroupId: token,
  MessageDeduplicationId: v7(),
});

async function receiveSome({ tables, queues, table, queueUrl: QueueUrl }: FloorPlace): Promise<void> {
  const { Messages = [] } = await queues.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: MESSAGES_PER_CALL, WaitTimeSeconds: 1 }),
  );
  if (Messages.length === 0) return;
  await Promise.all(Messages.map((message) => run(message, { tables, table })));
  const Entries = Messages.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }));
  await queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
}

async function run({ Body = '' }: Message, at: Pick<FloorPlace, 'tables' | 'table'>): Promise<void> {
  const { claim, complete } = floorRun(at.tables, at.table);
  await claim(Body);
  await complete(Body);
}

const inCalls = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, call) =>
    all.slice(call * most, (call + 1) * most),
  );
