import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { failed, type InvocationResult } from '../../../../local/lambda/messages.ts';
import {
  type ConsumerSettings,
  ShardConsumer,
  type ShardPosition,
} from '../../../../local/streams/shard-consumer.ts';
import { AlarmClock } from '../../../support/alarm-clock.ts';
import { recordsAt } from '../../../support/stream-records.ts';

const settings: ConsumerSettings = {
  streamArn: 'arn:of:the:stream',
  isPartial: false,
  bisects: false,
  retryAttempts: -1,
  maximumAgeSeconds: -1,
  windowSeconds: 0,
};

const eventSchema = z.object({
  Records: z.array(z.object({ dynamodb: z.object({ SequenceNumber: z.string() }) })),
  window: z.object({ start: z.string(), end: z.string() }).optional(),
  state: z.unknown().optional(),
  isFinalInvokeForWindow: z.boolean().optional(),
});
type StreamEvent = z.output<typeof eventSchema>;

const ok = (answer: unknown): InvocationResult => ({ ok: true, payload: JSON.stringify(answer) });
const broken = failed('Error', 'broken on purpose');
const sequences = ({ Records }: StreamEvent) =>
  Records.map(({ dynamodb }) => dynamodb.SequenceNumber).join(' ');

/** A consumer in front of a function; `seen` is what each invocation was given. */
function consumer(
  given: Partial<ConsumerSettings>,
  fn: (event: StreamEvent) => InvocationResult,
  from: ShardPosition = {},
) {
  const clock = new AlarmClock('2026-11-22T12:00:00Z');
  const events: StreamEvent[] = [];
  const discarded: string[] = [];
  const shard = new ShardConsumer(
    'shard-1',
    from,
    { ...settings, ...given },
    {
      clock,
      invoke: (text) => {
        const event = eventSchema.parse(JSON.parse(text));
        events.push(event);
        return Promise.resolve(fn(event));
      },
      save: () => {},
      discard: (records) => discarded.push(...records.map(({ dynamodb }) => dynamodb.SequenceNumber)),
      pause: async (ms) => {
        await clock.advanceTo(clock.now() + ms);
        return events.length < 100;
      },
      isStopping: () => false,
    },
  );
  return { shard, clock, events, discarded, seen: () => events.map(sequences) };
}

const poisoned = (sequence: string) => (event: StreamEvent) =>
  sequences(event).split(' ').includes(sequence) ? broken : ok(null);

const partly = (event: StreamEvent) =>
  sequences(event).startsWith('1')
    ? ok({ batchItemFailures: [{ itemIdentifier: '3' }, { itemIdentifier: '2' }] })
    : ok({ batchItemFailures: [] });

const counting = (event: StreamEvent) => {
  const before = z.object({ count: z.number().default(0) }).parse(event.state).count;
  return ok({ state: { count: before + event.Records.length } });
};

