import { hourOf } from './digest.ts';
import type { Notification } from './notification.ts';
import type { Inbox } from './ports.ts';

/**
 * So many entries an inbox takes in an hour, and so many mails; what is more is counted in one entry. What bulk verbs report
 * counts too, and is never left out, for they have done it to many jobs.
 */
export const MOST_AN_HOUR = 100;
/** Full hours that a process remembers. */
const MOST_REMEMBERED = 10_000;

interface Look {
  readonly counted: Promise<number>;
  asked: number;
}

export type HourlyLimit = (entry: Notification) => Promise<boolean>;

/**
 * Whether the inbox has no room for this entry in its hour. Entries that come together are counted by one read, and an hour
 * that is full by none; several processes at once may let a few more in.
 */
export function hourlyLimit(inbox: Pick<Inbox, 'toldBetween'>): HourlyLimit {
  const full = new Set<string>();
  const looks = new Map<string, Look>();
  const look = (key: string, { userId, createdOn }: Notification): Look => {
    const counted = inbox
      .toldBetween(userId, { ...hourOf({ createdOn }), most: MOST_AN_HOUR })
      .finally(() => looks.delete(key));
    const begun = { counted, asked: 0 };
    looks.set(key, begun);
    return begun;
  };
  return async (entry) => {
    const key = `${entry.userId}/${hourOf(entry).from}`;
    if (full.has(key)) return true;
    const current = looks.get(key) ?? look(key, entry);
    const place = current.asked++;
    if ((await current.counted) + place < MOST_AN_HOUR) return false;
    if (full.size >= MOST_REMEMBERED) full.clear();
    full.add(key);
    return true;
  };
}
