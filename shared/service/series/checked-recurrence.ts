import { type Fault, InvalidInput } from '../errors.ts';
import { nextDate, type Schedule } from '../recurrence/dates.ts';
import { normalPattern, parsePattern } from '../recurrence/parse-pattern.ts';
import { type Zone, zoneOf } from '../recurrence/zone.ts';

/** A pattern, a start and a zone as a caller says them. */
export interface SaidRecurrence {
  readonly pattern: string;
  readonly startTime?: string | undefined;
  readonly timeZone?: string | undefined;
}

export interface CheckedRecurrence {
  /** As a series keeps it, without what was left out. */
  readonly recurrence: { readonly pattern: string; readonly startTime: string; readonly timeZone?: string };
  readonly schedule: Schedule;
  /** The first date that counts. */
  readonly first: number;
}

/**
 * What a caller says of dates, checked: in milliseconds, whatever they say. A start that lies behind gives the
 * rhythm, and the first date is the next one that comes. Throws `InvalidInput` with all faults.
 */
export function checkedRecurrence(
  { pattern, startTime, timeZone }: SaidRecurrence,
  now: number,
  under: string,
): CheckedRecurrence {
  const faults: Fault[] = [];
  const zone = zoneOf(timeZone) ?? fault(faults, `${under}/timeZone`, UNKNOWN_ZONE);
  const rule = orFaults(faults, () => parsePattern(pattern, `${under}/pattern`));
  if (zone === undefined || rule === undefined) throw new InvalidInput(faults);
  const start = wholeSecond(startTime === undefined ? now : Date.parse(startTime));
  const schedule = { rule, zone, start };
  const first = nextDate(schedule, (startTime === undefined ? start : Math.max(start, now)) - 1);
  if (first === undefined) throw new InvalidInput([{ pointer: `${under}/pattern`, detail: NO_DATE }]);
  return {
    recurrence: {
      pattern: normalPattern(pattern),
      startTime: new Date(start).toISOString(),
      ...(timeZone !== undefined && { timeZone }),
    },
    schedule,
    first,
  };
}

const UNKNOWN_ZONE = 'Must be the name of an IANA time zone, such as Europe/Berlin.';
const NO_DATE = 'It has no date from now on, or none within forty years.';

const wholeSecond = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

function fault(faults: Fault[], pointer: string, detail: string): Zone | undefined {
  faults.push({ pointer, detail });
  return undefined;
}

function orFaults<T>(faults: Fault[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    faults.push(...error.faults);
    return undefined;
  }
}
