import { describe, expect, it } from '@jest/globals';
import type { FailedDelivery } from '../../../../shared/service/notifications/ports.ts';
import { Resent, resend } from '../../../../shared/service/notifications/resend.ts';
import { resendDue } from '../../../../shared/service/notifications/resend-due.ts';
import { at } from '../../../support/a-job.ts';
import { MemoryDeliveries } from '../../../support/memory/memory-deliveries.ts';
import { settableClock } from '../../../support/memory/settable-clock.ts';

const mail = { to: 'olga@example.com', subject: 'Done', text: 'Done.', html: '<p>Done.</p>' };
const failure: FailedDelivery = {
  deliveryId: 'delivery-1',
  jobId: 'a',
  message: { channel: 'mail', mail },
  error: 'Throttled',
  attempts: 1,
  failedOn: at(),
  retryAt: at(600_000),
};
const { deliveryId } = failure;

/** A deployment that names no sender of mails. */
async function aSender() {
  const deliveries = new MemoryDeliveries();
  await deliveries.putFailed(failure);
  const resender = { deliveries, outlets: { event: async () => {} }, clock: settableClock(), log: () => {} };
  const due = () => deliveries.due({ by: at(86_400_000), after: undefined, limit: 9 });
  return { resender, deliveries, due };
}

describe('a delivery', () => {
  it('fails again where there is no sender any more, says so, and waits longer', async () => {
    const { resender, deliveries, due } = await aSender();
    resender.clock.advance(5);
    const failed = {
      ...failure,
      error: 'Error: This deployment names no sender of mails (context mailFrom).',
      attempts: 2,
      failedOn: at(5),
      retryAt: at(5 + 30 * 60_000),
    };
    expect(await resend({ deliveryId }, resender)).toEqual({ is: 'failed', delivery: failed });
    expect(await deliveries.get(deliveryId)).toEqual(failed);
    expect(await due()).toEqual([{ deliveryId, retryAt: failed.retryAt }]);
  });

  it('keeps the beginning of a long error', async () => {
    const { resender, deliveries } = await aSender();
    const outlets = {
      ...resender.outlets,
      mail: () => Promise.reject(new Error('x'.repeat(1_000))),
    };
    await resend({ deliveryId }, { ...resender, outlets });
    expect((await deliveries.get(deliveryId))?.error).toBe(`Error: ${'x'.repeat(493)}`);
  });

  it('that is gone leaves no try behind', async () => {
    const { resender, deliveries, due } = await aSender();
    await deliveries.remove({ deliveryId });
    const [retry] = await due();
    expect(await resend(retry ?? { deliveryId }, resender)).toEqual({ is: 'gone' });
    expect(await due()).toEqual([]);
  });

  it('is found again from the beginning where a page is asked for after what is no place', async () => {
    const { resender } = await aSender();
    const due = { by: at(600_000), after: 'nonsense' };
    expect(await resendDue({ due }, resender)).toEqual({ found: { retried: 1, sent: 0 } });
  });
});

describe('the answer of the function that has the channels', () => {
  it.each([
    { is: 'sent', delivery: failure },
    { is: 'failed', delivery: failure },
    { is: 'taken' },
    { is: 'gone' },
  ])('is understood: $is', (answer) => {
    expect(Resent.parse(answer)).toEqual(answer);
  });

  it.each([undefined, null, 'delivery-1', {}, { deliveryId }, { message: failure.message }])(
    'is not taken for a delivery: %j',
    (delivery) => {
      expect(Resent.safeParse({ is: 'sent', delivery }).success).toBe(false);
    },
  );
});
