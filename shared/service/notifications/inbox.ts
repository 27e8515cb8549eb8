import * as z from 'zod';
import type { Caller } from '../caller.ts';
import { NotFound } from '../errors.ts';
import { type Page, PageQuery } from '../page.ts';
import { pageCursor, readPageCursor } from '../page-cursor.ts';
import { parse } from '../parse.ts';
import type { Clock } from '../ports.ts';
import { inWords } from './digest.ts';
import type { Notification } from './notification.ts';
import type { Inbox } from './ports.ts';
import { inDays, REPEATED_DAYS } from './tell.ts';

export interface InboxReader {
  readonly inbox: Inbox;
  readonly clock: Clock;
}

/** More unread entries are not counted: nobody reads the difference. */
const MOST_COUNTED = 1_000;

const Query = z.strictObject({
  ...PageQuery,
  unread: z.enum(['true', 'false'], 'Must be true or false.').default('false'),
});
const Path = z.object({
  id: z.guid({ error: 'The id of a notification is a UUID.' }).transform((id) => id.toLowerCase()),
});
const ReadAll = z.strictObject({ upTo: Path.shape.id.optional() });
const idIn = (params: unknown): string => parse(Path, params, { in: 'path' }).id;

export interface InboxShown extends Page<Omit<Notification, 'userId'>> {
  /** At most 1,000. */
  readonly unreadCount: number;
}

/** The caller's own inbox, newest first. */
export async function listNotifications(
  query: unknown,
  { id: userId }: Caller,
  { inbox }: InboxReader,
): Promise<InboxShown> {
  const { limit, cursor, unread } = parse(Query, query, { in: 'query' });
  const list = ['notifications', userId, unread];
  const before = cursor === undefined ? undefined : readPageCursor(list, cursor);
  const [found, unreadCount] = await Promise.all([
    inbox.list(userId, { before, limit: limit + 1, unreadOnly: unread === 'true' }),
    inbox.unreadCount(userId, MOST_COUNTED),
  ]);
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return {
    unreadCount,
    items: items.map(shown),
    ...(last !== undefined && { nextCursor: pageCursor(list, last.notificationId) }),
  };
}

/** Marks an entry of the caller's own as read; may be repeated. */
export async function readNotification(params: unknown, caller: Caller, { inbox, clock }: InboxReader) {
  const notificationId = idIn(params);
  const at = new Date(clock()).toISOString();
  const entry = await inbox.markRead({ userId: caller.id, notificationId }, at);
  if (entry === undefined) throw new NotFound('notification', notificationId);
  return shown(entry);
}

export async function deleteNotification(
  params: unknown,
  caller: Caller,
  { inbox, clock }: InboxReader,
): Promise<void> {
  const notificationId = idIn(params);
  const key = { userId: caller.id, notificationId };
  const isGone = await inbox.remove(key, inDays(REPEATED_DAYS, { clock }));
  if (!isGone) throw new NotFound('notification', notificationId);
}

/**
 * Marks all entries of the caller's own as read, or those up to the one that they have seen; 1,000 at most: where there are
 * more, it is asked again. May be repeated.
 */
export async function readAllNotifications(
  body: unknown,
  caller: Caller,
  { inbox, clock }: InboxReader,
): Promise<{ readonly read: number; readonly hasMore: boolean }> {
  const { upTo } = parse(ReadAll, body ?? {});
  return inbox.markAllRead(caller.id, { upTo, at: new Date(clock()).toISOString(), most: MOST_COUNTED });
}

function shown(entry: Notification): Omit<Notification, 'userId'> {
  const { userId: _own, ...rest } = inWords(entry);
  return rest;
}
