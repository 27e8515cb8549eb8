import * as z from 'zod';
import type { Json } from '../../job/json.ts';
import { Instant } from '../new-job.ts';
import { parse } from '../parse.ts';
import { datesAfter } from '../recurrence/dates.ts';
import { checkedRecurrence } from './checked-recurrence.ts';

const MAX_DATES = 100;

const Preview = z.strictObject({
  pattern: z.string(),
  startTime: Instant.optional(),
  timeZone: z.string().optional(),
  count: z.int().min(1).max(MAX_DATES).default(10),
});

/**
 * The next dates of a recurrence, as instants and as the clocks of its zone show them. Says what an order with the
 * same recurrence would be refused for. Throws `InvalidInput`.
 */
export function previewRecurrence(body: unknown, now: number): Json {
  const { count, ...said } = parse(Preview, body);
  const { recurrence, schedule, first } = checkedRecurrence(said, now, '');
  const most = Math.min(count, schedule.rule.count ?? count);
  const dates: Json[] = [];
  for (const date of datesAfter(schedule, first - 1)) {
    const local = new Date(schedule.zone.wallAt(date)).toISOString().slice(0, 19);
    dates.push({ at: new Date(date).toISOString(), local });
    if (dates.length >= most) break;
  }
  return { ...recurrence, dates };
}
