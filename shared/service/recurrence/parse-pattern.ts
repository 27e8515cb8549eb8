import { type Fault, InvalidInput } from '../errors.ts';
import { FREQUENCIES, type Frequency, type Rule, type Until, WEEK_DAYS, type WeekDay } from './rule.ts';

/** Characters; the column of Dataverse has as many. */
export const MAX_PATTERN = 256;

/** A part of a pattern that can't be served; the message says what would be right. */
class BadPart extends Error {}

/**
 * Reads a recurrence pattern: an RRULE of RFC 5545, in any case, with or without `RRULE:` before it and a semicolon
 * behind it, as the Dataverse documents write it. Takes the same short time whatever is in it. Throws `InvalidInput`
 * with all faults.
 */
export function parsePattern(text: string, pointer: string): Rule {
  const faults: Fault[] = [];
  const parts = partsOf(text, (detail) => faults.push({ pointer, detail }));
  const rule = { ...NOTHING };
  for (const [name, value] of parts) {
    try {
      Object.assign(rule, READERS[name]?.(value) ?? unknownPart(name));
    } catch (error) {
      if (!(error instanceof BadPart)) throw error;
      faults.push({ pointer, detail: error.message });
    }
  }
  if (faults.length === 0) faults.push(...misfits(rule, parts).map((detail) => ({ pointer, detail })));
  if (faults.length > 0) throw new InvalidInput(faults);
  return rule;
}

/** The same pattern in one spelling: upper case, no prefix, with the semicolon at its end. */
export const normalPattern = (text: string): string =>
  `${text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;+$/, '')};`;

const NOTHING: Rule = {
  freq: 'DAILY',
  interval: 1,
  bySecond: [],
  byMinute: [],
  byHour: [],
  byDay: [],
  byMonthDay: [],
  byYearDay: [],
  byWeekNo: [],
  byMonth: [],
  bySetPos: [],
  weekStart: 0,
};

function partsOf(text: string, fault: (detail: string) => void): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  if (text.length > MAX_PATTERN) {
    fault(`A pattern has at most ${MAX_PATTERN} characters.`);
    return parts;
  }
  for (const part of normalPattern(text).slice(0, -1).split(';')) {
    const [name = '', value, ...others] = part.split('=').map((half) => half.trim());
    if (value === undefined || others.length > 0 || name === '')
      fault(`A pattern is made of parts NAME=VALUE; with a semicolon between them, such as ${EXAMPLE}.`);
    else if (parts.has(name)) fault(`${name} may be given once.`);
    else parts.set(name, value);
  }
  if (!parts.has('FREQ') && parts.size > 0) fault(`FREQ is missing: ${EXAMPLE}.`);
  return parts;
}

const EXAMPLE = 'FREQ=DAILY;INTERVAL=3;';
const MAX_INTERVAL = 100_000;
const MAX_COUNT = 1_000_000;

const READERS: Readonly<Record<string, (value: string) => Partial<Rule>>> = {
  FREQ: (value) => ({ freq: frequency(value) }),
  INTERVAL: (value) => ({ interval: number('INTERVAL', value, 1, MAX_INTERVAL) }),
  COUNT: (value) => ({ count: number('COUNT', value, 1, MAX_COUNT) }),
  UNTIL: (value) => ({ until: until(value) }),
  // 60 is for leap seconds, which no clock of ours shows.
  BYSECOND: (value) => ({ bySecond: list('BYSECOND', value, 0, 59) }),
  BYMINUTE: (value) => ({ byMinute: list('BYMINUTE', value, 0, 59) }),
  BYHOUR: (value) => ({ byHour: list('BYHOUR', value, 0, 23) }),
  BYDAY: (value) => ({ byDay: value.split(',').map(weekDay) }),
  BYMONTHDAY: (value) => ({ byMonthDay: signed('BYMONTHDAY', value, 31) }),
  BYYEARDAY: (value) => ({ byYearDay: signed('BYYEARDAY', value, 366) }),
  BYWEEKNO: (value) => ({ byWeekNo: signed('BYWEEKNO', value, 53) }),
  BYMONTH: (value) => ({ byMonth: list('BYMONTH', value, 1, 12) }),
  BYSETPOS: (value) => ({ bySetPos: signed('BYSETPOS', value, 366) }),
  WKST: (value) => ({ weekStart: dayOfWeek('WKST', value) }),
};

