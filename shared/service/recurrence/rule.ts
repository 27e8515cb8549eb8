/** A recurrence rule of RFC 5545 (3.3.10), read and checked. Months and days of months are counted from 1. */
export interface Rule {
  readonly freq: Frequency;
  readonly interval: number;
  readonly count?: number;
  readonly until?: Until;
  readonly bySecond: readonly number[];
  readonly byMinute: readonly number[];
  readonly byHour: readonly number[];
  readonly byDay: readonly WeekDay[];
  readonly byMonthDay: readonly number[];
  readonly byYearDay: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byMonth: readonly number[];
  readonly bySetPos: readonly number[];
  /** The day on which a week begins; 0 is Monday. */
  readonly weekStart: number;
}

/** From the slowest to the fastest that is served: jobs do not recur within a minute. */
export const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** In the order of the week; 0 is Monday. */
export const WEEK_DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** `nth`: only that one of the month or year, from its end where it is negative. */
export interface WeekDay {
  readonly day: number;
  readonly nth?: number;
}

/** The last moment, in milliseconds since 1970: a real instant, or what clocks on the wall show. */
export interface Until {
  readonly ms: number;
  readonly isWallTime: boolean;
}
