import { describe, expect, it } from '@jest/globals';
import { scheduleDescription } from '../../../../local/schedules/schedule.ts';
import { nextTurn } from '../../../../local/schedules/turns.ts';
import { aSchedule } from '../../../support/a-schedule.ts';

/** The first turns after a moment, in UTC. */
function turns(
  expression: string,
  zone: string,
  after: string,
  count = 3,
  dates: { StartDate?: number; EndDate?: number } = {},
) {
  const schedule = aSchedule({ ScheduleExpression: expression, ScheduleExpressionTimezone: zone, ...dates });
  const found: string[] = [];
  let moment: number | undefined = Date.parse(after);
  while (found.length < count) {
    moment = nextTurn(schedule, moment);
    if (moment === undefined) break;
    found.push(new Date(moment).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('a cron expression (EventBridge Scheduler User Guide, "Schedule types")', () => {
  it.each([
    ['cron(0/15 * * * ? *)', ['2026-02-27T10:15Z', '2026-02-27T10:30Z', '2026-02-27T10:45Z']],
    ['cron(0 10 ? * MON-FRI *)', ['2026-03-02T10:00Z', '2026-03-03T10:00Z', '2026-03-04T10:00Z']],
    ['cron(30 8,20 1 * ? *)', ['2026-03-01T08:30Z', '2026-03-01T20:30Z', '2026-04-01T08:30Z']],
    ['cron(0 0 L * ? *)', ['2026-02-28T00:00Z', '2026-03-31T00:00Z', '2026-04-30T00:00Z']],
    ['cron(0 0 1W * ? *)', ['2026-03-02T00:00Z', '2026-04-01T00:00Z', '2026-05-01T00:00Z']],
    ['cron(0 0 LW * ? *)', ['2026-03-31T00:00Z', '2026-04-30T00:00Z', '2026-05-29T00:00Z']],
    ['cron(15 10 ? * 6L 2026-2027)', ['2026-02-27T10:15Z', '2026-03-27T10:15Z', '2026-04-24T10:15Z']],
    ['cron(0 0 ? * 3#1 *)', ['2026-03-03T00:00Z', '2026-04-07T00:00Z', '2026-05-05T00:00Z']],
    ['cron(0 0 29 FEB ? *)', ['2028-02-29T00:00Z', '2032-02-29T00:00Z', '2036-02-29T00:00Z']],
    ['cron(0 0 30 2 ? *)', []],
    ['cron(0 0 1 1 ? 2020)', []],
  ])('%s', (expression, expected) => {
    expect(turns(expression, 'UTC', '2026-02-27T10:01:00Z')).toEqual(expected);
  });

  it.each([
    'cron(0 1 * * * *)',
    'cron(0 1 ? * ? *)',
    'cron(0 1 * * ?)',
    'cron(60 1 * * ? *)',
    'cron(0 1 * FOO ? *)',
    'cron(0/0 1 * * ? *)',
    'rate(0 minutes)',
    'rate(5 seconds)',
    'at(2026-03-29 01:00)',
    'every day',
  ])('%s is refused', (ScheduleExpression) => {
    const { Target, FlexibleTimeWindow } = aSchedule();
    const given = { ScheduleExpression, Target, FlexibleTimeWindow };
    expect(scheduleDescription.safeParse(given).success).toBe(false);
  });
});

describe('across a daylight-saving change', () => {
  it('a daily turn keeps its time on the wall', () => {
    expect(turns('cron(0 1 * * ? *)', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T00:00Z',
      '2026-03-29T23:00Z',
      '2026-03-30T23:00Z',
    ]);
  });

  it('a turn at a time that does not exist is skipped ("falls on a non-existent date and time")', () => {
    expect(turns('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-03-27T12:00:00Z')).toEqual([
      '2026-03-28T01:30Z',
      '2026-03-30T00:30Z',
      '2026-03-31T00:30Z',
    ]);
  });

  it('a turn at a time that comes twice is taken once ("runs only once and does not repeat")', () => {
    expect(turns('cron(30 2 * * ? *)', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
      '2026-10-27T01:30Z',
    ]);
  });

  it('in America the hour is another one', () => {
    expect(turns('cron(0 1 * * ? *)', 'America/New_York', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:00Z',
      '2026-11-02T06:00Z',
    ]);
  });

  it('where the change is half an hour, and in the southern spring, all the same', () => {
    expect(turns('cron(15 2 * * ? *)', 'Australia/Lord_Howe', '2026-10-02T12:00:00Z', 2)).toEqual([
      '2026-10-02T15:45Z',
      '2026-10-04T15:15Z',
    ]);
  });

  it('in UTC every quarter of an hour has its turn', () => {
    expect(turns('cron(0/15 * * * ? *)', 'Etc/UTC', '2026-03-29T00:50:00Z', 2)).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-29T01:15Z',
    ]);
  });

  it('a day of a rate has 24 hours ("evaluates the rate expression 24 hours after the last invocation")', () => {
    const StartDate = Date.parse('2026-03-28T01:00:00Z') / 1000;
    expect(turns('rate(1 day)', 'Europe/Berlin', '2026-03-28T02:00:00Z', 2, { StartDate })).toEqual([
      '2026-03-29T01:00Z',
      '2026-03-30T01:00Z',
    ]);
  });
});

describe('other expressions', () => {
  it('a time without a rate is taken in the zone of the schedule, once', () => {
    expect(turns('at(2026-07-01T09:30:00)', 'Europe/Berlin', '2026-06-01T00:00:00Z')).toEqual([
      '2026-07-01T07:30Z',
    ]);
  });

  it('a rate counts from its start', () => {
    const StartDate = Date.parse('2026-06-01T00:07:00Z') / 1000;
    expect(turns('rate(2 hours)', 'UTC', '2026-05-31T00:00:00Z', 2, { StartDate })).toEqual([
      '2026-06-01T00:07Z',
      '2026-06-01T02:07Z',
    ]);
  });

  it('nothing comes before StartDate or after EndDate', () => {
    const dates = {
      StartDate: Date.parse('2026-06-01T00:00:00Z') / 1000,
      EndDate: Date.parse('2026-06-01T02:00:00Z') / 1000,
    };
    expect(turns('cron(0 * * * ? *)', 'UTC', '2026-01-01T00:00:00Z', 9, dates)).toEqual([
      '2026-06-01T00:00Z',
      '2026-06-01T01:00Z',
      '2026-06-01T02:00Z',
    ]);
  });
});
