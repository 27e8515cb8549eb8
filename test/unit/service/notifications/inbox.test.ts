import { describe, expect, it } from '@jest/globals';
import {
  deleteNotification,
  listNotifications,
  readNotification,
} from '../../../../shared/service/notifications/inbox.ts';
import { type Notification, timedId } from '../../../../shared/service/notifications/notification.ts';
import { at } from '../../../support/a-job.ts';
import { ADMIN, OPERATOR, READER } from '../../../support/callers.ts';
import { MemoryInbox } from '../../../support/memory/memory-inbox.ts';
import { settableClock } from '../../../support/memory/settable-clock.ts';

const entry = (n: number, userId: string = OPERATOR.id): Notification => ({
  userId,
  notificationId: timedId(at(n), `job ${n}`),
  jobId: `job ${n}`,
  operation: 'count-to',
  title: 'Count - SUCCESS',
  text: 'Done.',
  createdOn: at(n),
});

/** An inbox with so many entries of Olga's. */
async function anInbox(many: number) {
  const inbox = new MemoryInbox();
  for (let n = 0; n < many; n++) await inbox.put(entry(n));
  return { inbox, clock: settableClock() };
}
const idAt = (n: number) => ({ id: entry(n).notificationId });

describe('an inbox', () => {
  it.each([1, 2, 3, 5, 6, 50])('comes newest first, each entry once, by pages of %s', async (limit) => {
    const reader = await anInbox(5);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: `${limit}`, ...(cursor !== undefined && { cursor }) };
      const page = await listNotifications(query, OPERATOR, reader);
      expect(page.items).toHaveLength(Math.min(limit, 5 - seen.length));
      seen.push(...page.items.map(({ jobId = '' }) => jobId));
      cursor = page.nextCursor;
      expect(cursor === undefined).toBe(seen.length === 5);
    } while (cursor !== undefined);
    expect(seen).toEqual([4, 3, 2, 1, 0].map((n) => `job ${n}`));
  });

  it('is the caller’s own, whoever the caller is, and does not say whose', async () => {
    const reader = await anInbox(2);
    await reader.inbox.put(entry(7, ADMIN.id));
    const { items, unreadCount } = await listNotifications({}, ADMIN, reader);
    const { userId: _own, ...shown } = entry(7);
    expect([items, unreadCount]).toEqual([[shown], 1]);
    expect(await listNotifications({}, READER, reader)).toEqual({ items: [], unreadCount: 0 });
  });

  it('shows what is unread alone where that is wanted, and counts it always', async () => {
    const reader = await anInbox(3);
    await readNotification(idAt(1), OPERATOR, reader);
    const of = async (query: object) => {
      const { items, unreadCount } = await listNotifications(query, OPERATOR, reader);
      return [items.length, unreadCount];
    };
    expect([await of({}), await of({ unread: 'false' }), await of({ unread: 'true' })]).toEqual([
      [3, 2],
      [3, 2],
      [2, 2],
    ]);
  });

  it('counts up to a thousand', async () => {
    const { unreadCount } = await listNotifications({ limit: '1' }, OPERATOR, await anInbox(1_002));
    expect(unreadCount).toBe(1_000);
  });

  it('does not go on by the cursor of another user’s, or of another list', async () => {
    const reader = await anInbox(3);
    const { nextCursor: cursor } = await listNotifications({ limit: '1' }, OPERATOR, reader);
    const refused = { faults: [{ in: 'query', pointer: '/cursor' }] };
    await expect(listNotifications({ cursor }, ADMIN, reader)).rejects.toMatchObject(refused);
    await expect(listNotifications({ cursor, unread: 'true' }, OPERATOR, reader)).rejects.toMatchObject(
      refused,
    );
  });

  it.each([
    [{ unread: 'yes' }, '/unread'],
    [{ limit: '0' }, '/limit'],
    [{ read: 'true' }, '/read'],
  ])('does not understand %j', async (query, pointer) => {
    await expect(listNotifications(query, OPERATOR, await anInbox(0))).rejects.toMatchObject({
      faults: [{ in: 'query', pointer }],
    });
  });
});

describe('an entry', () => {
  it('is read since it was read first, and found by its id in any case', async () => {
    const reader = await anInbox(1);
    const { id } = idAt(0);
    expect(await readNotification({ id: id.toUpperCase() }, OPERATOR, reader)).toMatchObject({
      readOn: at(),
    });
    reader.clock.advance(5_000);
    const again = await readNotification({ id }, OPERATOR, reader);
    expect(again).toMatchObject({ notificationId: id, readOn: at() });
    expect(again).not.toHaveProperty('userId');
  });

  it('is gone when it is deleted, but counts as told', async () => {
    const reader = await anInbox(2);
    await deleteNotification(idAt(0), OPERATOR, reader);
    expect((await listNotifications({}, OPERATOR, reader)).items).toHaveLength(1);
    expect(await reader.inbox.isTold(entry(0))).toBe(true);
  });

  it.each([
    ['read', readNotification],
    ['deleted', deleteNotification],
  ] as const)('of somebody else is not %s: nobody is told that it is there', async (_how, verb) => {
    const reader = await anInbox(1);
    await expect(verb(idAt(0), ADMIN, reader)).rejects.toThrow(/^There is no notification/);
    await expect(verb(idAt(9), OPERATOR, reader)).rejects.toThrow(/^There is no notification/);
    await expect(verb({ id: 'x' }, OPERATOR, reader)).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/id', detail: 'The id of a notification is a UUID.' }],
    });
    expect((await listNotifications({}, OPERATOR, reader)).unreadCount).toBe(1);
  });
});
