import { Status, type StatusCode } from '../../job/status.ts';
import { type Notification, timedId } from './notification.ts';

/** How many jobs a digest stands for, by how they ended. */
export interface More {
  readonly succeeded: number;
  readonly failed: number;
  readonly stopped: number;
}

export const OUTCOMES = ['succeeded', 'failed', 'stopped'] as const satisfies readonly (keyof More)[];

const HOUR_MS = 3_600_000;

export const outcomeOf = (statusCode: StatusCode): keyof More => {
  if (statusCode === Status.Failed) return 'failed';
  return statusCode === Status.Canceled ? 'stopped' : 'succeeded';
};

/** The bounds of the ids of all entries of an hour, by any moment in it. */
export function hourOf({ createdOn }: Pick<Notification, 'createdOn'>): { from: string; to: string } {
  const start = Math.floor(Date.parse(createdOn) / HOUR_MS) * HOUR_MS;
  return { from: idsFrom(start), to: idsFrom(start + HOUR_MS) };
}

/** What ids of a moment begin with: they are UUIDv7s. */
function idsFrom(ms: number): string {
  const digits = ms.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/** The one entry of its hour that stands for all that an inbox has no room for: the newest of that hour. */
export function digestOf({
  userId,
  createdOn,
}: Notification): Pick<Notification, 'userId' | 'notificationId' | 'createdOn' | 'link'> {
  const end = (Math.floor(Date.parse(createdOn) / HOUR_MS) + 1) * HOUR_MS - 1;
  const notificationId = timedId(new Date(end).toISOString(), `digest/${userId}`);
  return { userId, notificationId, createdOn, link: `/jobs?owner=${encodeURIComponent(userId)}` };
}

/** An entry as it is read: the words of a digest follow from what it counts. */
export function inWords(entry: Notification): Notification {
  const { more, createdOn } = entry;
  if (more === undefined) return entry;
  const count = OUTCOMES.reduce((sum, outcome) => sum + more[outcome], 0);
  const start = Math.floor(Date.parse(createdOn) / HOUR_MS) * HOUR_MS;
  const ends = OUTCOMES.filter((outcome) => more[outcome] > 0).map(
    (outcome) => `${more[outcome]} ${outcome}`,
  );
  return {
    ...entry,
    title: `And ${count} more`,
    text: `${count} more of your jobs ended between ${clock(start)} and ${clock(start + HOUR_MS)} UTC: ${ends.join(', ')}.`,
  };
}

const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
