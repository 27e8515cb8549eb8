// oxlint-disable-next-line import/no-unassigned-import -- it has to come before anything that logs
import '../../support/log-to-console.ts';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fifoHandler } from '../../../shared/lambda/fifo.ts';
import { aBatch, aContext, aRecord } from '../../support/an-event.ts';
import { collectLog } from '../../support/collect-log.ts';
import { HeldWork, settled } from '../../support/held.ts';

const returned = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('a batch of messages', () => {
  it('that are all done is done', async () => {
    const handler = fifoHandler(async () => 'done');
    expect(await handler(aBatch(aRecord('a1', 'a'), aRecord('b1', 'b')), aContext())).toEqual(returned());
  });

  it('of none is done', async () => {
    expect(await fifoHandler(async () => 'again')(aBatch(), aContext())).toEqual(returned());
  });

  it('is handled group by group in order, the groups side by side', async () => {
    const held = new HeldWork<string>();
    const handler = fifoHandler(async ({ messageId }) => {
      await held.work(messageId);
      return 'done';
    });
    const batch = aBatch(aRecord('a1', 'a'), aRecord('a2', 'a'), aRecord('b1', 'b'), aRecord('a3', 'a'));
    const answer = handler(batch, aContext());
    await settled();
    expect(held.begun).toEqual(['a1', 'b1']);
    await held.letGo('a1', 'b1');
    expect(held.begun).toEqual(['a1', 'b1', 'a2']);
    await held.letGo('a2');
    await held.letGo('a3');
    expect([await answer, held.begun]).toEqual([returned(), ['a1', 'b1', 'a2', 'a3']]);
  });

  it.each([
    ['is to come again', async () => 'again' as const],
    [
      'fails',
      async () => {
        throw new Error('broken');
      },
    ],
  ])(
    'gives the rest of a group back behind one that %s, untouched, and no other group',
    async (_how, atTwo) => {
      collectLog();
      const handled: string[] = [];
      const handler = fifoHandler(async ({ messageId }) => {
        handled.push(messageId);
        return messageId === 'a2' ? atTwo() : 'done';
      });
      const batch = aBatch(...['a1', 'b1', 'a2', 'b2', 'a3', 'a4'].map((id) => aRecord(id, id.slice(0, 1))));
      expect(await handler(batch, aContext())).toEqual(returned('a2', 'a3', 'a4'));
      expect(handled.toSorted()).toEqual(['a1', 'a2', 'b1', 'b2']);
    },
  );

  it('leaves the failure in the log', async () => {
    const log = collectLog();
    const handler = fifoHandler(async () => {
      throw new Error('broken');
    });
    await handler(aBatch(aRecord('a1', 'a')), aContext());
    expect(log.lines()).toMatchObject([{ message: 'message a1 failed', error: { message: 'broken' } }]);
  });

  it('never does a message behind one of its group that comes back, whatever comes back', async () => {
    const RECORDS = fc.array(fc.record({ group: fc.constantFrom('a', 'b', 'c'), again: fc.boolean() }), {
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(RECORDS, async (records) => {
        const batch = aBatch(...records.map(({ group }, index) => aRecord(`${index}`, group)));
        const handler = fifoHandler(async ({ messageId }) =>
          records[Number(messageId)]?.again ? 'again' : 'done',
        );
        const { batchItemFailures } = await handler(batch, aContext());
        const back = new Set(batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier)));
        const right = records.flatMap(({ group }, index) =>
          records.some((other, at) => other.group === group && other.again && at <= index) ? [index] : [],
        );
        expect(back).toEqual(new Set(right));
      }),
    );
  });
});
