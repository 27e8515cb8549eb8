import { describe, expect, it } from '@jest/globals';
import { listDeliveries, retryDelivery } from '../../../../shared/service/notifications/deliveries.ts';
import { timedId } from '../../../../shared/service/notifications/notification.ts';
import type { ResendRequest, Resent } from '../../../../shared/service/notifications/resend.ts';
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

/** What could not be sent, so many times. */
async function unsent(many: number) {
  const deliveries = new MemoryDeliveries();
  for (let n = 0; n < many; n++) await deliveries.putFailed(aFailure(n));
  return { deliveries };
}

/** The function that has the channels, which answers this whatever it is asked. */
function aPostman(resent: Resent) {
  const asked: ResendRequest[] = [];
  const resend = async (request: ResendRequest) => {
    asked.push(request);
    return resent;
  };
  return { asked, resend };
}

describe('what could not be sent', () => {
  it.each([1, 2, 3, 4, 50])('comes newest first, each once, by pages of %s', async (limit) => {
    const desk = await unsent(4);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: `${limit}`, ...(cursor !== undefined && { cursor }) };
      const page = await listDeliveries(query, ADMIN, desk);
      expect(page.items).toHaveLength(Math.min(limit, 4 - seen.length));
      seen.push(...page.items.map(({ jobId }) => jobId));
      cursor = page.nextCursor;
      expect(cursor === undefined).toBe(seen.length === 4);
    } while (cursor !== undefined);
    expect(seen).toEqual(['job 3', 'job 2', 'job 1', 'job 0']);
  });

  it('is shown to admins, without what it says', async () => {
    const { message: _secret, ...facts } = aFailure(0);
    const desk = await unsent(1);
    expect(await listDeliveries({}, ADMIN, desk)).toEqual({
      items: [{ ...facts, channel: 'mail', state: 'failed' }],
    });
    await expect(listDeliveries({}, OPERATOR, desk)).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it.each([
    [{ state: 'sent' }, '/state'],
    [{ limit: '0' }, '/limit'],
    [{ channel: 'mail' }, '/channel'],
  ])('is not asked for by %j', async (query, pointer) => {
    await expect(listDeliveries(query, ADMIN, await unsent(0))).rejects.toMatchObject({
      faults: [{ in: 'query', pointer }],
    });
  });
});

describe('a delivery that an admin has sent again', () => {
  const { deliveryId } = aFailure(0);

  it.each([
    ['taken', `Somebody else is sending the delivery ${deliveryId} again.`],
    ['gone', `There is no delivery "${deliveryId}".`],
  ] as const)('is refused when it is %s', async (is, message) => {
    await expect(retryDelivery({ deliveryId }, ADMIN, aPostman({ is }))).rejects.toThrow(message);
  });

  it.each(['sent', 'failed'] as const)('says that it was %s, and not what it says', async (is) => {
    const { message: _secret, ...facts } = aFailure(0);
    const postman = aPostman({ is, delivery: aFailure(0) });
    expect(await retryDelivery({ deliveryId }, ADMIN, postman)).toEqual({
      ...facts,
      channel: 'mail',
      state: is,
    });
    expect(postman.asked).toEqual([{ deliveryId }]);
  });

  it('is asked for by nobody else, and by its id', async () => {
    const postman = aPostman({ is: 'sent', delivery: aFailure(0) });
    await expect(retryDelivery({ deliveryId }, OPERATOR, postman)).rejects.toMatchObject({
      code: 'NotAllowed',
    });
    await expect(retryDelivery({ deliveryId: 'a/b' }, ADMIN, postman)).rejects.toMatchObject({
      faults: [
        { in: 'path', pointer: '/deliveryId', detail: 'The id of a delivery is one of GET /deliveries.' },
      ],
    });
    expect(postman.asked).toEqual([]);
  });
});
