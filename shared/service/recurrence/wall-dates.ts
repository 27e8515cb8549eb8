import {
  type CalendarDay,
  calendarDay,
  DAY_MS,
  dayNumber,
  isNth,
  lengthOfMonth,
  lengthOfYear,
  weekNumbers,
  weekStartOf,
} from './calendar.ts';
import type { Rule } from './rule.ts';

/** So far ahead a date is looked for: 29 February on a Monday comes within them, 30 February does not. */
export const HORIZON_DAYS = 40 * 366;

/**
 * The dates of a rule as clocks on a wall show them, in milliseconds as if that were UTC: in order, from `from` on, at
 * most as far as the horizon. It walks days, not occurrences, so a rule that matches nothing costs some milliseconds.
 * COUNT is the caller's affair.
 */
export function* wallDates(rule: Rule, start: number, from: number): Generator<number, void, void> {
  const whole = withDefaults(rule, start);
  const first = Math.floor(Math.max(start, from) / DAY_MS);
  const end = first + HORIZON_DAYS;
  let barren = 0;
  for (let day = setOf(first, whole)[0]; day < end && barren < MOST_STEPS_IN_VAIN; ) {
    const [, next] = setOf(day, whole);
    const { dates, days } = datesOfSet(day, next, whole, start);
    barren = dates.length > 0 ? 0 : barren + days * stepsOfDay(rule);
    yield* dates.filter((date) => date >= from);
    day = next;
  }
}

/**
 * Hours or minutes in a row that an INTERVAL hits and a BY… part leaves out. The two meet within as many days as the
 * interval has steps, or never.
 */
const MOST_STEPS_IN_VAIN = 100_000;

const stepsOfDay = ({ freq, interval }: Rule): number =>
  freq === 'MINUTELY' ? Math.ceil(1_440 / interval) : freq === 'HOURLY' ? Math.ceil(24 / interval) : 0;

/** Where BYSETPOS chooses, days belong together; else each is looked at by itself. */
function setOf(day: number, { freq, bySetPos, weekStart }: Rule): readonly [number, number] {
  if (bySetPos.length === 0 || freq === 'DAILY') return [day, day + 1];
  if (freq === 'WEEKLY') return [weekStartOf(day, weekStart), weekStartOf(day, weekStart) + 7];
  const { year, month } = calendarDay(day);
  if (freq === 'MONTHLY') return [dayNumber(year, month, 1), dayNumber(year, month + 1, 1)];
  return [dayNumber(year, 1, 1), dayNumber(year + 1, 1, 1)];
}

function datesOfSet(from: number, to: number, rule: Rule, start: number): { dates: number[]; days: number } {
  const phase = phaseOf(rule, start);
  const found: number[] = [];
  let days = 0;
  for (let day = from; day < to; day++) {
    const at = calendarDay(day);
    if (!phase(day, at) || !isDayOf(day, at, rule)) continue;
    days++;
    found.push(...timesOf(day, rule, start));
  }
  return { dates: chosen(found, rule).filter((date) => date >= start), days };
}

function chosen(set: readonly number[], { bySetPos }: Rule): readonly number[] {
  if (bySetPos.length === 0) return set;
  const places = new Set(bySetPos.map((place) => (place > 0 ? place - 1 : set.length + place)));
  return set.filter((_, place) => places.has(place));
}

/** What the rule leaves open is as in its start. */
function withDefaults(rule: Rule, start: number): Rule {
  const date = new Date(start);
  const { month, dayOfMonth, dayOfWeek } = calendarDay(Math.floor(start / DAY_MS));
  const { freq, byMonth, byWeekNo, byYearDay, byMonthDay, byDay, byHour, byMinute, bySecond } = rule;
  const hasDays = [byYearDay, byMonthDay, byDay].some((days) => days.length > 0);
  const opensDays = !hasDays && byWeekNo.length === 0;
  const isYearly = freq === 'YEARLY';
  const isByTheHour = freq === 'HOURLY' || freq === 'MINUTELY';
  return {
    ...rule,
    byMonth: isYearly && opensDays && byMonth.length === 0 ? [month] : byMonth,
    byMonthDay: (isYearly || freq === 'MONTHLY') && opensDays ? [dayOfMonth] : byMonthDay,
    byDay: !hasDays && (freq === 'WEEKLY' || byWeekNo.length > 0) ? [{ day: dayOfWeek }] : byDay,
    byHour: byHour.length === 0 && !isByTheHour ? [date.getUTCHours()] : byHour,
    byMinute: byMinute.length === 0 && freq !== 'MINUTELY' ? [date.getUTCMinutes()] : byMinute,
    bySecond: bySecond.length === 0 ? [date.getUTCSeconds()] : bySecond,
  };
}

