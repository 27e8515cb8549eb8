import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoDeliveries } from '../../shared/aws/dynamo-deliveries.ts';
import { DynamoInbox } from '../../shared/aws/dynamo-inbox.ts';
import { type Notification, timedId } from '../../shared/service/notifications/notification.ts';
import type { Deliveries, FailedDelivery, Inbox, Retry } from '../../shared/service/notifications/ports.ts';
import { at } from '../support/a-job.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryDeliveries } from '../support/memory/memory-deliveries.ts';
import { MemoryInbox } from '../support/memory/memory-inbox.ts';
import { countedTables } from '../support/units.ts';

const LATER = 4_000_000_000;

const anEntry = (n: number, facts: Partial<Notification> = {}): Notification => ({
  userId: 'olga',
  notificationId: timedId(at(n), `job ${n}`),
  jobId: `job ${n}`,
  operation: 'count-to',
  title: 'Count - SUCCESS',
  text: '"Count" has completed successfully.',
  createdOn: at(n),
  ...facts,
});
const all = { before: undefined, limit: 99, unreadOnly: false };

const listed = async (inbox: Inbox, page: Partial<Parameters<Inbox['list']>[1]> = {}) =>
  (await inbox.list('olga', { ...all, ...page })).map(({ jobId }) => jobId);

