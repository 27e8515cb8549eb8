import { describe, expect, it } from '@jest/globals';
import { hourlyLimit, MOST_AN_HOUR } from '../../../../shared/service/notifications/hourly-limit.ts';
import { type Notification, notificationOf } from '../../../../shared/service/notifications/notification.ts';
import { aJob } from '../../../support/a-job.ts';

/** Inboxes that are all full, and how often they were looked at. */
function fullInboxes() {
  const looks: string[] = [];
  const isTooMany = hourlyLimit({
    async toldBetween(userId) {
      looks.push(userId);
      return MOST_AN_HOUR;
    },
  });
  return { looks, isTooMany: (n: number) => isTooMany(entryOf(n)) };
}
const job = aJob();
const entryOf = (n: number): Notification => notificationOf({ ...job, ownerId: `user ${n}` }, undefined);

describe('the limit of an hour', () => {
  it('is known of ten thousand full inboxes without a look; then the memory begins anew', async () => {
    const { looks, isTooMany } = fullInboxes();
    for (let time = 0; time < 2; time++)
      for (let n = 0; n < 10_000; n++) expect(await isTooMany(n)).toBe(true);
    expect(looks).toHaveLength(10_000);
    for (const n of [10_000, 10_000, 0]) expect(await isTooMany(n)).toBe(true);
    expect(looks.slice(10_000)).toEqual(['user 10000', 'user 0']);
  });
});
