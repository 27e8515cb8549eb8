import { describe, expect, it } from '@jest/globals';
import { digestOf, hourOf, inWords } from '../../../../shared/service/notifications/digest.ts';
import { type Notification, timedId } from '../../../../shared/service/notifications/notification.ts';
import { at } from '../../../support/a-job.ts';

const HOUR_MS = 3_600_000;
const entryAt = (ms: number): Notification => ({
  userId: 'olga & co',
  notificationId: timedId(at(ms), 'a job'),
  title: 'Count - SUCCESS',
  text: 'Done.',
  createdOn: at(ms),
});
const textOf = (succeeded: number, failed: number, stopped: number): string =>
  inWords({ ...entryAt(HOUR_MS - 1), more: { succeeded, failed, stopped } }).text;

describe('a digest', () => {
  it('has the smallest id of its hour, whichever entry it begins with', () => {
    const first = digestOf(entryAt(0));
    expect(first).toEqual({
      userId: 'olga & co',
      notificationId: '01a20320-a200-7000-8000-000000000000',
      createdOn: at(),
      link: '/jobs?owner=olga%20%26%20co',
    });
    expect(digestOf(entryAt(HOUR_MS - 1)).notificationId).toBe(first.notificationId);
    expect(digestOf(entryAt(HOUR_MS)).notificationId).not.toBe(first.notificationId);
  });

  it('says how many jobs ended how, and nothing of ends that there were none of', () => {
    expect([textOf(1, 0, 2), textOf(0, 3, 0)]).toEqual([
      '3 more of your jobs ended between 12:00 and 13:00 UTC: 1 succeeded, 2 stopped.',
      '3 more of your jobs ended between 12:00 and 13:00 UTC: 3 failed.',
    ]);
  });
});

describe('the ids of an hour', () => {
  it('lie between two bounds, and those of other hours do not', () => {
    const { from, to } = hourOf({ createdOn: at(HOUR_MS / 2) });
    const isIn = [-1, 0, HOUR_MS - 1, HOUR_MS]
      .map((ms) => entryAt(ms).notificationId)
      .map((id) => id >= from && id <= to);
    expect(isIn).toEqual([false, true, true, false]);
    expect([from, to].map((bound) => bound.length)).toEqual([13, 13]);
  });
});
