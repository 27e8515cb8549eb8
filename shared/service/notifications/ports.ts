import type { Job } from '../../job/job.ts';
import type { StatusCode } from '../../job/status.ts';
import type { More } from './digest.ts';
import type { Notification } from './notification.ts';

/** What the table's stream says of a job: how it is now, and what it was before, if it was there. */
export interface JobChange {
  /** The same whenever the same change is handed over again. */
  readonly changeId: string;
  readonly before?: StatusCode;
  readonly job: Job;
}

/** What is known of somebody who orders jobs. */
export interface Profile {
  readonly email?: string;
  /** A program: nobody reads its inbox. */
  readonly isMachine?: true;
}

/** Which end of which job, in whose inbox. */
export type EntryKey = Pick<Notification, 'userId' | 'notificationId'>;

export type DigestKey = EntryKey & Pick<Notification, 'createdOn' | 'link'>;

export interface MarkRange {
  /** This one and older ones; all if left out. */
  readonly upTo: string | undefined;
  readonly at: string;
  readonly most: number;
}

export interface InboxPage {
  /** Strictly older than this one; undefined begins with the newest. */
  readonly before: string | undefined;
  readonly limit: number;
  readonly unreadOnly: boolean;
}

/** The inboxes of all users, and what is known of these. */
export interface Inbox {
  /** Whether this end of a job was told: also if its entry was deleted since, or was never to be seen. Strongly consistent. */
  isTold(key: EntryKey): Promise<boolean>;
  /** Puts an entry, unread, where none is; a repetition changes nothing, neither what is read nor what is deleted. */
  put(entry: Notification, expiresAt: number): Promise<void>;
  /** Notes that a job's end was told, which was not told before, without an entry that anybody would see: it takes the place of one. */
  noteTold(key: EntryKey, expiresAt: number): Promise<void>;
  /** The mark of an end that was noted so goes: it is to be told after all. */
  takeBack(key: EntryKey): Promise<void>;
  /** How many ends were told to a user by ids between two, up to a most: seen, deleted or never to be seen. Strongly consistent. */
  toldBetween(userId: string, range: { from: string; to: string; most: number }): Promise<number>;
  /** Counts one more in a digest, which is there and unread from now on. */
  addToDigest(digest: DigestKey, outcome: keyof More, expiresAt: number): Promise<void>;
  /** Newest first. */
  list(userId: string, page: InboxPage): Promise<Notification[]>;
  /** Counted up to a most. */
  unreadCount(userId: string, most: number): Promise<number>;
  /** The entry, read; what was read before stays so. Undefined where there is none. */
  markRead(key: EntryKey, at: string): Promise<Notification | undefined>;
  /** Marks unread entries, the newest first, from an id down; how many, and whether there are others. */
  markAllRead(
    userId: string,
    range: MarkRange,
  ): Promise<{ readonly read: number; readonly hasMore: boolean }>;
  /** False where there is none. What is deleted counts as told for as long as the stream may repeat itself. */
  remove(key: EntryKey, expiresAt: number): Promise<boolean>;
  profile(userId: string): Promise<Profile>;
  putProfile(userId: string, profile: Profile, expiresAt: number): Promise<void>;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface JobEvent {
  readonly type: 'Job Completed' | 'Job State Changed';
  readonly at: string;
  readonly detail: Readonly<Record<string, string | number | null>>;
}

/** What leaves the service; throws where it was not taken. */
export interface Outlets {
  /** Undefined where the deployment names no sender. */
  readonly mail?: (mail: Mail) => Promise<void>;
  readonly event: (event: JobEvent) => Promise<void>;
}

export type Message =
  | { readonly channel: 'mail'; readonly mail: Mail }
  | { readonly channel: 'event'; readonly event: JobEvent };

/** Something that a channel did not take, kept with all that it takes to send it again. */
export interface FailedDelivery {
  readonly deliveryId: string;
  readonly jobId: string;
  readonly message: Message;
  readonly error: string;
  readonly attempts: number;
  readonly failedOn: string;
  /** When the scan tries again; absent when it does not any more. */
  readonly retryAt?: string;
}

/** A try that a failed delivery has before it; it does not count if the delivery says another date. */
export interface Retry {
  readonly deliveryId: string;
  readonly retryAt: string;
}

export interface Deliveries {
  /** A repetition changes nothing. */
  putFailed(failed: FailedDelivery, expiresAt: number): Promise<void>;
  /** Newest first. */
  list(page: { before: string | undefined; limit: number }): Promise<FailedDelivery[]>;
  get(deliveryId: string): Promise<FailedDelivery | undefined>;
  /** Oldest first, those after `after`; may lag by a moment. Costs what it finds, however many failed for good. */
  due(page: { by: string; after: Retry | undefined; limit: number }): Promise<Retry[]>;
  /**
   * Takes one, as it was read, to send it again: one more attempt, and the next try not before `retryAt`, so that nobody
   * sends it meanwhile. Of two who try, one gets it.
   */
  claim(failed: FailedDelivery, retryAt: string | undefined): Promise<boolean>;
  /** A try that turned out not to count. */
  forget(retry: Retry): Promise<void>;
  noteError(deliveryId: string, facts: Pick<FailedDelivery, 'error' | 'failedOn'>): Promise<void>;
  /** It was sent after all. */
  remove(failed: Pick<FailedDelivery, 'deliveryId' | 'retryAt'>): Promise<void>;
}
