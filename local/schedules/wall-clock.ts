/** What a clock on the wall of a time zone shows, and when it shows it. Daylight saving makes the two differ. */
export interface WallTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const dayMs = 24 * 60 * 60 * 1000;

export function wallTimeAt(instantMs: number, timeZone: string): WallTime {
  const at = new Date(instantMs + offsetMs(instantMs, timeZone));
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}

/** The first moment at which the clock shows this; `undefined` when it leaps over it. */
export function instantOf(wall: WallTime, timeZone: string): number | undefined {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);
  // The offset of that day is the one of the day before or of the day after: no zone changes twice in between.
  const candidates = [asUtc - dayMs, asUtc + dayMs].map((nearby) => asUtc - offsetMs(nearby, timeZone));
  return candidates
    .toSorted((a, b) => a - b)
    .find((instant) => instant + offsetMs(instant, timeZone) === asUtc);
}

/** How far the zone is ahead of UTC at a moment. */
function offsetMs(instantMs: number, timeZone: string): number {
  const parts = formatterFor(timeZone).formatToParts(instantMs);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const shown = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return shown - Math.floor(instantMs / 1000) * 1000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a time zone that does not exist. */
function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const numeric = 'numeric';
  const parts = {
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  } as const;
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...parts });
  formatters.set(timeZone, formatter);
  return formatter;
}
