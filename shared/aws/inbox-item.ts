import * as z from 'zod';
import { OUTCOMES } from '../service/notifications/digest.ts';
import type { Notification } from '../service/notifications/notification.ts';
import type { EntryKey, Profile } from '../service/notifications/ports.ts';

const Entry = z.object({
  userId: z.string(),
  notificationId: z.string(),
  jobId: z.string().exactOptional(),
  operation: z.string().exactOptional(),
  // A digest has numbers instead.
  title: z.string().default(''),
  text: z.string().default(''),
  link: z.string().exactOptional(),
  createdOn: z.string(),
  readOn: z.string().exactOptional(),
});
const Key = z.object({ userId: z.string(), notificationId: z.string() });
const Counts = z.object({
  succeeded: z.number().default(0),
  failed: z.number().default(0),
  stopped: z.number().default(0),
});
const ProfileItem = z.object({
  email: z.string().exactOptional(),
  isMachine: z.literal(true).exactOptional(),
});

export function entryOf(item: unknown): Notification {
  const entry = Entry.parse(item);
  const counts = Counts.parse(item);
  const isDigest = OUTCOMES.some((outcome) => counts[outcome] > 0);
  return { ...entry, ...(isDigest && { more: counts }) };
}

export const nameOf = ({ userId, notificationId }: { userId?: unknown; notificationId?: unknown }): string =>
  JSON.stringify([userId, notificationId]);
export const keyOf = ({ userId, notificationId }: EntryKey): EntryKey => ({ userId, notificationId });
export const keyIn = (item: unknown): EntryKey => Key.parse(item);
export const profileOf = (item: unknown): Profile => ProfileItem.parse(item);
