import { isCompleted } from '../../job/status.ts';
import type { Operations } from '../operation.ts';
import type { Clock } from '../ports.ts';
import { allOf, type SettingsStore, settingsNow } from '../settings.ts';
import { digestOf, type More, outcomeOf } from './digest.ts';
import { eventOf } from './event-of.ts';
import type { HourlyLimit } from './hourly-limit.ts';
import { mailOf } from './mail-of.ts';
import { isOfMany, KEPT_DAYS, type Notification, notificationOf, timedId } from './notification.ts';
import type { Deliveries, Inbox, JobChange, Message, Outlets, Profile } from './ports.ts';
import { retryAtAfter } from './retries.ts';

const DAY_SECONDS = 86_400;
/** The stream keeps what it says for a day: for longer nothing comes again. */
export const REPEATED_DAYS = 2;

export interface Teller {
  readonly inbox: Inbox;
  readonly deliveries: Deliveries;
  readonly outlets: Outlets;
  /** Whether an inbox has no room for an entry. */
  readonly isTooMany: HourlyLimit;
  readonly settings: Pick<SettingsStore, 'read'>;
  readonly operations: Operations<never>;
  readonly clock: Clock;
  readonly log: (text: string, facts: Record<string, string>) => void;
}

/** What admins want told, read once for all changes that come together. */
export const notificationSettings = async ({ settings }: Pick<Teller, 'settings'>) =>
  allOf((await settingsNow(settings)).values).notifications;
export type NotificationSettings = Awaited<ReturnType<typeof notificationSettings>>;

/**
 * Tells of a change of a job by each channel that is for it: once, however often the stream hands it over. The entry of the
 * inbox is written last and says that all was told; so only a crash between a channel's answer and that write lets
 * something be sent twice. What a channel does not take is kept as a failed delivery and holds nothing up. Throws only if
 * the table of notifications does not answer: then nothing can be kept either, and the change is to come again.
 */
export async function tell(change: JobChange, wanted: NotificationSettings, teller: Teller): Promise<void> {
  const { job, before } = change;
  if (job.isPlatformGenerated || before === job.statusCode) return;
  if (isCompleted(job.statusCode)) return tellOfEnd(change, wanted, teller);
  if (wanted.events !== 'all') return;
  const of = { id: timedId(job.modifiedOn, change.changeId), jobId: job.jobId };
  await send({ channel: 'event', event: eventOf(change) }, of, teller);
}

async function tellOfEnd(change: JobChange, wanted: NotificationSettings, teller: Teller): Promise<void> {
  const { job } = change;
  const operation = teller.operations.get(job.operation);
  const entry = notificationOf(job, operation);
  const { inbox } = teller;
  const profile = await inbox.profile(job.ownerId);
  const isEventWanted = wanted.events !== 'none';
  // There is nobody to tell, so nothing needs to be known of it either.
  if (profile.isMachine && !isEventWanted) return;
  if (await inbox.isTold(entry)) return;
  // What was done to many jobs is told in any case, whatever became of those.
  const isOneOfMany = !profile.isMachine && !isOfMany(operation) && (await teller.isTooMany(entry));
  const isMailWanted = wanted.email[job.operation] === true && !isOneOfMany;
  const messages: Message[] = [
    ...(isEventWanted ? [{ channel: 'event', event: eventOf(change) } as const] : []),
    ...(isMailWanted ? mailsTo(profile, entry, wanted, teller) : []),
  ];
  const of = { id: entry.notificationId, jobId: job.jobId };
  await Promise.all(messages.map((message) => send(message, of, teller)));
  if (!profile.isMachine && !isOneOfMany) return inbox.put(entry, inDays(KEPT_DAYS, teller));
  if (isOneOfMany) return count(entry, outcomeOf(job.statusCode), teller);
  await inbox.noteTold(entry, inDays(REPEATED_DAYS, teller));
}

/**
 * Marked and counted, or neither: then it comes again. A mark may be there also where its write has failed, for it is one of
 * many that are written by a call.
 */
async function count(entry: Notification, outcome: keyof More, teller: Teller): Promise<void> {
  try {
    await teller.inbox.noteTold(entry, inDays(REPEATED_DAYS, teller));
    await teller.inbox.addToDigest(digestOf(entry), outcome, inDays(KEPT_DAYS, teller));
  } catch (error) {
    await teller.inbox.takeBack(entry);
    throw error;
  }
}

/** None where there is no address, or no sender. */
const mailsTo = (
  { email }: Profile,
  entry: Notification,
  { consoleUrl }: NotificationSettings,
  { outlets }: Teller,
): Message[] =>
  email === undefined || outlets.mail === undefined
    ? []
    : [{ channel: 'mail', mail: mailOf(entry, email, consoleUrl) }];

async function send(message: Message, of: { id: string; jobId: string }, teller: Teller): Promise<void> {
  try {
    await handOver(message, teller.outlets);
  } catch (error) {
    const deliveryId = `${of.id}-${message.channel}`;
    const failed = {
      deliveryId,
      jobId: of.jobId,
      message,
      error: errorText(error),
      attempts: 1,
      failedOn: new Date(teller.clock()).toISOString(),
      ...retryAtAfter(1, teller.clock()),
    };
    await teller.deliveries.putFailed(failed, inDays(KEPT_DAYS, teller));
    teller.log('a notification could not be sent', { deliveryId, jobId: of.jobId, error: failed.error });
  }
}

/** Throws what the channel says. */
export async function handOver(message: Message, { mail, event }: Outlets): Promise<void> {
  if (message.channel === 'event') return event(message.event);
  if (mail === undefined) throw new Error('This deployment names no sender of mails (context mailFrom).');
  return mail(message.mail);
}

const MAX_ERROR = 500;
export const errorText = (error: unknown): string => String(error).slice(0, MAX_ERROR);

/** Seconds since 1970, as DynamoDB's TTL wants them. */
export const inDays = (days: number, { clock }: { clock: Clock }): number =>
  Math.floor(clock() / 1_000) + days * DAY_SECONDS;
