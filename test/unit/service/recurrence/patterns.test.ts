import { describe, expect, it } from '@jest/globals';
import { nextDate } from '../../../../shared/service/recurrence/dates.ts';
import { HORIZON_DAYS } from '../../../../shared/service/recurrence/wall-dates.ts';
import { aSchedule, datesOf } from '../../../support/dates-of.ts';

const START = '2026-01-31T09:30:00Z';

describe('the patterns of the Dataverse documents', () => {
  it.each([
    ['FREQ=MONTHLY;', ['2026-01-15T09:30:00Z', '2026-02-15T09:30:00Z', '2026-03-15T09:30:00Z']],
    ['FREQ=WEEKLY;', ['2026-01-15T09:30:00Z', '2026-01-22T09:30:00Z', '2026-01-29T09:30:00Z']],
    ['FREQ=DAILY;', ['2026-01-15T09:30:00Z', '2026-01-16T09:30:00Z', '2026-01-17T09:30:00Z']],
    ['FREQ=DAILY;INTERVAL=3;', ['2026-01-15T09:30:00Z', '2026-01-18T09:30:00Z', '2026-01-21T09:30:00Z']],
    ['FREQ=HOURLY;', ['2026-01-15T09:30:00Z', '2026-01-15T10:30:00Z', '2026-01-15T11:30:00Z']],
  ])('%s', (pattern, dates) => {
    expect(datesOf(pattern, '2026-01-15T09:30:00Z', 3)).toEqual(dates);
  });

  it('leave out months that are too short', () => {
    expect(datesOf('FREQ=MONTHLY;', START, 3)).toEqual([
      START,
      '2026-03-31T09:30:00Z',
      '2026-05-31T09:30:00Z',
    ]);
  });
});

describe('a pattern without a date', () => {
  it.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MINUTELY;INTERVAL=2;BYMINUTE=1',
    'FREQ=HOURLY;INTERVAL=24;BYHOUR=3',
    'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=30',
    'FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1',
    'FREQ=DAILY;UNTIL=20200101',
  ])('%s comes to an end', (pattern) => {
    expect(datesOf(pattern, '2026-01-01T00:00:00Z', 1)).toEqual([]);
  });

  it('is looked for no further ahead than forty years, which is far enough for the rarest', () => {
    expect(datesOf('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO', '2016-03-01T00:00:00Z', 1)).toEqual([
      '2044-02-29T00:00:00Z',
    ]);
    expect(HORIZON_DAYS).toBeLessThan(15_000);
  });

  it('is looked for from now on, however long ago its start lies', () => {
    const schedule = aSchedule('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;', '1904-01-01T08:00:00Z');
    expect(nextDate(schedule, Date.parse('2026-01-01T00:00:00Z'))).toBe(Date.parse('2028-02-29T08:00:00Z'));
  });
});
