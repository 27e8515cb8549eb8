import { instantOf, type WallTime, wallTimeAt } from './wall-clock.ts';

/** A cron expression of EventBridge Scheduler: minutes, hours, day of month, month, day of week, year. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  isDay(year: number, month: number, day: number): boolean;
}

export class BadExpression extends Error {
  override name = 'BadExpression';
}

const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const dayNames = 'SUN MON TUE WED THU FRI SAT'.split(' ');

export function parseCron(fields: string): Cron {
  const parts = fields.trim().split(/\s+/);
  if (parts.length !== 6) throw new BadExpression(`a cron expression has six fields, not ${parts.length}`);
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = parts;
  if ((days === '?') === (weekdays === '?'))
    throw new BadExpression('of day of month and day of week exactly one is "?"');
  return {
    minutes: values(minutes, 0, 59),
    hours: values(hours, 0, 23),
    months: values(months, 1, 12, monthNames),
    years: values(years, 1970, 2199),
    isDay: days === '?' ? dayOfWeek(weekdays) : dayOfMonth(days),
  };
}

/**
 * The first turn after a moment. A wall time that daylight saving leaps over is skipped; one that comes twice is taken once,
 * the first time (EventBridge Scheduler User Guide, "Schedule types", Daylight savings time).
 */
export function nextCronTurn(cron: Cron, afterMs: number, timeZone: string): number | undefined {
  for (const day of daysFrom(wallTimeAt(afterMs, timeZone), cron)) {
    for (const hour of cron.hours)
      for (const minute of cron.minutes) {
        const turn = instantOf({ ...day, hour, minute, second: 0 }, timeZone);
        if (turn !== undefined && turn > afterMs) return turn;
      }
  }
  return undefined;
}

function* daysFrom({ year, month, day }: WallTime, cron: Cron) {
  for (const y of cron.years.filter((candidate) => candidate >= year)) {
    for (const m of cron.months.filter((candidate) => y > year || candidate >= month)) {
      const first = y === year && m === month ? day : 1;
      for (let d = first; d <= lastDayOf(y, m); d++)
        if (cron.isDay(y, m, d)) yield { year: y, month: m, day: d };
    }
  }
}

const lastDayOf = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** `*`, `5`, `1-5`, `0/15`, `10-30/5`, names, and lists of these. */
function values(field: string, min: number, max: number, names: readonly string[] = []): number[] {
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + min : Number(/^\d+$/.exec(text)?.[0] ?? Number.NaN);
    if (value >= min && value <= max) return value;
    throw new BadExpression(`"${text}" is not a number from ${min} to ${max}`);
  };
  const found = field.split(',').flatMap((part) => {
    const [range = '', step] = part.split('/');
    const [low = '', high] = range === '*' ? [String(min), String(max)] : range.split('-');
    const from = numberOf(low);
    const to = high === undefined ? (step === undefined ? from : max) : numberOf(high);
    const stride = step === undefined ? 1 : Number(/^[1-9]\d*$/.exec(step)?.[0] ?? Number.NaN);
    if (!(stride > 0) || to < from) throw new BadExpression(`"${part}" is not a range`);
    return Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, index) => from + index * stride);
  });
  return [...new Set(found)].toSorted((a, b) => a - b);
}

/** `L` is the last day of the month, `15W` the weekday nearest to the 15th, `LW` the last weekday. */
function dayOfMonth(field: string): Cron['isDay'] {
  if (field === 'L') return (year, month, day) => day === lastDayOf(year, month);
  const nearest = /^(L|\d{1,2})W$/.exec(field)?.[1];
  if (nearest === undefined) {
    const days = values(field, 1, 31);
    return (_year, _month, day) => days.includes(day);
  }
  return (year, month, day) => {
    const last = lastDayOf(year, month);
    return day === nearestWeekday(year, month, nearest === 'L' ? last : Number(nearest), last);
  };
}

/** It never leaves the month. */
function nearestWeekday(year: number, month: number, day: number, last: number): number {
  const weekday = weekdayOf(year, month, day);
  if (weekday === 1) return day === last ? day - 2 : day + 1;
  if (weekday === 7) return day === 1 ? day + 2 : day - 1;
  return day;
}

/** 1 is Sunday. `6L` is the last Friday of the month, `6#3` the third, `L` Saturday. */
function dayOfWeek(field: string): Cron['isDay'] {
  if (field === 'L') return (year, month, day) => weekdayOf(year, month, day) === 7;
  const [, name = '', mark, nth] = /^(\w+?)(?:(L)|#([1-5]))$/.exec(field) ?? [];
  const weekdays = values(mark || nth ? name : field, 1, 7, dayNames);
  return (year, month, day) => {
    if (!weekdays.includes(weekdayOf(year, month, day))) return false;
    if (mark) return day + 7 > lastDayOf(year, month);
    return nth === undefined || Math.ceil(day / 7) === Number(nth);
  };
}