function inboxSuite(fresh: () => Promise<Inbox>): void {
  const filled = async (count: number) => {
    const inbox = await fresh();
    for (let n = 0; n < count; n++) await inbox.put(anEntry(n), LATER);
    return inbox;
  };

  it('lists the entries of one user, newest first, from any of them on', async () => {
    const inbox = await filled(4);
    await inbox.put(anEntry(9, { userId: 'oscar' }), LATER);
    await inbox.putProfile('olga', { email: 'olga@example.com' }, LATER);
    expect(await listed(inbox)).toEqual(['job 3', 'job 2', 'job 1', 'job 0']);
    expect(await listed(inbox, { before: anEntry(3).notificationId, limit: 2 })).toEqual(['job 2', 'job 1']);
    expect(await inbox.list('oscar', all)).toEqual([anEntry(9, { userId: 'oscar' })]);
  });

  it('counts what is unread, up to a most, and lists it alone', async () => {
    const inbox = await filled(4);
    await inbox.markRead(anEntry(2), at(50));
    expect([await inbox.unreadCount('olga', 99), await inbox.unreadCount('olga', 2)]).toEqual([3, 2]);
    expect(await inbox.unreadCount('oscar', 99)).toBe(0);
    expect(await listed(inbox, { unreadOnly: true, limit: 2 })).toEqual(['job 3', 'job 1']);
  });

  it('keeps the moment of the first reading, and a repeated entry stays read', async () => {
    const inbox = await filled(1);
    const read = { ...anEntry(0), readOn: at(50) };
    expect(await inbox.markRead(anEntry(0), at(50))).toEqual(read);
    expect(await inbox.markRead(anEntry(0), at(60))).toEqual(read);
    await inbox.put(anEntry(0), LATER);
    expect(await inbox.list('olga', all)).toEqual([read]);
  });

  it('what was deleted is gone for good, but counts as told', async () => {
    const inbox = await filled(3);
    expect(await inbox.remove(anEntry(1), LATER)).toBe(true);
    await inbox.put(anEntry(1), LATER);
    expect(await listed(inbox)).toEqual(['job 2', 'job 0']);
    expect(await listed(inbox, { limit: 2 })).toEqual(['job 2', 'job 0']);
    expect(await inbox.unreadCount('olga', 99)).toBe(2);
    expect(await inbox.remove(anEntry(1), LATER)).toBe(false);
    expect(await inbox.markRead(anEntry(1), at(50))).toBeUndefined();
    expect(await inbox.isTold(anEntry(1))).toBe(true);
  });

  it('notes what is told without an entry', async () => {
    const inbox = await fresh();
    expect(await inbox.isTold(anEntry(0))).toBe(false);
    // Also twice in one turn, as a batch that is handed over again may say it.
    await Promise.all([inbox.noteTold(anEntry(0), LATER), inbox.noteTold(anEntry(0), LATER)]);
    await inbox.noteTold(anEntry(0), LATER);
    await inbox.put(anEntry(0), LATER);
    expect([await inbox.isTold(anEntry(0)), await listed(inbox)]).toEqual([true, []]);
    expect(await inbox.unreadCount('olga', 99)).toBe(0);
    expect(await inbox.isTold(anEntry(0, { userId: 'oscar' }))).toBe(false);
  });

  it('takes back what is to be told after all, and nothing else', async () => {
    const inbox = await filled(1);
    await inbox.noteTold(anEntry(1), LATER);
    for (const n of [0, 1, 2]) await inbox.takeBack(anEntry(n));
    expect(await Promise.all([0, 1, 2].map((n) => inbox.isTold(anEntry(n))))).toEqual([true, false, false]);
    expect(await listed(inbox)).toEqual(['job 0']);
  });

  it('counts what was told between two ids, whatever became of it, up to a most', async () => {
    const inbox = await filled(5);
    await inbox.remove(anEntry(1), LATER);
    await inbox.noteTold(anEntry(5), LATER);
    await inbox.put(anEntry(2, { userId: 'oscar' }), LATER);
    const [from, to] = [anEntry(1).notificationId, anEntry(5).notificationId];
    expect(await inbox.toldBetween('olga', { from, to, most: 99 })).toBe(5);
    expect(await inbox.toldBetween('olga', { from, to, most: 3 })).toBe(3);
    expect(await inbox.toldBetween('nobody', { from, to, most: 3 })).toBe(0);
  });

  it('counts in a digest, which is one entry and unread whenever there is something new in it', async () => {
    const inbox = await filled(1);
    const { title: _title, text: _text, jobId: _job, operation: _op, ...key } = anEntry(9);
    const digest = { ...key, link: '/jobs' };
    for (const outcome of ['succeeded', 'failed', 'succeeded'] as const)
      await inbox.addToDigest(digest, outcome, LATER);
    const shown = { ...digest, title: '', text: '', more: { succeeded: 2, failed: 1, stopped: 0 } };
    expect(await inbox.list('olga', all)).toEqual([shown, anEntry(0)]);
    expect(await inbox.markRead(digest, at(50))).toEqual({ ...shown, readOn: at(50) });
    expect(await inbox.unreadCount('olga', 9)).toBe(1);
    await inbox.addToDigest({ ...digest, createdOn: at(60) }, 'stopped', LATER);
    expect(await inbox.unreadCount('olga', 9)).toBe(2);
    expect((await inbox.list('olga', all))[0]).toEqual({
      ...shown,
      more: { succeeded: 2, failed: 1, stopped: 1 },
    });
    expect(await inbox.remove(digest, LATER)).toBe(true);
    expect(await inbox.list('olga', all)).toEqual([anEntry(0)]);
    await inbox.addToDigest({ ...digest, createdOn: at(70) }, 'failed', LATER);
    expect((await inbox.list('olga', all))[0]).toMatchObject({
      more: { succeeded: 0, failed: 1, stopped: 0 },
      createdOn: at(70),
    });
  });

  it('counts what comes together in the digest that it belongs to', async () => {
    const inbox = await fresh();
    const digests = ['olga', 'oscar'].map((userId) => ({
      userId,
      notificationId: anEntry(9).notificationId,
      createdOn: at(9),
      link: '/jobs',
    }));
    const outcomes = ['succeeded', 'failed', 'failed'] as const;
    await Promise.all(
      digests.flatMap((digest, place) =>
        outcomes.slice(place).map((outcome) => inbox.addToDigest(digest, outcome, LATER)),
      ),
    );
    const more = async (userId: string) => (await inbox.list(userId, all)).map((entry) => entry.more);
    expect(await more('olga')).toEqual([{ succeeded: 1, failed: 2, stopped: 0 }]);
    expect(await more('oscar')).toEqual([{ succeeded: 0, failed: 2, stopped: 0 }]);
  });

  it('marks all as read, the newest first, or those up to one that was seen', async () => {
    const inbox = await filled(5);
    await inbox.put(anEntry(1, { userId: 'oscar' }), LATER);
    const mark = (most: number, upTo?: number) =>
      inbox.markAllRead('olga', {
        at: at(50),
        most,
        upTo: upTo === undefined ? undefined : anEntry(upTo).notificationId,
      });
    expect(await mark(2, 3)).toEqual({ read: 2, hasMore: true });
    expect(await listed(inbox, { unreadOnly: true })).toEqual(['job 4', 'job 1', 'job 0']);
    expect(await mark(9, 3)).toEqual({ read: 2, hasMore: false });
    expect(await mark(9)).toEqual({ read: 1, hasMore: false });
    expect(await mark(9)).toEqual({ read: 0, hasMore: false });
    expect([await inbox.unreadCount('olga', 9), await inbox.unreadCount('oscar', 9)]).toEqual([0, 1]);
    expect((await inbox.list('olga', all)).map(({ readOn }) => readOn)).toEqual(Array(5).fill(at(50)));
  });

  it('answers each of many that are asked for side by side, and the same one twice', async () => {
    const inbox = await filled(3);
    await inbox.putProfile('olga', { email: 'olga@example.com' }, LATER);
    const asked = Array.from({ length: 150 }, (_, n) => anEntry(n % 130));
    const told = await Promise.all(asked.map((key) => inbox.isTold(key)));
    expect(told.flatMap((isTold, place) => (isTold ? [place] : []))).toEqual([0, 1, 2, 130, 131, 132]);
    const profiles = await Promise.all(['olga', 'oscar', 'olga'].map((user) => inbox.profile(user)));
    expect(profiles).toEqual([{ email: 'olga@example.com' }, {}, { email: 'olga@example.com' }]);
  });

  it('changes nothing that is not there', async () => {
    const inbox = await fresh();
    expect(await inbox.markRead(anEntry(0), at())).toBeUndefined();
    expect(await inbox.remove(anEntry(0), LATER)).toBe(false);
    expect(await inbox.isTold(anEntry(0))).toBe(false);
  });

  it('knows of a user what was said last', async () => {
    const inbox = await fresh();
    expect(await inbox.profile('olga')).toEqual({});
    await inbox.putProfile('olga', { isMachine: true }, LATER);
    await inbox.putProfile('olga', { email: 'olga@example.com' }, LATER);
    expect(await inbox.profile('olga')).toEqual({ email: 'olga@example.com' });
  });
}

