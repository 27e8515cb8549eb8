import { datesAfter, type Schedule } from '../../shared/service/recurrence/dates.ts';
import { parsePattern } from '../../shared/service/recurrence/parse-pattern.ts';
import { zoneOf } from '../../shared/service/recurrence/zone.ts';

export function aSchedule(pattern: string, start: string, timeZone?: string): Schedule {
  const zone = zoneOf(timeZone);
  if (zone === undefined) throw new Error(`There is no zone ${timeZone}.`);
  return { rule: parsePattern(pattern, '/pattern'), start: Date.parse(start), zone };
}

/** The first dates of a pattern, as instants in ISO form without milliseconds. */
export function datesOf(pattern: string, start: string, count: number, timeZone?: string): string[] {
  const dates: string[] = [];
  for (const date of datesAfter(aSchedule(pattern, start, timeZone), Date.parse(start) - 1)) {
    dates.push(new Date(date).toISOString().replace('.000Z', 'Z'));
    if (dates.length === count) break;
  }
  return dates;
}
