import { BadExpression, type Cron, nextCronTurn, parseCron } from './cron.ts';
import type { Schedule } from './schedule.ts';
import { instantOf } from './wall-clock.ts';

type Expression =
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'rate'; readonly periodMs: number }
  | { readonly kind: 'at'; readonly atMs: number };

/** When a schedule is due next after a moment; `undefined` when it never is again. */
export function nextTurn(schedule: Schedule, afterMs: number): number | undefined {
  const { ScheduleExpressionTimezone: timeZone, StartDate, EndDate } = schedule;
  const expression = parseExpression(schedule.ScheduleExpression, timeZone);
  const from = Math.max(afterMs, StartDate === undefined ? 0 : StartDate * 1000 - 1);
  const turn = turnOf(expression, { schedule, from, afterMs });
  // StartDate and EndDate do not bound a one-time schedule.
  const isOver = expression.kind !== 'at' && EndDate !== undefined && (turn ?? 0) > EndDate * 1000;
  return isOver ? undefined : turn;
}

interface Search {
  readonly schedule: Schedule;
  readonly from: number;
  readonly afterMs: number;
}

function turnOf(expression: Expression, { schedule, from, afterMs }: Search): number | undefined {
  const { ScheduleExpressionTimezone: timeZone, StartDate, CreationDate } = schedule;
  if (expression.kind === 'cron') return nextCronTurn(expression.cron, from, timeZone);
  if (expression.kind === 'at') return expression.atMs > afterMs ? expression.atMs : undefined;
  // A rate counts from its start, without regard to daylight saving: a day is 24 hours.
  const firstMs = (StartDate ?? CreationDate) * 1000;
  if (firstMs > from) return firstMs;
  return firstMs + (Math.floor((from - firstMs) / expression.periodMs) + 1) * expression.periodMs;
}

/** Throws a BadExpression that says what is wrong. */
export function parseExpression(text: string, timeZone: string): Expression {
  const [, kind, inside = ''] = /^(cron|rate|at)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'cron') return { kind, cron: parseCron(inside) };
  if (kind === 'rate') return { kind, periodMs: periodOf(inside) };
  if (kind === 'at') return { kind, atMs: momentOf(inside, timeZone) };
  throw new BadExpression(`"${text}" is none of cron(…), rate(…) and at(…)`);
}

const unitsMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

function periodOf(text: string): number {
  const [, count, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(text) ?? [];
  const unitMs = Object.entries(unitsMs).find(([name]) => name === unit)?.[1];
  if (unitMs === undefined) throw new BadExpression(`"${text}" is not like "5 minutes"`);
  return Number(count) * unitMs;
}

function momentOf(text: string, timeZone: string): number {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (!parts) throw new BadExpression(`"${text}" is not like 2026-03-29T01:00:00`);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const moment = instantOf({ year, month, day, hour, minute, second }, timeZone);
  if (moment === undefined) throw new BadExpression(`there is no ${text} in ${timeZone}`);
  return moment;
}
