import { Status, type StatusCode } from '../../job/status.ts';
import type { Notification } from './notification.ts';
import type { DigestKey } from './ports.ts';

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
export function hourOf(entry: Pick<Notification, 'createdOn'>): { from: string; to: string } {
  const start = hourStart(entry);
  return { from: idsFrom(start), to: idsFrom(start + HOUR_MS) };
}

/** In milliseconds since 1970. */
const hourStart = ({ createdOn }: Pick<Notification, 'createdOn'>): number =>
  Math.floor(Date.parse(createdOn) / HOUR_MS) * HOUR_MS;

/** What ids of a moment begin with: they are UUIDv7s. */
function idsFrom(ms: number): string {
  const digits = ms.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

/**
 * The one entry of its hour that stands for all that an inbox has no room for. It has the smallest id of that hour, behind those that are
 * shown: whoever has read up to an entry has seen all that is older.
 */
export function digestOf(entry: Notification): DigestKey {
  const { userId, createdOn } = entry;
  const notificationId = `${idsFrom(hourStart(entry))}-7000-8000-000000000000`;
  return { userId, notificationId, createdOn, link: `/jobs?owner=${encodeURIComponent(userId)}` };
}

/** An entry as it is read: the words of a digest follow from what it counts. */
export function inWords(entry: Notification): Notification {
  const { more } = entry;
  if (more === undefined) return entry;
  const count = OUTCOMES.reduce((sum, outcome) => sum + more[outcome], 0);
  const start = hourStart(entry);
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
