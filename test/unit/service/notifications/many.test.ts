import { describe, expect, it } from '@jest/globals';
import { Status, type StatusCode } from '../../../../shared/job/status.ts';
import { hourlyLimit, MOST_AN_HOUR } from '../../../../shared/service/notifications/hourly-limit.ts';
import { listNotifications, readAllNotifications } from '../../../../shared/service/notifications/inbox.ts';
import type { JobEvent, Mail } from '../../../../shared/service/notifications/ports.ts';
import { tell } from '../../../../shared/service/notifications/tell.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { anOperation } from '../../../support/a-world.ts';
import { OPERATOR } from '../../../support/callers.ts';
import { MemoryDeliveries } from '../../../support/memory/memory-deliveries.ts';
import { MemoryInbox } from '../../../support/memory/memory-inbox.ts';
import { MemorySettings } from '../../../support/memory/memory-settings.ts';
import { settableClock } from '../../../support/memory/settable-clock.ts';

const WANTED = {
  email: { 'count-to': true, 'bulk-cancel': true },
  events: 'completed',
  consoleUrl: null,
} as const;
const HOUR_MS = 3_600_000;

const ends = (count: number, statusCode: StatusCode, facts: Partial<ReturnType<typeof aJob>> = {}) =>
  Array.from({ length: count }, (_, n) =>
    aJob({ statusCode, completedOn: at(n), modifiedOn: at(n), ...facts }),
  );

async function anOffice() {
  const inbox = new MemoryInbox();
  await inbox.putProfile('olga', { email: 'olga@example.com' });
  const [mails, events]: [Mail[], JobEvent[]] = [[], []];
  const counts: string[] = [];
  const watched = {
    toldBetween(...asked: Parameters<MemoryInbox['toldBetween']>) {
      counts.push(asked[0]);
      return inbox.toldBetween(...asked);
    },
  };
  const teller = {
    inbox,
    isTooMany: hourlyLimit(watched),
    deliveries: new MemoryDeliveries(),
    outlets: {
      mail: async (mail: Mail) => void mails.push(mail),
      event: async (event: JobEvent) => void events.push(event),
    },
    settings: new MemorySettings(),
    operations: new Map([
      ['count-to', anOperation<never>()],
      [
        'bulk-cancel',
        anOperation<never>({ name: 'bulk-cancel', label: 'Cancel jobs', itemColumns: ['jobId'] }),
      ],
    ]),
    clock: settableClock(),
    log: () => {},
  };
  /** As the stream hands them over: by the batch, side by side. */
  const hear = async (jobs: readonly ReturnType<typeof aJob>[]) => {
    for (let from = 0; from < jobs.length; from += 50)
      await Promise.all(
        jobs
          .slice(from, from + 50)
          .map((job) => tell({ changeId: job.jobId, job, before: Status.InProgress }, WANTED, teller)),
      );
  };
  const list = (query: object = {}) => listNotifications({ limit: '1000', ...query }, OPERATOR, teller);
  return { teller, inbox, mails, events, counts, hear, list };
}

