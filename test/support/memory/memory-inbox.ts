import type { More } from '../../../shared/service/notifications/digest.ts';
import type { Notification } from '../../../shared/service/notifications/notification.ts';
import type {
  DigestKey,
  EntryKey,
  Inbox,
  InboxPage,
  MarkRange,
  Profile,
} from '../../../shared/service/notifications/ports.ts';

interface Kept {
  readonly entry?: Notification;
}

/** Inboxes in memory; passes the same contract suite as those on DynamoDB. */
export class MemoryInbox implements Inbox {
  readonly #told = new Map<string, Kept>();
  readonly #profiles = new Map<string, Profile>();

  async isTold(key: EntryKey): Promise<boolean> {
    return this.#told.has(nameOf(key));
  }

  async put(entry: Notification): Promise<void> {
    if (!this.#told.has(nameOf(entry))) this.#told.set(nameOf(entry), { entry });
  }

  async noteTold(key: EntryKey): Promise<void> {
    this.#told.set(nameOf(key), {});
  }

  async takeBack(key: EntryKey): Promise<void> {
    const known = this.#told.get(nameOf(key));
    if (known !== undefined && Object.keys(known).length === 0) this.#told.delete(nameOf(key));
  }

  async toldBetween(
    userId: string,
    { from, to, most }: { from: string; to: string; most: number },
  ): Promise<number> {
    const ids = [...this.#told.keys()].filter((name) => name.startsWith(`${userId}/`));
    return Math.min(
      most,
      ids.filter((name) => name >= `${userId}/${from}` && name <= `${userId}/${to}`).length,
    );
  }

  async addToDigest({ createdOn, link, ...key }: DigestKey, outcome: keyof More): Promise<void> {
    const { entry } = this.#told.get(nameOf(key)) ?? {};
    const { readOn: _read, ...before } = entry ?? { ...key, createdOn, title: '', text: '' };
    const more = entry?.more ?? { succeeded: 0, failed: 0, stopped: 0 };
    const counted = { ...more, [outcome]: more[outcome] + 1 };
    this.#told.set(nameOf(key), { entry: { ...before, ...(link !== undefined && { link }), more: counted } });
  }

  async markAllRead(
    userId: string,
    { upTo, at, most }: MarkRange,
  ): Promise<{ read: number; hasMore: boolean }> {
    const unread = this.#entriesOf(userId).filter(
      ({ readOn, notificationId }) => readOn === undefined && (upTo === undefined || notificationId <= upTo),
    );
    for (const entry of unread.slice(0, most)) await this.markRead(entry, at);
    return { read: Math.min(most, unread.length), hasMore: unread.length > most };
  }

  async list(userId: string, { before, limit, unreadOnly }: InboxPage): Promise<Notification[]> {
    return this.#entriesOf(userId)
      .filter(({ notificationId }) => before === undefined || notificationId < before)
      .filter(({ readOn }) => !unreadOnly || readOn === undefined)
      .slice(0, limit);
  }

  async unreadCount(userId: string, most: number): Promise<number> {
    return Math.min(most, this.#entriesOf(userId).filter(({ readOn }) => readOn === undefined).length);
  }

  async markRead(key: EntryKey, at: string): Promise<Notification | undefined> {
    const { entry } = this.#told.get(nameOf(key)) ?? {};
    if (entry === undefined) return undefined;
    const read = { readOn: at, ...entry };
    this.#told.set(nameOf(key), { entry: read });
    return read;
  }

  async remove(key: EntryKey): Promise<boolean> {
    const { entry } = this.#told.get(nameOf(key)) ?? {};
    if (entry !== undefined) this.#told.set(nameOf(key), {});
    return entry !== undefined;
  }

  async profile(userId: string): Promise<Profile> {
    return this.#profiles.get(userId) ?? {};
  }

  async putProfile(userId: string, profile: Profile): Promise<void> {
    this.#profiles.set(userId, profile);
  }

  #entriesOf(userId: string): Notification[] {
    return [...this.#told.values()]
      .flatMap(({ entry }) => (entry?.userId === userId ? [entry] : []))
      .toSorted((a, b) => (a.notificationId < b.notificationId ? 1 : -1));
  }
}

const nameOf = ({ userId, notificationId }: EntryKey): string => `${userId}/${notificationId}`;
