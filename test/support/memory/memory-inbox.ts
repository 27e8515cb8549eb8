import type { Notification } from '../../../shared/service/notifications/notification.ts';
import type { EntryKey, Inbox, InboxPage, Profile } from '../../../shared/service/notifications/ports.ts';

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
    if (!this.#told.has(nameOf(key))) this.#told.set(nameOf(key), {});
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
