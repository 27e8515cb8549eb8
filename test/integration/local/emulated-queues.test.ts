import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type QueuesAndBlobs, startFauxqs } from '../../../local/emulators/fauxqs.ts';

let folder: string;
let fauxqs: QueuesAndBlobs;
let client: SQSClient;

async function start(): Promise<void> {
  fauxqs = await startFauxqs(folder);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SQSClient({ endpoint: fauxqs.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-queues-'));
  await start();
  await client.send(
    new CreateQueueCommand({
      QueueName: 'q.fifo',
      Attributes: { FifoQueue: 'true', VisibilityTimeout: '60' },
    }),
  );
});
afterEach(async () => {
  await fauxqs.stop();
  rmSync(folder, { recursive: true });
});

const QueueUrl = 'http://any/000000000000/q.fifo';
const bodies = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

async function send(MessageGroupId: string, count: number): Promise<void> {
  const all = bodies(count).map((MessageBody) => ({
    Id: MessageBody,
    MessageBody,
    MessageGroupId,
    MessageDeduplicationId: `${MessageGroupId}-${MessageBody}`,
  }));
  for (let at = 0; at < count; at += 10) {
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries: all.slice(at, at + 10) }));
  }
}

async function receive(MaxNumberOfMessages: number): Promise<Message[]> {
  const all = { MaxNumberOfMessages, MessageSystemAttributeNames: ['All' as const] };
  return (await client.send(new ReceiveMessageCommand({ QueueUrl, ...all }))).Messages ?? [];
}

const remove = ({ ReceiptHandle }: Message) =>
  client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
const giveBack = ({ ReceiptHandle }: Message) =>
  client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));

const groupOf = ({ Attributes }: Message) => Attributes?.MessageGroupId ?? '';

/** The messages in the order in which a consumer gets them that works on so many at once. */
async function consume({ batch, atOnce }: { batch: number; atOnce: number }): Promise<Message[]> {
  const consumed: Message[] = [];
  const inWork: Message[] = [];
  for (;;) {
    const messages = inWork.length < atOnce ? await receive(batch) : [];
    // The lock of a group: no two of its messages are out at once.
    const groups = [...inWork, ...messages].map(groupOf);
    expect(new Set(groups).size).toBe(groups.length);
    inWork.push(...messages);
    consumed.push(...messages);
    const finished = inWork.splice(0, batch);
    if (finished.length === 0) return consumed;
    for (const message of finished) await remove(message);
  }
}

/** How many messages were handed out before each of these groups had its first. */
const turnOf = (consumed: readonly Message[], groups: readonly string[]) =>
  groups.map((group) => consumed.findIndex((message) => groupOf(message) === group));

describe('the groups of a FIFO queue (the emulator would serve each until it is empty)', () => {
  const later = Array.from({ length: 20 }, (_, index) => `later-${index}`);

  it.each([
    { batch: 1, atOnce: 1 },
    { batch: 1, atOnce: 3 },
    { batch: 10, atOnce: 10 },
  ])('a backlog of 200 keeps no later group waiting (%o)', async (consumer) => {
    await send('backlog', 200);
    for (const group of later) await send(group, 1);
    const consumed = await consume(consumer);
    // The two kinds take turns: one of the backlog, one of the others.
    expect(Math.max(...turnOf(consumed, later))).toBeLessThanOrEqual(2 * later.length);
    const backlog = consumed.filter((message) => groupOf(message) === 'backlog');
    expect(backlog.map(({ Body }) => Body)).toEqual(bodies(200));
    expect(consumed).toHaveLength(220);
  });

  it('more backlogs than are worked on at once keep no later group waiting either', async () => {
    const early = Array.from({ length: 12 }, (_, index) => `early-${index}`);
    for (const group of early) await send(group, 10);
    await send('late', 1);
    const consumed = await consume({ batch: 1, atOnce: 3 });
    expect(turnOf(consumed, ['late'])).toEqual([early.length]);
    for (const group of early) {
      const own = consumed.filter((message) => groupOf(message) === group);
      expect(own.map(({ Body }) => Body)).toEqual(bodies(10));
    }
  });
});

describe('a message that is given back ("setting it to 0 makes it immediately visible to other consumers")', () => {
  it('is the next of its group again; the emulator would lose it until its next start', async () => {
    await send('g', 2);
    const [first] = await receive(10);
    expect(await receive(10)).toEqual([]);
    await giveBack(first ?? {});
    const [again] = await receive(10);
    expect([first?.Body, again?.Body]).toEqual(['0', '0']);
    expect(again?.Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('is there after a restart, with its count of receives', async () => {
    await send('g', 2);
    const [first] = await receive(10);
    await giveBack(first ?? {});
    await fauxqs.stop();
    await start();
    const [again] = await receive(10);
    expect(again).toMatchObject({ Body: '0', Attributes: { ApproximateReceiveCount: '2' } });
  });
});

describe('the limit of a delay ("DelaySeconds: valid values 0 to 900"), which the emulator does not look at', () => {
  beforeEach(() => client.send(new CreateQueueCommand({ QueueName: 'timers' })));
  const timers = 'http://any/000000000000/timers';
  const delay = (DelaySeconds: number) =>
    client.send(new SendMessageCommand({ QueueUrl: timers, MessageBody: 'x', DelaySeconds }));

  it('is fifteen minutes', async () => {
    expect(await delay(900)).toMatchObject({ MessageId: expect.any(String) });
    await expect(delay(901)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('holds for each message of a batch', async () => {
    const Entries = [0, 901].map((DelaySeconds) => ({
      Id: `${DelaySeconds}`,
      MessageBody: 'x',
      DelaySeconds,
    }));
    await expect(
      client.send(new SendMessageBatchCommand({ QueueUrl: timers, Entries })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
