import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { eventually } from '../../support/eventually.ts';
import { type Fixture, startFixture } from '../../support/fixture/fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const urlOf = (name: string) => `${fixture.endpoints.sqs}/000000000000/${name}`;
const fifo = () => urlOf('Fixture-Queue.fifo');

async function send(group: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) {
    const ids = { MessageGroupId: group, MessageDeduplicationId: `${group} ${MessageBody}` };
    await fixture.clients.sqs.send(new SendMessageCommand({ QueueUrl: fifo(), MessageBody, ...ids }));
  }
}

const entrySchema = z.object({
  body: z.string(),
  group: z.string().optional(),
  began: z.number(),
  ended: z.number(),
  tries: z.number(),
  pid: z.number(),
  record: z.record(z.string(), z.unknown()),
});

/** What the consumer has seen of a group, in order of time. */
async function seen(group: string | undefined) {
  const { Items = [] } = await fixture.clients.dynamodb.send(new ScanCommand({ TableName: 'Fixture-Seen' }));
  const entries = Items.map((item) => entrySchema.parse(JSON.parse(item['entry']?.S ?? '')));
  return entries.filter((entry) => entry.group === group).toSorted((a, b) => a.began - b.began);
}

const bodiesOf = async (group: string) => (await seen(group)).map(({ body }) => body);

const sendUnordered = (QueueUrl: string, MessageBody: string) =>
  fixture.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

async function attributesOf(QueueUrl: string) {
  const all = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  return (await fixture.clients.sqs.send(all)).Attributes ?? {};
}

async function messagesLeft(url: string): Promise<number> {
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = await attributesOf(url);
  return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
}

/** How many different messages of these groups were taken. */
async function taken(groups: readonly string[]): Promise<number> {
  const all = await Promise.all(groups.map(async (group) => new Set(await bodiesOf(group)).size));
  return all.reduce((sum, count) => sum + count, 0);
}

/** When the last message of these groups was begun. */
const lastOf = async (groups: readonly string[]) =>
  Math.max(...(await Promise.all(groups.map(seen))).flat().map(({ began }) => began));

describe('a queue in front of a function (Lambda Developer Guide, "Using Lambda with Amazon SQS")', () => {
  it('hands over messages in the shape of AWS and deletes them afterwards', async () => {
    await send('shape', 'hello');
    const [entry] = await eventually(async () => {
      expect(await seen('shape')).toHaveLength(1);
      return seen('shape');
    });
    expect(entry?.record).toMatchObject({
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Fixture-Queue.fifo',
      awsRegion: 'us-east-1',
      messageAttributes: {},
      attributes: {
        ApproximateReceiveCount: '1',
        MessageGroupId: 'shape',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
      },
    });
    await eventually(async () => expect(await messagesLeft(fifo())).toBe(0));
    expect(await seen('shape')).toHaveLength(1);
  });

  it('keeps the order of a group and never runs two of its messages at once ("processed in order within the message group")', async () => {
    const groups = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const bodies = Array.from({ length: 5 }, (_, index) => `message ${index}, three meet 3`);
    await Promise.all(groups.map((group) => send(group, ...bodies)));
    for (const group of groups) {
      await eventually(async () => expect(await bodiesOf(group)).toEqual(bodies));
      const entries = await seen(group);
      for (const [index, entry] of entries.slice(1).entries()) {
        expect(entry.began).toBeGreaterThanOrEqual(entries[index]?.ended ?? 0);
      }
    }
    const all = (await Promise.all(groups.map(seen))).flat();
    const processesAt = (time: number) =>
      new Set(all.filter(({ began, ended }) => began <= time && time < ended).map(({ pid }) => pid)).size;
    // The mapping allows three.
    expect(Math.max(...all.map(({ began }) => processesAt(began)))).toBe(3);
  });

  it('brings a failed message back after the visibility timeout, before its followers', async () => {
    await send('retry', 'first fails once', 'second');
    await eventually(async () =>
      expect(await bodiesOf('retry')).toEqual(['first fails once', 'first fails once', 'second']),
    );
    const [failure, repetition] = await seen('retry');
    expect((repetition?.began ?? 0) - (failure?.began ?? 0)).toBeGreaterThan(1900);
    expect([failure?.tries, repetition?.tries]).toEqual([1, 2]);
  });

  it('sends a message that fails too often to the dead letters; its followers go on', async () => {
    await send('poison', 'always fails', 'follower');
    await eventually(async () =>
      expect(await bodiesOf('poison')).toEqual(['always fails', 'always fails', 'follower']),
    );
    const receive = new ReceiveMessageCommand({
      QueueUrl: urlOf('Fixture-DeadLetters.fifo'),
      WaitTimeSeconds: 1,
    });
    const { Messages = [] } = await fixture.clients.sqs.send(receive);
    expect(Messages.map(({ Body }) => Body)).toEqual(['always fails']);
  });

  it('deletes of a batch only what did not fail ("Implementing partial batch responses")', async () => {
    const bodies = ['one', 'two fails once', 'three'];
    const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    // Sent at once, so that they are received at once.
    await fixture.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: urlOf('unordered'), Entries }));
    await eventually(async () => {
      const bodiesSeen = (await seen(undefined)).map(({ body }) => body);
      expect(bodiesSeen.toSorted()).toEqual(['one', 'three', 'two fails once', 'two fails once']);
    });
    await eventually(async () => expect(await messagesLeft(urlOf('unordered'))).toBe(0));
  });

  it('serves later groups while earlier ones have a backlog, and loses nothing when it is killed in between', async () => {
    const early = ['early 1', 'early 2', 'early 3', 'early 4'];
    const late = ['late 1', 'late 2', 'late 3'];
    const bodies = Array.from({ length: 15 }, (_, index) => `message ${index}`);
    await Promise.all(early.map((group) => send(group, ...bodies)));
    await Promise.all(late.map((group) => send(group, 'only')));
    // The mapping works on three at once: four backlogs would keep it busy to their end.
    await eventually(async () => expect(await taken(late)).toBe(late.length));
    await fixture.kill('SIGKILL');
    fixture = await startFixture({ folder: fixture.folder });
    await eventually(async () => expect(await taken(early)).toBe(early.length * bodies.length));
    expect(await lastOf(late)).toBeLessThan(await lastOf(early));
    // What was in work when it was killed comes again, before its followers.
    for (const group of early) expect([...new Set(await bodiesOf(group))]).toEqual(bodies);
    await eventually(async () => expect(await messagesLeft(fifo())).toBe(0));
  });

  it('takes at most six of the eight places, so that a request need not wait for the end of a long run', async () => {
    const flood = urlOf('flood');
    await Promise.all(Array.from({ length: 10 }, () => sendUnordered(flood, 'hang')));
    const inFlight = async () => (await attributesOf(flood)).ApproximateNumberOfMessagesNotVisible;
    await eventually(async () => expect(await inFlight()).toBe('6'));
    expect(await fixture.get('/misbehave/well')).toMatchObject({ status: 200 });
    // None of the long runs has ended meanwhile.
    expect(await inFlight()).toBe('6');
  });
});