/** Whether a day lies in a period that INTERVAL does not leave out. */
function phaseOf({ freq, interval, weekStart }: Rule, start: number) {
  const startDay = Math.floor(start / DAY_MS);
  const begun = calendarDay(startDay);
  return (day: number, at: CalendarDay): boolean => {
    switch (freq) {
      case 'YEARLY':
        return (at.year - begun.year) % interval === 0;
      case 'MONTHLY':
        return ((at.year - begun.year) * 12 + at.month - begun.month) % interval === 0;
      case 'WEEKLY':
        return ((weekStartOf(day, weekStart) - weekStartOf(startDay, weekStart)) / 7) % interval === 0;
      case 'DAILY':
        return (day - startDay) % interval === 0;
      case 'HOURLY':
      case 'MINUTELY':
        return true;
      default:
        return freq satisfies never;
    }
  };
}

const allows = (values: readonly number[], ...found: readonly number[]): boolean =>
  values.length === 0 || found.some((each) => values.includes(each));

function isDayOf(day: number, at: CalendarDay, rule: Rule): boolean {
  const { year, month, dayOfMonth, dayOfYear } = at;
  if (!allows(rule.byMonth, month)) return false;
  if (!allows(rule.byMonthDay, dayOfMonth, dayOfMonth - lengthOfMonth(year, month) - 1)) return false;
  if (!allows(rule.byYearDay, dayOfYear, dayOfYear - lengthOfYear(year) - 1)) return false;
  if (rule.byWeekNo.length > 0 && !allows(rule.byWeekNo, ...weekNumbers(day, year, rule.weekStart)))
    return false;
  return (
    rule.byDay.length === 0 || rule.byDay.some((one) => one.day === at.dayOfWeek && isRight(one, at, rule))
  );
}

/** The n-th Monday is that of the month, or of the year where no month is named. */
function isRight(one: Rule['byDay'][number], at: CalendarDay, { freq, byMonth }: Rule): boolean {
  const { year, month, dayOfMonth, dayOfYear } = at;
  return freq === 'MONTHLY' || byMonth.length > 0
    ? isNth(one, dayOfMonth, lengthOfMonth(year, month))
    : isNth(one, dayOfYear, lengthOfYear(year));
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The times of a day. */
function timesOf(day: number, rule: Rule, start: number): number[] {
  const { freq, interval, byHour, byMinute, bySecond } = rule;
  const midnight = day * DAY_MS;
  const isHour = (at: number): boolean => allows(byHour, Math.floor((at - midnight) / HOUR_MS));
  const isMinute = (at: number): boolean => allows(byMinute, Math.floor((at - midnight) / MINUTE_MS) % 60);
  const seconds = (minute: number): number[] => bySecond.map((second) => minute + second * 1_000);
  const minutes = (hour: number): number[] =>
    byMinute.flatMap((minute) => seconds(hour + minute * MINUTE_MS));
  if (freq === 'MINUTELY') {
    const steps = stepsIn(midnight, MINUTE_MS, interval, start);
    return steps.filter((at) => isHour(at) && isMinute(at)).flatMap(seconds);
  }
  if (freq === 'HOURLY') return stepsIn(midnight, HOUR_MS, interval, start).filter(isHour).flatMap(minutes);
  return byHour.flatMap((hour) => minutes(midnight + hour * HOUR_MS));
}

/** The hours or minutes of a day that lie a multiple of the interval after the one of the start. */
function stepsIn(midnight: number, unit: number, interval: number, start: number): number[] {
  const step = unit * interval;
  const anchor = Math.floor(start / unit) * unit;
  const first = anchor + Math.ceil((midnight - anchor) / step) * step;
  const count = Math.max(0, Math.ceil((midnight + DAY_MS - first) / step));
  return Array.from({ length: count }, (_, place) => first + place * step);
}