const mail = { to: 'olga@example.com', subject: 'Done', text: 'Done.', html: '<p>Done.</p>' };
const aFailure = (n: number, facts: Partial<FailedDelivery> = {}): FailedDelivery => ({
  deliveryId: `${timedId(at(n), `job ${n}`)}-mail`,
  jobId: `job ${n}`,
  message: { channel: 'mail', mail },
  error: 'Throttled',
  attempts: 1,
  failedOn: at(n),
  ...facts,
});

function deliverySuite(fresh: () => Promise<Deliveries>): void {
  it('lists what failed, newest first, once, until it was sent', async () => {
    const deliveries = await fresh();
    for (const n of [0, 1, 2]) await deliveries.putFailed(aFailure(n), LATER);
    await deliveries.putFailed(aFailure(1, { error: 'Other' }), LATER);
    expect(await deliveries.list({ before: undefined, limit: 2 })).toEqual([aFailure(2), aFailure(1)]);
    expect(await deliveries.list({ before: aFailure(1).deliveryId, limit: 2 })).toEqual([aFailure(0)]);
    await deliveries.remove(aFailure(2));
    expect(await deliveries.list({ before: undefined, limit: 9 })).toHaveLength(2);
    expect(await deliveries.get(aFailure(2).deliveryId)).toBeUndefined();
  });

  it('of two who send one again at once, one gets it', async () => {
    const deliveries = await fresh();
    const { deliveryId } = aFailure(0);
    const claim = (attempts = 1) => deliveries.claim(aFailure(0, { attempts }), undefined);
    expect(await claim()).toBe(false);
    await deliveries.putFailed(aFailure(0), LATER);
    const both = await Promise.all([claim(), claim()]);
    expect(both.filter(Boolean)).toHaveLength(1);
    await deliveries.noteError(deliveryId, { error: 'Again', failedOn: at(9) });
    const tried = { attempts: 2, error: 'Again', failedOn: at(9) };
    expect(await deliveries.get(deliveryId)).toEqual(aFailure(0, tried));
    expect(await claim(2)).toBe(true);
  });

  it('knows what is to be tried again by a date, oldest first, and what is no more', async () => {
    const deliveries = await fresh();
    const due = async (by: number, after?: Retry) =>
      (await deliveries.due({ by: at(by), after, limit: 2 })).map(({ deliveryId }) => deliveryId);
    expect(await due(99)).toEqual([]);
    const [late, early, later, never] = [
      aFailure(0, { retryAt: at(30) }),
      aFailure(1, { retryAt: at(10) }),
      aFailure(2, { retryAt: at(40) }),
      aFailure(3),
    ];
    for (const failed of [late, early, later, never]) await deliveries.putFailed(failed, LATER);
    expect(await deliveries.get(early.deliveryId)).toEqual(early);
    expect([await due(9), await due(10)]).toEqual([[], [early.deliveryId]]);
    expect(await due(99)).toEqual([early.deliveryId, late.deliveryId]);
    expect(await due(99, { deliveryId: late.deliveryId, retryAt: at(30) })).toEqual([later.deliveryId]);
    // Taken: nobody else finds it before its next date.
    expect(await deliveries.claim(early, at(60))).toBe(true);
    expect(await due(50)).toEqual([late.deliveryId, later.deliveryId]);
    const again = { ...early, attempts: 2, retryAt: at(60) };
    expect(await deliveries.get(early.deliveryId)).toEqual(again);
    // For the last time.
    expect(await deliveries.claim(again, undefined)).toBe(true);
    expect(await deliveries.get(early.deliveryId)).toEqual(aFailure(1, { attempts: 3 }));
    await deliveries.remove(late);
    expect(await due(99)).toEqual([later.deliveryId]);
    await deliveries.forget({ deliveryId: later.deliveryId, retryAt: at(40) });
    expect([await due(99), (await deliveries.list({ before: undefined, limit: 9 })).length]).toEqual([[], 3]);
  });

  it('an error of what was sent meanwhile brings nothing back', async () => {
    const deliveries = await fresh();
    await deliveries.noteError(aFailure(0).deliveryId, { error: 'Late', failedOn: at() });
    expect(await deliveries.list({ before: undefined, limit: 9 })).toEqual([]);
  });
}

