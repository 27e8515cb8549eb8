import type { WeekDay } from './rule.ts';

/** Days of the Gregorian calendar as numbers: 0 is 1 January 1970. */

export const DAY_MS = 86_400_000;

export interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly dayOfMonth: number;
  /** 0 is Monday. */
  readonly dayOfWeek: number;
  /** From 1. */
  readonly dayOfYear: number;
}

export const dayNumber = (year: number, month: number, dayOfMonth: number): number =>
  Date.UTC(year, month - 1, dayOfMonth) / DAY_MS;

export function calendarDay(day: number): CalendarDay {
  const date = new Date(day * DAY_MS);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    dayOfMonth: date.getUTCDate(),
    dayOfWeek: dayOfWeekOf(day),
    dayOfYear: day - dayNumber(year, 1, 1) + 1,
  };
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

/** The epoch was a Thursday. */
const dayOfWeekOf = (day: number): number => modulo(day + 3, 7);

export const weekStartOf = (day: number, weekStart: number): number =>
  day - modulo(dayOfWeekOf(day) - weekStart, 7);

export const lengthOfMonth = (year: number, month: number): number =>
  dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);

export const lengthOfYear = (year: number): number => dayNumber(year + 1, 1, 1) - dayNumber(year, 1, 1);

/** The first day of week 1: the first week with at least four days in the year. */
const firstWeekOf = (year: number, weekStart: number): number =>
  weekStartOf(dayNumber(year, 1, 4), weekStart);

/** The number of a day's week, from the front and from the back, in the year that the week belongs to. */
export function weekNumbers(day: number, year: number, weekStart: number): readonly [number, number] {
  const own = [year + 1, year, year - 1].find((each) => firstWeekOf(each, weekStart) <= day) ?? year;
  const first = firstWeekOf(own, weekStart);
  const number = Math.floor((day - first) / 7) + 1;
  const weeks = (firstWeekOf(own + 1, weekStart) - first) / 7;
  return [number, number - weeks - 1];
}

/** Whether the day is that one of its kind, counted from either end of its span: `at` of `length` days, from 1. */
export function isNth({ nth }: WeekDay, at: number, length: number): boolean {
  if (nth === undefined) return true;
  return nth > 0 ? Math.ceil(at / 7) === nth : Math.ceil((length - at + 1) / 7) === -nth;
}
