import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { sqsDoorbell } from '../../shared/aws/sqs-doorbell.ts';
import type { Doorbell } from '../../shared/service/ports.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { countingIds, idOf } from '../support/memory/counting-ids.ts';
import { MemoryDoorbell } from '../support/memory/memory-doorbell.ts';

interface HeardDoorbell {
  readonly doorbell: Doorbell;
  /** The ids of the jobs that were rung for, each ring one. */
  readonly heard: () => Promise<string[]>;
}

/** What every doorbell must do. */
function doorbellSuite(aDoorbell: () => Promise<HeardDoorbell>): void {
  it('is heard for every ring, also for the second one for the same job', async () => {
    const { doorbell, heard } = await aDoorbell();
    for (const n of [1, 2, 1]) await doorbell.ring({ jobId: idOf(n), lane: 'bulk' });
    expect((await heard()).toSorted()).toEqual([idOf(1), idOf(1), idOf(2)]);
  });
}

const jobIdIn = (body: string): string => z.object({ jobId: z.string() }).parse(JSON.parse(body)).jobId;

describe('the doorbell in memory', () => {
  doorbellSuite(async () => {
    const doorbell = new MemoryDoorbell();
    return { doorbell, heard: async () => doorbell.rings.map(({ jobId }) => jobId) };
  });
});

describe('the doorbell on SQS', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const aQueue = async () => {
    const url = await emulators.freshQueue();
    return { url, doorbell: sqsDoorbell(emulators.queues, { standard: url, bulk: url }, countingIds()) };
  };

  doorbellSuite(async () => {
    const { url, doorbell } = await aQueue();
    return { doorbell, heard: async () => (await drained(url)).map(({ Body = '' }) => jobIdIn(Body)) };
  });

  /** All messages; each is deleted, or those behind it in its group would not be given out. */
  async function drained(QueueUrl: string): Promise<Message[]> {
    const found: Message[] = [];
    for (;;) {
      const { Messages = [] } = await emulators.queues.send(
        new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['MessageGroupId'] }),
      );
      if (Messages.length === 0) return found;
      for (const { ReceiptHandle } of Messages) {
        await emulators.queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      found.push(...Messages);
    }
  }

  it('says the id of the job, to the queue of its lane, in a group of its own', async () => {
    const { url, doorbell } = await aQueue();
    await doorbell.ring({ jobId: idOf(7), lane: 'bulk' });
    expect(await drained(url)).toMatchObject([
      { Body: JSON.stringify({ jobId: idOf(7), lane: 'bulk' }), Attributes: { MessageGroupId: idOf(7) } },
    ]);
  });
});