describe('inboxes in memory', () => inboxSuite(async () => new MemoryInbox()));
describe('deliveries in memory', () => deliverySuite(async () => new MemoryDeliveries()));

describe('on DynamoDB', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());
  const table = async () => (await emulators.freshTables()).notifications;

  describe('inboxes', () => inboxSuite(async () => new DynamoInbox(emulators.tables, await table())));
  describe('deliveries', () =>
    deliverySuite(async () => new DynamoDeliveries(emulators.tables, await table())));

  it('an entry costs two write units, a mark without one a single unit', async () => {
    const { tables, units } = countedTables();
    const inbox = new DynamoInbox(tables, await table());
    await inbox.put(anEntry(0), LATER);
    expect(units.writes).toBe(2);
    await inbox.noteTold(anEntry(1), LATER);
    expect(units.writes).toBe(3);
    const { createdOn, userId, notificationId } = anEntry(2);
    const digest = { createdOn, userId, notificationId, link: '/jobs' };
    for (let n = 0; n < 10; n++) await inbox.addToDigest(digest, 'stopped', LATER);
    // One each, and one for the index when it becomes unread.
    expect(units.writes).toBe(3 + 10 + 1);
    Object.assign(units, { reads: 0 });
    await inbox.toldBetween('olga', { from: '0', to: 'f', most: 100 });
    expect(units.reads).toBe(1);
  });

  it('of a hundred that come together there are four calls for marks, and one for a digest', async () => {
    const { tables, units } = countedTables();
    const inbox = new DynamoInbox(tables, await table());
    const entries = Array.from({ length: 100 }, (_, n) => anEntry(n));
    await Promise.all(entries.map((entry) => inbox.noteTold(entry, LATER)));
    expect(units.calls).toEqual(Array(4).fill('BatchWriteItemCommand 25'));
    await Promise.all(
      entries.map(() => inbox.addToDigest({ ...anEntry(0), link: '/jobs' }, 'failed', LATER)),
    );
    expect(units.calls.slice(4)).toHaveLength(1);
    expect((await inbox.list('olga', all)).map(({ more }) => more?.failed)).toEqual([100]);
  });

  it('what cannot be counted in one digest is counted in the others', async () => {
    const inbox = new DynamoInbox(emulators.tables, await table());
    const digest = { ...anEntry(0), link: '/jobs' };
    // DynamoDB takes no empty keys.
    const counted = ['', 'olga', ''].map((userId) =>
      inbox.addToDigest({ ...digest, userId }, 'failed', LATER),
    );
    const outcomes = await Promise.allSettled(counted);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect((await inbox.list('olga', all)).map(({ more }) => more?.failed)).toEqual([1]);
  });
});
