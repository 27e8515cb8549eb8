import { createHash } from 'node:crypto';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { LANES, type Lane } from '../job/lane.ts';
import { eachOf } from '../service/each-of.ts';
import type { Clock, Doorbell, Ring, Timers } from '../service/ports.ts';

/** Queue URLs by lane. */
export type LaneQueues = Readonly<Record<Lane, string>>;

/** SQS takes ten messages a call. */
const RINGS_PER_CALL = 10;
const CALLS_AT_ONCE = 4;

/**
 * Rings by SQS FIFO. A token is a message group; without one the job is a group of its own. Every ring has a
 * deduplication id of its own, so that none is swallowed within SQS's five minutes.
 */
export const sqsDoorbell = (queues: SQSClient, lanes: LaneQueues, newId: () => string): Doorbell => ({
  async ring(ring) {
    const message = messageOf(ring, newId);
    await queues.send(new SendMessageCommand({ QueueUrl: lanes[ring.lane], ...message }));
  },

  async ringAll(rings) {
    const numbered = rings.map((ring, place) => ({ ring, place }));
    const calls = LANES.flatMap((lane) =>
      inCalls(numbered.filter(({ ring }) => ring.lane === lane)).map((some) => ({ lane, some })),
    );
    const failed = await eachOf(calls, CALLS_AT_ONCE, async ({ lane, some }) => {
      const Entries = some.map(
        ({ ring, place }): SendMessageBatchRequestEntry => ({
          Id: String(place),
          ...messageOf(ring, newId),
        }),
      );
      return send(new SendMessageBatchCommand({ QueueUrl: lanes[lane], Entries }), queues);
    });
    return new Set(failed.flat());
  },
});

/** The places of those that failed: all of them if the call does. */
async function send(command: SendMessageBatchCommand, queues: SQSClient): Promise<number[]> {
  try {
    const { Failed = [] } = await queues.send(command);
    return Failed.map(({ Id }) => Number(Id));
  } catch {
    return (command.input.Entries ?? []).map(({ Id }) => Number(Id));
  }
}

function inCalls<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / RINGS_PER_CALL) }, (_, call) =>
    all.slice(call * RINGS_PER_CALL, (call + 1) * RINGS_PER_CALL),
  );
}

const messageOf = (ring: Ring, newId: () => string) => ({
  MessageBody: plainJson(ring),
  MessageGroupId: groupOf(ring),
  MessageDeduplicationId: newId(),
});

/** JSON in ASCII alone: a token may have characters that SQS refuses in a message (U+FFFE, U+FFFF). */
const plainJson = (message: Ring & { at?: string }): string =>
  JSON.stringify(message).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** What SQS takes as a group: letters, digits and punctuation of ASCII, at most 128; no blanks. */
const PLAIN = /^[\x21-\x7e]{1,128}$/;

function groupOf({ jobId, token }: Ring): string {
  if (token === undefined) return jobId;
  // With a mark of its own, a token that looks like a job id is not that job's group.
  const group = `token:${token}`;
  return PLAIN.test(group) ? group : `token#${createHash('sha256').update(token).digest('hex')}`;
}

/** SQS delays a message by 15 minutes at most; one for a later time comes back and is sent again. */
const MAX_DELAY_SECONDS = 900;

/** Timers by a standard queue: FIFO queues know no delay per message. */
export const sqsTimers = (queues: SQSClient, queueUrl: string, clock: Clock): Timers => ({
  async set(ring, at) {
    const seconds = Math.ceil((at - clock()) / 1_000);
    await queues.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: plainJson({ ...ring, at: new Date(at).toISOString() }),
        DelaySeconds: Math.min(Math.max(seconds, 0), MAX_DELAY_SECONDS),
      }),
    );
  },
});
