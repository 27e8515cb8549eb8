import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../../../shared/service/errors.ts';
import { normalPattern, parsePattern } from '../../../../shared/service/recurrence/parse-pattern.ts';
import { HORIZON_DAYS } from '../../../../shared/service/recurrence/wall-dates.ts';
import { datesOf } from '../../../support/dates-of.ts';

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

  it('are taken in any case, with a prefix, blanks, and with or without the last semicolon', () => {
    for (const spelling of [
      'freq=daily;interval=3',
      ' RRULE:FREQ=DAILY;INTERVAL=3;',
      'FREQ=DAILY; INTERVAL=3;',
    ])
      expect(parsePattern(spelling, '/p')).toEqual(parsePattern('FREQ=DAILY;INTERVAL=3;', '/p'));
    expect(normalPattern('rrule:freq=daily')).toBe('FREQ=DAILY;');
  });

  it('leave out months that are too short', () => {
    expect(datesOf('FREQ=MONTHLY;', START, 3)).toEqual([
      START,
      '2026-03-31T09:30:00Z',
      '2026-05-31T09:30:00Z',
    ]);
  });
});

const faultsOf = (pattern: string): string => {
  try {
    parsePattern(pattern, '/recurrence/pattern');
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    expect(error.faults.every(({ pointer }) => pointer === '/recurrence/pattern')).toBe(true);
    return error.faults.map(({ detail }) => detail).join(' ');
  }
  return '';
};

describe('a pattern that can not be served', () => {
  it.each([
    ['', 'NAME=VALUE'],
    ['every day', 'NAME=VALUE'],
    ['FREQ', 'NAME=VALUE'],
    ['FREQ=DAILY;;COUNT=3', 'NAME=VALUE'],
    ['INTERVAL=2', 'FREQ is missing'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ may be given once'],
    ['FREQ=OFTEN', 'FREQ must be one of'],
    ['FREQ=SECONDLY', 'once a minute at most'],
    ['FREQ=MINUTELY;BYSECOND=0,30', 'once a minute at most'],
    ['FREQ=DAILY;FOO=1', 'There is no part FOO'],
    ['FREQ=DAILY;toString=1', 'There is no part TOSTRING'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL must be a whole number from 1'],
    ['FREQ=DAILY;INTERVAL=-1', 'INTERVAL must be a whole number from 1'],
    ['FREQ=DAILY;INTERVAL=abc', 'INTERVAL must be a whole number'],
    ['FREQ=DAILY;INTERVAL=1e3', 'INTERVAL must be a whole number'],
    ['FREQ=DAILY;COUNT=99999999', 'COUNT must be a whole number'],
    ['FREQ=DAILY;BYHOUR=25', 'BYHOUR must be a whole number from 0 to 23'],
    ['FREQ=DAILY;BYHOUR=', 'BYHOUR must be a whole number'],
    ['FREQ=MONTHLY;BYMONTHDAY=0', 'counts from 1'],
    ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY must name days'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'BYDAY with a number needs'],
    ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', 'no number beside BYWEEKNO'],
    ['FREQ=MONTHLY;BYWEEKNO=3', 'BYWEEKNO needs FREQ=YEARLY'],
    ['FREQ=DAILY;BYYEARDAY=3', 'BYYEARDAY needs'],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'BYMONTHDAY does not go'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS chooses among'],
    ['FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=1', 'BYSETPOS needs'],
    ['FREQ=DAILY;UNTIL=20270230', 'UNTIL must be a date'],
    ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL must be a date'],
    ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'either COUNT or UNTIL'],
    [`FREQ=DAILY;BYHOUR=${'1,'.repeat(200)}1`, 'at most 256 characters'],
  ])('%s is refused and says what would be right', (pattern, detail) => {
    expect(faultsOf(pattern)).toContain(detail);
  });

  it('tells all its faults at once', () => {
    const faults = faultsOf('FREQ=DAILY;BYHOUR=25;FOO=1;INTERVAL=0');
    for (const part of ['BYHOUR', 'FOO', 'INTERVAL']) expect(faults).toContain(part);
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
    'FREQ=MINUTELY;BYWEEKNO=53',
    'FREQ=DAILY;UNTIL=20200101',
  ])('%s comes to an end', (pattern) => {
    const isWrong = faultsOf(pattern) !== '';
    expect(isWrong ? [] : datesOf(pattern, '2026-01-01T00:00:00Z', 1)).toEqual([]);
  });

  it('is looked for no further ahead than forty years, which is far enough for the rarest', () => {
    expect(datesOf('FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO', '2016-03-01T00:00:00Z', 1)).toEqual([
      '2044-02-29T00:00:00Z',
    ]);
    expect(HORIZON_DAYS).toBeLessThan(15_000);
  });
});
