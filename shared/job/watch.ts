/**
 * When to look at a job if nothing has happened until then: `watchAt`. It may be early, never late. Whoever waits
 * for a person or an event is looked at by nobody. A job with a token is not watched itself: its token is.
 */
interface Watched {
  readonly dependencyToken?: string | undefined;
  readonly postponeUntil?: string | undefined;
}

/** Still in the index, so that it can be listed; no scan comes so far. */
export const NEVER = '9999-12-31T23:59:59.999Z';

const MINUTE_MS = 60_000;
/** A scan comes every 15 minutes; a minute more, for schedules and clocks are not exact. */
export const NEAR_MS = 16 * MINUTE_MS;
/** After an action that rings, the ring has this long to arrive. */
export const RING_MS = MINUTE_MS;

/** A timer that is sent before the write that needs it must not be heard before that write is made. */
export const timerAt = (date: string, now: number): number => Math.max(Date.parse(date), now + WRITTEN_MS);
const WRITTEN_MS = 2_000;

/** A date is near if no scan can be counted on to come in time: whoever sets such a date sets its timer too. */
export const isNear = (date: string, now: number): boolean => Date.parse(date) - now <= NEAR_MS;

/** For a job that is Ready now, or waits for its date. */
export function watchAtOf({ dependencyToken, postponeUntil }: Watched, now: number): string {
  if (dependencyToken !== undefined) return NEVER;
  return postponeUntil === undefined ? iso(now + RING_MS) : beforeDate(postponeUntil, now);
}

/** For a job that waits until it is freed: for a date if there is one, else for a person. */
export const watchAtOfSuspended = (job: Watched, now: number): string =>
  job.postponeUntil === undefined ? NEVER : watchAtOf(job, now);

/** A scan finds a far date in time to send its timer; the timer of a near one was sent, and may be lost. */
export const beforeDate = (date: string, now: number): string =>
  iso(isNear(date, now) ? Date.parse(date) + RING_MS : Date.parse(date) - NEAR_MS);

const iso = (ms: number): string => new Date(ms).toISOString();