describe('the consumer of a shard (Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB")', () => {
  it('a failed batch is tried again as it is, until it succeeds', async () => {
    let tries = 0;
    const { shard, seen } = consumer({}, () => (++tries < 3 ? broken : ok(null)));
    await shard.take(recordsAt(0, 0));
    expect(seen()).toEqual(['1 2', '1 2', '1 2']);
    expect(shard.position.after).toBe('2');
  });

  it('after MaximumRetryAttempts the batch is given up, and the shard goes on', async () => {
    const { shard, seen, discarded } = consumer({ retryAttempts: 2 }, () => broken);
    expect(await shard.take(recordsAt(0, 0))).toBe(true);
    expect(seen()).toEqual(['1 2', '1 2', '1 2']);
    expect(discarded).toEqual(['1', '2']);
    expect(shard.position.after).toBe('2');
  });

  it('BisectBatchOnFunctionError isolates a bad record; splitting does not count as a retry', async () => {
    const { shard, seen, discarded } = consumer({ bisects: true, retryAttempts: 1 }, poisoned('3'));
    await shard.take(recordsAt(0, 0, 0, 0));
    expect(seen()).toEqual(['1 2 3 4', '1 2', '3 4', '3', '3', '4']);
    expect(discarded).toEqual(['3']);
  });

  it('the lowest sequence number that is reported is the checkpoint', async () => {
    const { shard, seen } = consumer({ isPartial: true }, partly);
    await shard.take(recordsAt(0, 0, 0));
    expect(seen()).toEqual(['1 2 3', '2 3']);
  });

  it.each([
    ['names a record that is not in the batch', { batchItemFailures: [{ itemIdentifier: '9' }] }],
    ['has an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['has no identifier', { batchItemFailures: [{}] }],
  ])('an answer that %s fails the whole batch', async (_what, answer) => {
    const { shard, seen, discarded } = consumer({ isPartial: true, retryAttempts: 0 }, () => ok(answer));
    await shard.take(recordsAt(0, 0));
    expect([seen(), discarded]).toEqual([['1 2'], ['1', '2']]);
  });

  it.each([[null], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
    'the answer %j is a success',
    async (answer) => {
      const { shard, seen } = consumer({ isPartial: true }, () => ok(answer));
      await shard.take(recordsAt(0, 0));
      expect(seen()).toEqual(['1 2']);
    },
  );

  it('a record older than MaximumRecordAge is given up before it is handed over', async () => {
    const { shard, seen, discarded } = consumer({ maximumAgeSeconds: 60 }, () => ok(null));
    await shard.take(recordsAt(-120, -30, 0));
    expect([seen(), discarded]).toEqual([['2 3'], ['1']]);
  });

  it('a batch that fails for too long is given up by its age', async () => {
    const { shard, discarded } = consumer({ maximumAgeSeconds: 60 }, () => broken);
    await shard.take(recordsAt(0));
    expect(discarded).toEqual(['1']);
  });
});

describe('tumbling windows ("Implementing stateful DynamoDB stream processing in Lambda")', () => {
  it('batches never mix windows, the state is handed on, and the last invocation has the state alone', async () => {
    const { shard, clock, events } = consumer({ windowSeconds: 10 }, counting);
    const records = recordsAt(1, 3, 9, 12);
    expect(shard.sameWindow(records)).toBe(3);
    await shard.take(records.slice(0, 2));
    await shard.take(records.slice(2, 3));
    await shard.take(records.slice(3));
    await clock.advanceTo('2026-11-22T12:00:22Z');
    expect(shard.isDueToClose).toBe(true);
    await shard.closeWindow();
    expect(
      events.map((event) => [
        event.window?.start.slice(17, 19),
        sequences(event),
        event.state,
        event.isFinalInvokeForWindow,
      ]),
    ).toEqual([
      ['00', '1 2', {}, false],
      ['00', '3', { count: 2 }, false],
      ['00', '', { count: 3 }, true],
      ['10', '4', {}, false],
      ['10', '', { count: 1 }, true],
    ]);
  });

  it('a batch that is tried again gets the state from before it', async () => {
    let tries = 0;
    const { shard, events } = consumer({ windowSeconds: 10 }, (event) =>
      ++tries === 2 ? broken : counting(event),
    );
    const [first, ...others] = recordsAt(0, 1, 2);
    await shard.take(first ? [first] : []);
    await shard.take(others);
    expect(events.map(({ state }) => state)).toEqual([{}, { count: 1 }, { count: 1 }]);
  });

  it('an answer without a state is a failed invocation', async () => {
    const { shard, discarded } = consumer({ windowSeconds: 10, retryAttempts: 0 }, () => ok(null));
    await shard.take(recordsAt(0));
    expect(discarded).toEqual(['1']);
  });

  it('a window stays open over a restart', async () => {
    const first = consumer({ windowSeconds: 10 }, counting);
    await first.shard.take(recordsAt(0));
    const second = consumer({ windowSeconds: 10 }, counting, first.shard.position);
    await second.shard.closeWindow();
    expect(second.events[0]).toMatchObject({ state: { count: 1 }, isFinalInvokeForWindow: true });
  });

  it('no window is closed twice: a record that is late goes into the next one', async () => {
    const { shard, events } = consumer({ windowSeconds: 10 }, counting);
    await shard.take(recordsAt(1));
    await shard.closeWindow();
    await shard.take(recordsAt(2));
    expect(events.at(-1)?.window?.start).toBe('2026-11-22T12:00:10Z');
  });

  it('a last invocation that fails is tried again', async () => {
    let tries = 0;
    const fails = (event: StreamEvent) =>
      event.isFinalInvokeForWindow && ++tries < 3 ? broken : counting(event);
    const { shard, events } = consumer({ windowSeconds: 10 }, fails);
    await shard.take(recordsAt(0));
    await shard.closeWindow();
    expect(events.filter(({ isFinalInvokeForWindow }) => isFinalInvokeForWindow)).toHaveLength(3);
    expect(shard.position.window).toBeUndefined();
  });
});