function unknownPart(name: string): never {
  throw new BadPart(`There is no part ${name.slice(0, 40)}. Known: ${Object.keys(READERS).join(', ')}.`);
}

function frequency(value: string): Frequency {
  const known = FREQUENCIES.find((each) => each === value);
  if (known !== undefined) return known;
  if (value === 'SECONDLY') throw new BadPart('A job recurs once a minute at most: FREQ=MINUTELY;.');
  throw new BadPart(`FREQ must be one of ${FREQUENCIES.join(', ')}.`);
}

function number(name: string, value: string, least: number, most: number): number {
  const read = Number(value);
  if (!/^[+-]?\d{1,7}$/.test(value) || read < least || read > most)
    throw new BadPart(`${name} must be a whole number from ${least} to ${most}.`);
  return read;
}

const sorted = (values: readonly number[]): number[] => [...new Set(values)].toSorted((a, b) => a - b);

const list = (name: string, value: string, least: number, most: number): number[] =>
  sorted(value.split(',').map((each) => number(name, each, least, most)));

const signed = (name: string, value: string, most: number): number[] =>
  list(name, value, -most, most).map((each) => {
    if (each === 0) throw new BadPart(`${name} counts from 1, or from -1 backwards.`);
    return each;
  });

function weekDay(value: string): WeekDay {
  const [, nth, name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(value) ?? [];
  const day = dayOfWeek('BYDAY', name);
  return nth === undefined ? { day } : { day, nth: signed('BYDAY', nth, 53)[0] ?? 1 };
}

function dayOfWeek(name: string, value: string): number {
  const day = WEEK_DAYS.findIndex((each) => each === value);
  if (day < 0) throw new BadPart(`${name} must name days of the week: ${WEEK_DAYS.join(', ')}.`);
  return day;
}

/** A date without a time means all of that day. */
function until(value: string): Until {
  const [, year, month, day, hour = '23', minute = '59', second = '59', utc] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value) ?? [];
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const ms = Date.parse(text);
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== text)
    throw new BadPart('UNTIL must be a date such as 20271231 or 20271231T235959Z.');
  return { ms, isWallTime: utc === undefined };
}

/** What RFC 5545 forbids, and what would make a job recur within a minute. */
function misfits(rule: Rule, parts: ReadonlyMap<string, string>): string[] {
  const { freq, byDay } = rule;
  const isNth = byDay.some(({ nth }) => nth !== undefined);
  const hasSet = [...parts.keys()].some((name) => name.startsWith('BY') && name !== 'BYSETPOS');
  const faults: readonly (readonly [boolean, string])[] = [
    [parts.has('COUNT') && parts.has('UNTIL'), 'Give either COUNT or UNTIL.'],
    [rule.bySecond.length > 1, 'A job recurs once a minute at most: BYSECOND takes one value.'],
    [
      isNth && !['MONTHLY', 'YEARLY'].includes(freq),
      'BYDAY with a number needs FREQ=MONTHLY or FREQ=YEARLY.',
    ],
    [isNth && parts.has('BYWEEKNO'), 'BYDAY takes no number beside BYWEEKNO.'],
    [parts.has('BYWEEKNO') && freq !== 'YEARLY', 'BYWEEKNO needs FREQ=YEARLY.'],
    [
      parts.has('BYYEARDAY') && ['DAILY', 'WEEKLY', 'MONTHLY'].includes(freq),
      'BYYEARDAY needs FREQ=YEARLY, FREQ=HOURLY or FREQ=MINUTELY.',
    ],
    [parts.has('BYMONTHDAY') && freq === 'WEEKLY', 'BYMONTHDAY does not go with FREQ=WEEKLY.'],
    [
      parts.has('BYSETPOS') && ['HOURLY', 'MINUTELY'].includes(freq),
      'BYSETPOS needs FREQ=DAILY or a slower one.',
    ],
    [parts.has('BYSETPOS') && !hasSet, 'BYSETPOS chooses among what another BY… part names.'],
  ];
  return faults.flatMap(([isFault, detail]) => (isFault ? [detail] : []));
}
