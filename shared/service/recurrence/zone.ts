/** Clocks on the walls of an IANA time zone. Instants and wall times in milliseconds; a wall time as if it were UTC. */
export interface Zone {
  wallAt(instant: number): number;
  /**
   * The instant at which clocks show this time. A time that the change to summer time leaves out is moved on by as much
   * as the clocks are (02:30 becomes 03:30); of a time that comes twice it is the first.
   */
  instantAt(wall: number): number;
}

const DAY_MS = 86_400_000;

export const UTC: Zone = { wallAt: (instant) => instant, instantAt: (wall) => wall };

/** Undefined if there is no such zone. */
export function zoneOf(name: string | undefined): Zone | undefined {
  if (name === undefined) return UTC;
  const format = formatOf(name);
  if (format === undefined) return undefined;
  const wallAt = (instant: number): number => wallOf(format, instant);
  const offsetAt = (instant: number): number => wallAt(instant) - instant;
  return {
    wallAt,
    instantAt(wall) {
      const before = offsetAt(wall - DAY_MS);
      const after = offsetAt(wall + DAY_MS);
      const first = [wall - before, wall - after].find((instant) => wallAt(instant) === wall);
      return first ?? wall - before;
    },
  };
}

/** The platform knows the names; of what else it takes, offsets such as +02:00 know no summer time. */
const NAME = /^[A-Za-z].{0,63}$/;

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  if (!NAME.test(timeZone)) return undefined;
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function wallOf(format: Intl.DateTimeFormat, instant: number): number {
  const shown = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => shown.get(type) ?? 0;
  const seconds = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return seconds + (((instant % 1_000) + 1_000) % 1_000);
}
