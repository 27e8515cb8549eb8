import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import { sqsDoorbell, sqsTimers } from '../../../shared/aws/sqs-doorbell.ts';
import { readRing } from '../../../shared/lambda/messages.ts';
import type { Ring } from '../../../shared/service/ports.ts';
import { tokenKey } from '../../../shared/service/token-key.ts';
import { at } from '../../support/a-job.ts';
import { aRecord } from '../../support/an-event.ts';
import { answered, intercept } from '../../support/injected.ts';
import { countingIds, idOf } from '../../support/memory/counting-ids.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const LANES = { standard: 'https://sqs/standard', bulk: 'https://sqs/bulk' };
const Sent = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string().optional(),
  DelaySeconds: z.number().optional(),
  Entries: z
    .array(
      z.object({
        Id: z.string(),
        MessageBody: z.string(),
        MessageGroupId: z.string(),
        MessageDeduplicationId: z.string(),
      }),
    )
    .optional(),
});
type Sent = z.infer<typeof Sent>;

/** A client of SQS whose calls are answered here, and what was sent. */
function aQueue(answer: (call: Sent) => object = () => ({})) {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const queues = new SQSClient({ region: 'us-east-1', credentials, md5: false });
  const sent: Sent[] = [];
  intercept(queues, async ({ input }) => {
    const call = Sent.parse(input);
    sent.push(call);
    return answered(answer(call));
  });
  return { queues, sent, doorbell: sqsDoorbell(queues, LANES, countingIds()) };
}

describe('a message', () => {
  it('is plain ASCII, which SQS never refuses, and reads as the ring that was meant', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }), async (token) => {
        const { doorbell, sent } = aQueue();
        const ring: Ring = { jobId: idOf(1), token: tokenKey(token), lane: 'bulk' };
        await doorbell.ring(ring);
        const body = sent[0]?.MessageBody ?? '';
        expect(body).toMatch(/^[\x20-\x7e]+$/);
        expect(readRing(aRecord('m', 'g', body))).toEqual(ring);
      }),
    );
  });
});

const rings = (count: number, lane: Ring['lane'] = 'bulk'): Ring[] =>
  Array.from({ length: count }, (_, n) => ({ jobId: idOf(n), lane }));

describe('many rings', () => {
  it('go ten at a time, to the queue of their lane, and none is taken for another', async () => {
    const { doorbell, sent } = aQueue();
    await doorbell.ringAll([...rings(12), ...rings(3, 'standard')]);
    const calls = sent.map(({ QueueUrl, Entries = [] }) => `${QueueUrl} ${Entries.length}`);
    expect(calls.toSorted()).toEqual(['https://sqs/bulk 10', 'https://sqs/bulk 2', 'https://sqs/standard 3']);
    const ids = sent.flatMap(({ Entries = [] }) => Entries.map((entry) => entry.MessageDeduplicationId));
    expect(new Set(ids).size).toBe(15);
  });

  it('of which SQS refuses some are told by their places', async () => {
    const { doorbell } = aQueue(({ Entries = [] }) => ({
      Failed: Entries.filter(
        ({ MessageBody }) => readRing(aRecord('m', 'g', MessageBody)).jobId === idOf(11),
      ),
    }));
    expect(await doorbell.ringAll(rings(12))).toEqual(new Set([11]));
  });

  it('of which a call fails are told by their places, and the others go', async () => {
    const { doorbell, sent } = aQueue(({ Entries = [] }) => {
      if (Entries.length === 10) throw new Error('Throttled.');
      return {};
    });
    const failed = await doorbell.ringAll(rings(12));
    expect([failed, sent.length]).toEqual([new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 2]);
  });
});

describe('a timer', () => {
  it.each([
    ['in the past', -5_000, 0],
    ['now', 0, 0],
    ['in a moment', 1, 1],
    ['in a second and a bit', 1_001, 2],
    ['in fifteen minutes', 900_000, 900],
    ['later than SQS can wait', 900_001, 900],
    ['next year', 365 * 86_400_000, 900],
  ])('for %s is never early by more than SQS makes it', async (_when, ms, seconds) => {
    const { queues, sent } = aQueue();
    await sqsTimers(queues, 'https://sqs/timer', () => NOON).set({ jobId: idOf(1), lane: 'bulk' }, NOON + ms);
    const { MessageBody = '', ...call } = sent[0] ?? { QueueUrl: '' };
    expect(call).toEqual({ QueueUrl: 'https://sqs/timer', DelaySeconds: seconds });
    expect(JSON.parse(MessageBody)).toEqual({ jobId: idOf(1), lane: 'bulk', at: at(ms) });
  });
});
