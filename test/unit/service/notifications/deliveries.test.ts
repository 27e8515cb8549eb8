import { describe, expect, it } from '@jest/globals';
import { listDeliveries, retryDelivery } from '../../../../shared/service/notifications/deliveries.ts';
import { timedId } from '../../../../shared/service/notifications/notification.ts';
import { at } from '../../../support/a-job.ts';
import { ADMIN, OPERATOR } from '../../../support/callers.ts';
import { MemoryDeliveries } from '../../../support/memory/memory-deliveries.ts';

const mail = { to: 'olga@example.com', subject: 'Done', text: 'Done.', html: '<p>Done.</p>' };
const aFailure = (n: number) => ({
  deliveryId: `${timedId(at(n), `job ${n}`)}-mail`,
  jobId: `job ${n}`,
  message: { channel: 'mail' as const, mail },
  error: 'Throttled',
  attempts: 1,
  failedOn: at(n),
});

describe('what could not be sent', () => {
  it('is listed for admins by pages, newest first, without what it says', async () => {
    const deliveries = new MemoryDeliveries();
    for (const n of [0, 1, 2]) await deliveries.putFailed(aFailure(n));
    const first = await listDeliveries({ limit: '2' }, ADMIN, { deliveries });
    expect(first.items.map(({ jobId }) => jobId)).toEqual(['job 2', 'job 1']);
    expect(first.items[0]).not.toHaveProperty('message');
    const second = await listDeliveries({ cursor: first.nextCursor }, ADMIN, { deliveries });
    expect(second).toMatchObject({ items: [{ jobId: 'job 0', channel: 'mail', state: 'failed' }] });
    expect(second).not.toHaveProperty('nextCursor');
    await expect(listDeliveries({}, OPERATOR, { deliveries })).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it.each([
    ['taken', 'Conflict'],
    ['gone', 'NotFound'],
  ] as const)('that is %s is refused: %s', async (is, code) => {
    const { deliveryId } = aFailure(0);
    const asked = retryDelivery({ deliveryId }, ADMIN, { resend: async () => ({ is }) });
    await expect(asked).rejects.toMatchObject({ code });
  });

  it('says that it was sent', async () => {
    const delivery = aFailure(0);
    const resend = async () => ({ is: 'sent' as const, delivery });
    const { deliveryId } = delivery;
    expect(await retryDelivery({ deliveryId }, ADMIN, { resend })).toMatchObject({
      deliveryId,
      state: 'sent',
    });
  });
});
