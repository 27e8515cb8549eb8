import { describe, expect, it } from '@jest/globals';
import { datesOf } from '../../../support/dates-of.ts';

/** The dates at half past nine, without their times. */
const daysOf = (pattern: string, start: string, count: number): string[] =>
  datesOf(pattern, `${start}T09:30:00Z`, count).map((date) => date.replace('T09:30:00Z', ''));

describe('a place in a set', () => {
  // 1 January 2026 is a Thursday.
  it.each([
    ['of a week', 'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2', ['2026-01-07', '2026-01-14', '2026-01-21']],
    ['from its end', 'FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1', ['2026-01-02', '2026-01-09', '2026-01-16']],
    ['of a week from Monday', 'FREQ=WEEKLY;BYDAY=SU,MO;BYSETPOS=1', ['2026-01-05', '2026-01-12']],
    ['of a week from Sunday', 'FREQ=WEEKLY;BYDAY=SU,MO;BYSETPOS=1;WKST=SU', ['2026-01-04', '2026-01-11']],
    ['of every other week', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYSETPOS=1', ['2026-01-12', '2026-01-26']],
    [
      'of a month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      ['2026-01-30', '2026-02-27', '2026-03-31'],
    ],
    [
      'of a year',
      'FREQ=YEARLY;BYMONTH=1,12;BYDAY=MO;BYSETPOS=1,-1',
      ['2026-01-05', '2026-12-28', '2027-01-04', '2027-12-27'],
    ],
    ['of every other year', 'FREQ=YEARLY;INTERVAL=2;BYDAY=MO;BYSETPOS=2', ['2026-01-12', '2028-01-10']],
    [
      'that is there in leap years only',
      'FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=366',
      ['2028-12-31', '2032-12-31'],
    ],
    ['that is not there each time', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5', ['2026-03-30', '2026-06-29']],
  ])('%s: %s', (_which, pattern, days) => {
    expect(daysOf(pattern, '2026-01-01', days.length)).toEqual(days);
  });

  it('is counted from the begin of the set, also where that lies before the start', () => {
    const pattern = 'FREQ=YEARLY;BYMONTH=1,12;BYDAY=MO;BYSETPOS=1,-1';
    expect(daysOf(pattern, '2026-01-07', 2)).toEqual(['2026-12-28', '2027-01-04']);
  });

  it('may be one of the times of a day, or of many days', () => {
    expect(datesOf('FREQ=DAILY;BYHOUR=8,12,18;BYSETPOS=2', '2026-01-01T09:30:00Z', 2)).toEqual([
      '2026-01-01T12:30:00Z',
      '2026-01-02T12:30:00Z',
    ]);
    const monthly = 'FREQ=MONTHLY;BYHOUR=8,12;BYMONTHDAY=1,2;BYSETPOS=3';
    expect(datesOf(monthly, '2026-01-01T09:30:00Z', 2)).toEqual([
      '2026-01-02T08:30:00Z',
      '2026-02-02T08:30:00Z',
    ]);
  });
});

describe('what a pattern leaves open', () => {
  it.each([
    ['FREQ=YEARLY', ['2026-11-19', '2027-11-19', '2028-11-19']],
    ['FREQ=YEARLY;BYMONTH=3', ['2027-03-19', '2028-03-19']],
    ['FREQ=YEARLY;BYMONTHDAY=3', ['2026-12-03', '2027-01-03', '2027-02-03']],
    ['FREQ=YEARLY;BYDAY=TH', ['2026-11-19', '2026-11-26', '2026-12-03']],
    ['FREQ=YEARLY;BYYEARDAY=2', ['2027-01-02', '2028-01-02']],
    ['FREQ=MONTHLY', ['2026-11-19', '2026-12-19', '2027-01-19']],
    ['FREQ=MONTHLY;INTERVAL=5', ['2026-11-19', '2027-04-19', '2027-09-19', '2028-02-19']],
    ['FREQ=MONTHLY;BYDAY=FR', ['2026-11-20', '2026-11-27', '2026-12-04']],
    ['FREQ=WEEKLY;INTERVAL=7', ['2026-11-19', '2027-01-07', '2027-02-25']],
    ['FREQ=WEEKLY;BYMONTH=12', ['2026-12-03', '2026-12-10']],
    ['FREQ=DAILY;INTERVAL=30', ['2026-11-19', '2026-12-19', '2027-01-18']],
    ['FREQ=DAILY;BYDAY=MO', ['2026-11-23', '2026-11-30']],
  ])('is as in its start: %s', (pattern, days) => {
    expect(daysOf(pattern, '2026-11-19', days.length)).toEqual(days);
  });
});

describe('a week of the year', () => {
  it.each([
    ['the first', 'FREQ=YEARLY;BYWEEKNO=1', ['2026-01-01', '2027-01-07', '2028-01-06', '2029-01-04']],
    ['the first, from Sunday', 'FREQ=YEARLY;BYWEEKNO=1;WKST=SU', ['2026-01-08', '2027-01-07', '2028-01-06']],
    ['the last', 'FREQ=YEARLY;BYWEEKNO=-1', ['2026-12-31', '2027-12-30', '2028-12-28']],
    ['the 53rd, where there is one', 'FREQ=YEARLY;BYWEEKNO=53', ['2026-12-31', '2032-12-30', '2037-12-31']],
    [
      'that ends in the new year',
      'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SU',
      ['2027-01-03', '2033-01-02', '2038-01-03'],
    ],
    ['the last, to its end', 'FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU', ['2027-01-03', '2028-01-02', '2028-12-31']],
    ['the 53rd from the end', 'FREQ=YEARLY;BYWEEKNO=-53', ['2026-01-01', '2032-01-01', '2037-01-01']],
    [
      'that belongs to the next year',
      'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,SU',
      ['2026-01-04', '2027-01-04', '2027-01-10'],
    ],
    [
      'that begins in the old year',
      'FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO',
      ['2027-01-04', '2028-01-03', '2029-01-01', '2029-12-31'],
    ],
  ])('%s: %s', (_which, pattern, days) => {
    expect(daysOf(pattern, '2026-01-01', days.length)).toEqual(days);
  });
});

describe('a day that is counted', () => {
  it.each([
    ['from the end of the year', 'FREQ=YEARLY;BYYEARDAY=-1,-366', ['2026-12-31', '2027-12-31', '2028-01-01']],
    [
      'in a month of the year',
      'FREQ=YEARLY;BYMONTH=2;BYDAY=-1SU',
      ['2026-02-22', '2027-02-28', '2028-02-27'],
    ],
    ['in the year', 'FREQ=YEARLY;BYDAY=1TH,-1TH', ['2026-01-01', '2026-12-31', '2027-01-07', '2027-12-30']],
    ['in the year, from its end', 'FREQ=YEARLY;BYDAY=-53TH', ['2026-01-01', '2032-01-01']],
    ['in the month', 'FREQ=MONTHLY;BYDAY=5TH,-5FR', ['2026-01-02', '2026-01-29', '2026-04-30', '2026-05-01']],
  ])('%s: %s', (_which, pattern, days) => {
    expect(daysOf(pattern, '2026-01-01', days.length)).toEqual(days);
  });
});

describe('an interval of hours or minutes', () => {
  it.each([
    ['FREQ=HOURLY;INTERVAL=5', ['01T09:10:20', '01T14:10:20', '01T19:10:20', '02T00:10:20', '02T05:10:20']],
    ['FREQ=HOURLY;INTERVAL=100', ['01T09:10:20', '05T13:10:20', '09T17:10:20']],
    ['FREQ=HOURLY;INTERVAL=11;BYMINUTE=0,15', ['01T09:15:20', '01T20:00:20', '01T20:15:20', '02T07:00:20']],
    ['FREQ=HOURLY;INTERVAL=7;BYHOUR=0,16', ['01T16:10:20', '04T00:10:20', '08T16:10:20']],
    ['FREQ=MINUTELY;INTERVAL=600', ['01T09:10:20', '01T19:10:20', '02T05:10:20', '02T15:10:20']],
    ['FREQ=MINUTELY;INTERVAL=2000', ['01T09:10:20', '02T18:30:20', '04T03:50:20']],
    ['FREQ=MINUTELY;INTERVAL=7;BYHOUR=23;BYSECOND=5', ['01T23:03:05', '01T23:10:05', '01T23:17:05']],
    ['FREQ=MINUTELY;BYMINUTE=59,0', ['01T09:59:20', '01T10:00:20', '01T10:59:20']],
  ])('%s', (pattern, dates) => {
    const found = datesOf(pattern, '2026-01-01T09:10:20Z', dates.length);
    expect(found).toEqual(dates.map((date) => `2026-01-${date}Z`));
  });

  it('that meets its hour once in three years is waited for', () => {
    expect(datesOf('FREQ=HOURLY;INTERVAL=1001;BYHOUR=0', '2026-01-01T09:10:20Z', 1)).toEqual([
      '2027-09-19T00:10:20Z',
    ]);
  });
});
