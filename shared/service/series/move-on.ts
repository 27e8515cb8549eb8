import type { Job } from '../../job/job.ts';
import { isNear, timerAt } from '../../job/watch.ts';
import type { Clock, Timers } from '../ports.ts';
import { nextDate, type Schedule } from '../recurrence/dates.ts';
import { parsePattern } from '../recurrence/parse-pattern.ts';
import { UTC, zoneOf } from '../recurrence/zone.ts';
import { ringOf } from '../ring-of.ts';
import { type OccurrenceMaker, occurrenceId, occurrenceToCome } from './occurrence.ts';
import type { Recurrence, Series } from './series.ts';

/** When a series recurs. It was checked when it was ordered; a zone that this platform has lost counts as UTC. */
export const scheduleOf = ({ pattern, startTime, timeZone }: Recurrence): Schedule => ({
  rule: parsePattern(pattern, '/recurrence/pattern'),
  start: Date.parse(startTime),
  zone: zoneOf(timeZone) ?? UTC,
});

/** The series after its occurrence to come: it stands at the next date that lies ahead, or is over. */
export function movedOn(series: Series, now: number): Series {
  const { nextAt, left, recurrence } = series;
  const others = left === undefined ? {} : { left: left - 1 };
  const from = Math.max(now, nextAt === undefined ? now : Date.parse(nextAt));
  const next = others.left === 0 ? undefined : nextDate(scheduleOf(recurrence), from);
  return standingAt({ ...series, ...others }, next, now);
}

/** The next version of a series, at this date; over if there is none. */
export function standingAt(series: Series, date: number | undefined, now: number): Series {
  const { nextAt: _date, nextJobId: _job, endedOn: _end, ...before } = series;
  const changed = { ...before, version: series.version + 1, modifiedOn: new Date(now).toISOString() };
  if (date === undefined) return { ...changed, endedOn: changed.modifiedOn };
  const next = { ...changed, nextAt: new Date(date).toISOString() };
  return { ...next, nextJobId: occurrenceId(next) };
}

export type NextMaker = OccurrenceMaker & { readonly timers: Timers; readonly clock: Clock };

/** The row of the occurrence to come, its timer sent before it is written: a crash in between costs nothing. */
export async function nextOf(series: Series, maker: NextMaker): Promise<Job | undefined> {
  const next = await occurrenceToCome(series, maker);
  if (next !== undefined) await setTimerFor(next, maker);
  return next;
}

export async function setTimerFor(
  job: Job,
  { timers, operations, clock }: Pick<NextMaker, 'timers' | 'operations' | 'clock'>,
): Promise<void> {
  const { postponeUntil: date } = job;
  if (date === undefined || !isNear(date, clock())) return;
  await timers.set(ringOf(job, operations), timerAt(date, clock()));
}
