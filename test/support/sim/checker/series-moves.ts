import type { Job } from '../../../../shared/job/job.ts';
import type { Series } from '../../../../shared/service/series/series.ts';
import { calendarOf, dateAfter } from './calendar.ts';
import { PATIENCE_MS } from './model.ts';

/** One version of a series, and the next. */
export interface Move {
  readonly before: Series;
  readonly after: Series;
  /** The occurrence that was to come, and what became of it. */
  readonly was: Job;
  readonly became: Job | undefined;
  /** True time at which each was committed: whoever made the second one has looked at a clock in between. */
  readonly from: number;
  readonly now: number;
}

const ms = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Date.parse(instant);

/** The columns that nothing but a person's change of the series touches. */
const keeps =
  (...names: (keyof Series)[]) =>
  ({ before, after }: Move): string | undefined => {
    const changed = names.find((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
    return changed && `${changed} has changed`;
  };

const keepsOrder = keeps('order', 'recurrence', 'ownerId', 'createdBy', 'createdOn', 'sequence');

/**
 * After an occurrence, whatever became of it: one less is to be made, and the series stands at the first date after it
 * that lies ahead, or is over. Dates that have passed meanwhile are left out, and no other.
 */
export function goesOn(move: Move): string | undefined {
  const { before, after } = move;
  const left = before.left === undefined ? undefined : before.left - 1;
  if (after.left !== left) return `${after.left ?? 'no'} are left, and it must be ${left ?? 'no'}`;
  const changed = keepsOrder(move) ?? keeps('isPaused')(move);
  if (changed !== undefined) return changed;
  if (left === 0) return after.endedOn === undefined ? 'goes on, and none is left' : undefined;
  return standsAtNext(move, ms(before.nextAt) ?? 0);
}

/** At a date of its own: none that lies ahead was passed over, and none that had passed is waited for. */
export function standsAtNext(
  { after, from, now }: Pick<Move, 'after' | 'from' | 'now'>,
  least = 0,
): string | undefined {
  const calendar = calendarOf(after.recurrence);
  const earliest = dateAfter(calendar, Math.max(from - PATIENCE_MS, least));
  const latest = dateAfter(calendar, Math.max(now + PATIENCE_MS, least));
  const next = ms(after.nextAt);
  if (next === undefined) return latest === undefined ? undefined : `is over, and ${iso(latest)} comes`;
  const isEarly = earliest === undefined || next < earliest;
  const isLate = latest !== undefined && next > latest;
  if (isEarly || isLate || dateAfter(calendar, next - 1) !== next)
    return `stands at ${after.nextAt}, and the next date is ${iso(earliest)} or ${iso(latest)}`;
  return undefined;
}

const iso = (moment: number | undefined): string =>
  moment === undefined ? 'none' : new Date(moment).toISOString();

export function isPause(move: Move): string | undefined {
  const { after, became } = move;
  if (after.isPaused !== true) return 'is not paused';
  if (became?.postponeUntil !== undefined) return `is paused, and waits until ${became.postponeUntil}`;
  return keepsOrder(move) ?? keeps('nextAt', 'nextJobId', 'left')(move);
}

/** It stands where it stood, if that lies ahead; else at the next date that does. */
export function isResume(move: Move): string | undefined {
  const { before, after, became, from, now } = move;
  if (before.isPaused !== true || after.isPaused !== undefined) return 'was not resumed';
  const changed = keepsOrder(move) ?? keeps('left')(move);
  if (changed !== undefined) return changed;
  if (became !== undefined && became.postponeUntil !== after.nextAt)
    return `waits until ${became.postponeUntil}, and stands at ${after.nextAt}`;
  const stood = ms(before.nextAt) ?? 0;
  if (stood > now + PATIENCE_MS || (stood > from - PATIENCE_MS && after.nextAt === before.nextAt))
    return keeps('nextAt')(move);
  return standsAtNext({ after, from, now });
}

/** Another order, other policies, or other dates, which count from now on. */
export function isPatch(move: Move): string | undefined {
  const { before, after, from, now } = move;
  const changed = keeps('ownerId', 'createdBy', 'createdOn', 'sequence', 'isPaused', 'lastJobId')(move);
  if (changed !== undefined) return changed;
  if (after.nextJobId === undefined || after.nextJobId === before.nextJobId)
    return 'has changed, and the occurrence to come has not';
  const { pattern, startTime } = before.recurrence;
  const hasOtherDates = pattern !== after.recurrence.pattern || startTime !== after.recurrence.startTime;
  if (!hasOtherDates) {
    const isAsBefore = keeps('nextAt', 'left')(move);
    // Whoever says the same pattern again begins anew too.
    return isAsBefore === undefined ? undefined : beginsAnew({ after, from, now });
  }
  return beginsAnew({ after, from, now });
}

/** A new COUNT, from the first date that lies ahead. */
export function beginsAnew(move: Pick<Move, 'after' | 'from' | 'now'>): string | undefined {
  const { after } = move;
  const { count } = calendarOf(after.recurrence);
  if (after.left !== count) return `${after.left ?? 'no'} are left, and it says ${count ?? 'no'}`;
  return standsAtNext(move);
}
