import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LaneQueues, sqsDoorbell, sqsTimers } from '../../shared/aws/sqs-doorbell.ts';
import { readRing, readTimer } from '../../shared/lambda/messages.ts';
import type { Doorbell, Ring } from '../../shared/service/ports.ts';
import { aRecord } from '../support/an-event.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { countingIds, idOf } from '../support/memory/counting-ids.ts';
import { MemoryDoorbell } from '../support/memory/memory-doorbell.ts';
import { NOON } from '../support/memory/settable-clock.ts';

interface HeardDoorbell {
  readonly doorbell: Doorbell;
  /** Every ring, as the lanes hear it. */
  readonly heard: () => Promise<Ring[]>;
}

const inOrder = (rings: readonly Ring[]): string[] => rings.map((ring) => JSON.stringify(ring)).toSorted();

/** Keys of tokens of all kinds: some that SQS would refuse as a group, some in a message. */
const TOKENS = [
  'orders',
  ' two words ',
  '日本 😀',
  '\uffff\ufffe',
  '\u0000\n',
  '/a/b?c=d#e',
  'sha256:x',
  '*',
];

/** What every doorbell must do. */
function doorbellSuite(aDoorbell: () => Promise<HeardDoorbell>): void {
  it('is heard for every ring, also for the second one for the same job', async () => {
    const { doorbell, heard } = await aDoorbell();
    const rings = [1, 2, 1].map((n): Ring => ({ jobId: idOf(n), lane: 'bulk' }));
    for (const ring of rings) await doorbell.ring(ring);
    expect(inOrder(await heard())).toEqual(inOrder(rings));
  });

  it('is heard with the token, whatever characters it has', async () => {
    const { doorbell, heard } = await aDoorbell();
    const rings = TOKENS.map((token, n): Ring => ({ jobId: idOf(n), token, lane: 'standard' }));
    for (const ring of rings) await doorbell.ring(ring);
    expect(inOrder(await heard())).toEqual(inOrder(rings));
  });

  it('is heard for many rings at once, in both lanes, with tokens and without', async () => {
    const { doorbell, heard } = await aDoorbell();
    const rings = Array.from({ length: 47 }, (_, n): Ring => {
      const token = TOKENS[n % 10];
      return {
        jobId: idOf(n),
        ...(token !== undefined && { token }),
        lane: n % 3 === 0 ? 'standard' : 'bulk',
      };
    });
    expect(await doorbell.ringAll(rings)).toEqual(new Set());
    expect(inOrder(await heard())).toEqual(inOrder(rings));
  });

  it('may be rung for nobody', async () => {
    const { doorbell, heard } = await aDoorbell();
    expect([await doorbell.ringAll([]), await heard()]).toEqual([new Set(), []]);
  });
}

const ringIn = ({ Body = '' }: Message): Ring => readRing(aRecord('m', 'g', Body));

describe('the doorbell in memory', () => {
  doorbellSuite(async () => {
    const doorbell = new MemoryDoorbell();
    return { doorbell, heard: async () => doorbell.rings };
  });
});

describe('the doorbell on SQS', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const aBell = async () => {
    const lanes: LaneQueues = { standard: await emulators.freshQueue(), bulk: await emulators.freshQueue() };
    return { lanes, doorbell: sqsDoorbell(emulators.queues, lanes, countingIds()) };
  };

  doorbellSuite(async () => {
    const { lanes, doorbell } = await aBell();
    const heard = async () => {
      const rings: Ring[] = [];
      for (const [lane, url] of Object.entries(lanes)) {
        const some = (await drained(url)).map(ringIn);
        expect(some.filter((ring) => ring.lane !== lane)).toEqual([]);
        rings.push(...some);
      }
      return rings;
    };
    return { doorbell, heard };
  });

  /** All messages; each is deleted, or those behind it in its group would not be given out. */
  async function drained(QueueUrl: string): Promise<Message[]> {
    const found: Message[] = [];
    for (;;) {
      const { Messages = [] } = await emulators.queues.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['MessageGroupId'],
        }),
      );
      if (Messages.length === 0) return found;
      for (const { ReceiptHandle } of Messages) {
        await emulators.queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      found.push(...Messages);
    }
  }

  /** The group in which these rings are heard. */
  async function groupsOf(...rings: Omit<Ring, 'lane'>[]): Promise<string[]> {
    const { lanes, doorbell } = await aBell();
    for (const ring of rings) await doorbell.ring({ ...ring, lane: 'bulk' });
    return (await drained(lanes.bulk)).map(({ Attributes }) => Attributes?.MessageGroupId ?? '');
  }

  describe('the group of a ring', () => {
    it('is the job where it has no token', async () => {
      expect(await groupsOf({ jobId: idOf(7) })).toEqual([idOf(7)]);
    });

    it('is the token, for whatever job of it the ring is', async () => {
      const groups = await groupsOf({ jobId: idOf(7), token: 'orders' }, { jobId: idOf(8), token: 'orders' });
      expect(groups).toEqual(['token:orders', 'token:orders']);
    });

    it('of a token that looks like a job is not the group of that job', async () => {
      const groups = await groupsOf({ jobId: idOf(7), token: idOf(8) }, { jobId: idOf(8) });
      expect(new Set(groups).size).toBe(2);
    });

    it('is a hash where SQS would refuse the token', async () => {
      const groups = await groupsOf({ jobId: idOf(7), token: 'two words' }, { jobId: idOf(8), token: 'ü' });
      expect(groups).toEqual([
        expect.stringMatching(/^token#[0-9a-f]{64}$/),
        expect.stringMatching(/^token#[0-9a-f]{64}$/),
      ]);
      expect(new Set(groups).size).toBe(2);
    });
  });

  describe('rings at once', () => {
    it('that fail are told by their places; the others are heard', async () => {
      const { lanes } = await aBell();
      const doorbell = sqsDoorbell(
        emulators.queues,
        { ...lanes, standard: `${lanes.standard}-gone` },
        countingIds(),
      );
      const rings = Array.from(
        { length: 23 },
        (_, n): Ring => ({
          jobId: idOf(n),
          lane: n % 2 === 0 ? 'bulk' : 'standard',
        }),
      );
      const failed = await doorbell.ringAll(rings);
      expect([...failed].toSorted((a, b) => a - b)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21]);
      expect(await drained(lanes.bulk)).toHaveLength(12);
    });
  });

  describe('a timer', () => {
    it('says for whom it is, and when, whatever characters the token has', async () => {
      const QueueUrl = await emulators.freshQueue('standard');
      const timers = sqsTimers(emulators.queues, QueueUrl, () => NOON);
      const rings = TOKENS.map((token, n): Ring => ({ jobId: idOf(n), token, lane: 'bulk' }));
      for (const ring of rings) await timers.set(ring, NOON - 1);
      const heard = (await drained(QueueUrl)).map(({ Body = '' }) => readTimer(aRecord('m', 'g', Body)));
      expect(inOrder(heard)).toEqual(inOrder(rings.map((ring) => ({ ...ring, at: NOON - 1 }))));
    });
  });
});
