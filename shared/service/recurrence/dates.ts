import type { Rule } from './rule.ts';
import { wallDates } from './wall-dates.ts';
import { UTC, type Zone } from './zone.ts';

export interface Schedule {
  readonly rule: Rule;
  /** Milliseconds since 1970; the first date is not before it. */
  readonly start: number;
  readonly zone: Zone;
}

/** No change of a clock leaves out or repeats more; a zone that skips a day keeps its dates in order all the same. */
const LONGEST_GAP_MS = 3 * 3_600_000;

/**
 * The dates of a schedule strictly after an instant, in order, as instants. A schedule by the hour or minute that names
 * no minutes, hours or days counts real time from its start on; any other goes by the clocks of its zone. COUNT is the caller's affair.
 */
export function* datesAfter({ rule, start, zone }: Schedule, after: number): Generator<number, void, void> {
  const clocks = countsRealTime(rule) ? UTC : zone;
  const until = untilOf(rule, zone);
  const from = Math.max(start, after + 1);
  const walls = wallDates(rule, clocks.wallAt(start), clocks.wallAt(from) - LONGEST_GAP_MS);
  for (const date of inOrder(walls, clocks, from - 1)) {
    if (date > until) return;
    yield date;
  }
}

/** The first date strictly after an instant. */
export const nextDate = (schedule: Schedule, after: number): number | undefined => {
  const { done, value } = datesAfter(schedule, after).next();
  return done ? undefined : value;
};

const countsRealTime = ({ freq, ...rule }: Rule): boolean =>
  (freq === 'HOURLY' || freq === 'MINUTELY') &&
  [rule.byHour, rule.byMinute, rule.byDay, rule.byMonthDay, rule.byYearDay, rule.byMonth].every(
    (values) => values.length === 0,
  );

const untilOf = ({ until }: Rule, zone: Zone): number => {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return until.isWallTime ? zone.instantAt(until.ms) : until.ms;
};

/**
 * Each instant once, in order. A time that a change of the clocks leaves out is moved on, and may so come to lie behind
 * one that stands after it on the wall, or upon it.
 */
function* inOrder(walls: Iterable<number>, zone: Zone, after: number): Generator<number, void, void> {
  let last = after;
  let moved: number[] = [];
  for (const wall of walls) {
    const at = zone.instantAt(wall);
    if (zone.wallAt(at) !== wall) {
      moved.push(at);
      continue;
    }
    for (const date of [...moved.filter((each) => each <= at), at]) {
      if (date > last) yield date;
      last = Math.max(last, date);
    }
    moved = moved.filter((date) => date > at);
  }
  yield* moved.filter((date) => date > last);
}