describe('an inbox of somebody with very many jobs', () => {
  it('takes a hundred entries and mails in an hour, and counts the rest in one, by how they ended', async () => {
    const { hear, list, mails, events, counts } = await anOffice();
    await hear([...ends(400, Status.Canceled), ...ends(30, Status.Succeeded), ...ends(20, Status.Failed)]);
    const { items, unreadCount } = await list();
    expect([items.length, unreadCount, mails.length, events.length]).toEqual([101, 101, 100, 450]);
    expect(items.at(-1)).toEqual({
      notificationId: expect.any(String),
      createdOn: expect.any(String),
      title: 'And 350 more',
      text: '350 more of your jobs ended between 12:00 and 13:00 UTC: 30 succeeded, 20 failed, 300 stopped.',
      link: '/jobs?owner=olga',
      more: { succeeded: 30, failed: 20, stopped: 300 },
    });
    expect(items.slice(0, -1).every(({ title }) => title.endsWith('STOPPED'))).toBe(true);
    // One read for entries that come together, and none once it is full.
    expect(counts).toHaveLength(3);
  });

  it('is told the same whatever is handed over again', async () => {
    const { hear, list, mails } = await anOffice();
    const all = ends(150, Status.Succeeded);
    await hear(all);
    const { items } = await list();
    for (let time = 0; time < 2; time++) await hear(all);
    expect((await list()).items).toEqual(items);
    expect([items.at(-1)?.title, mails.length]).toEqual(['And 50 more', 100]);
  });

  it('has room again in the next hour, and for others at any time', async () => {
    const { hear, list, inbox } = await anOffice();
    await hear(ends(MOST_AN_HOUR + 5, Status.Succeeded));
    await hear(ends(1, Status.Succeeded, { ownerId: 'oscar' }));
    await hear(ends(1, Status.Failed, { completedOn: at(HOUR_MS) }));
    const { items } = await list();
    expect([items[0]?.title, items.at(-1)?.title]).toEqual(['Count - FAIL', 'And 5 more']);
    expect(await inbox.list('oscar', { before: undefined, limit: 9, unreadOnly: false })).toHaveLength(1);
  });

  it('shows the job that did it to all of them, with its counts, in any case', async () => {
    const { hear, list, mails } = await anOffice();
    await hear(ends(200, Status.Canceled));
    const bulk = { operation: 'bulk-cancel', name: 'Clear', friendlyMessage: 'Canceled 200 of 200 jobs.' };
    await hear(ends(1, Status.Succeeded, bulk));
    const told = (await list()).items.find(({ operation }) => operation === 'bulk-cancel');
    expect(told).toMatchObject({
      title: 'Cancel jobs - SUCCESS',
      text: '"Clear" has completed successfully: Canceled 200 of 200 jobs.',
    });
    expect(mails.at(-1)?.subject).toBe('Cancel jobs - SUCCESS');
  });

  it('is told again of what could not be counted', async () => {
    const { hear, list, inbox } = await anOffice();
    await hear(ends(MOST_AN_HOUR, Status.Succeeded));
    const others = ends(3, Status.Failed);
    const addToDigest = inbox.addToDigest.bind(inbox);
    inbox.addToDigest = () => Promise.reject(new Error('Too many requests.'));
    await expect(hear(others)).rejects.toThrow('Too many requests.');
    inbox.addToDigest = addToDigest;
    for (let time = 0; time < 2; time++) await hear(others);
    expect((await list()).items.at(-1)?.title).toBe('And 3 more');
  });

  it('is told again of those whose marks were written by a call that failed in part', async () => {
    const { hear, list, inbox } = await anOffice();
    await hear(ends(MOST_AN_HOUR, Status.Succeeded));
    const others = ends(3, Status.Failed);
    const noteTold = inbox.noteTold.bind(inbox);
    let asked = 0;
    inbox.noteTold = async (key) => {
      asked += 1;
      if (asked < others.length) await noteTold(key);
      throw new Error('Too many requests.');
    };
    await expect(hear(others)).rejects.toThrow('Too many requests.');
    inbox.noteTold = noteTold;
    for (let time = 0; time < 2; time++) await hear(others);
    expect((await list()).items.at(-1)?.title).toBe('And 3 more');
  });

  it('is not read beyond what was seen: not the report that came while the rest was counted', async () => {
    const { hear, list, teller } = await anOffice();
    await hear(ends(MOST_AN_HOUR + 5, Status.Succeeded));
    const upTo = (await list()).items[0]?.notificationId;
    await hear(ends(1, Status.Succeeded, { operation: 'bulk-cancel', completedOn: at(60_000) }));
    await readAllNotifications({ upTo }, OPERATOR, teller);
    expect((await list({ unread: 'true' })).items.map(({ operation }) => operation)).toEqual(['bulk-cancel']);
  });

  it('is marked as read as a whole, or as far as it was seen', async () => {
    const { hear, list, teller } = await anOffice();
    await hear(ends(3, Status.Succeeded));
    const [, seen] = (await list()).items;
    const upTo = seen?.notificationId.toUpperCase();
    expect(await readAllNotifications({ upTo }, OPERATOR, teller)).toEqual({ read: 2, hasMore: false });
    expect((await list({ unread: 'true' })).items).toHaveLength(1);
    expect(await readAllNotifications(undefined, OPERATOR, teller)).toEqual({ read: 1, hasMore: false });
    expect((await list()).unreadCount).toBe(0);
    for (const [body, pointer] of [
      [{ upTo: 'yesterday' }, '/upTo'],
      [{ all: true }, '/all'],
      [[], ''],
    ] as const)
      await expect(readAllNotifications(body, OPERATOR, teller)).rejects.toMatchObject({
        faults: [{ pointer }],
      });
  });
});
