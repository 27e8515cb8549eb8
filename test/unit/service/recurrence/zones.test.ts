import { describe, expect, it } from '@jest/globals';
import { nextDate } from '../../../../shared/service/recurrence/dates.ts';
import { zoneOf } from '../../../../shared/service/recurrence/zone.ts';
import { aSchedule, datesOf } from '../../../support/dates-of.ts';

/** Changes of 2026: the day before, the day of the change, and the day after, for a time in the middle of it. */
const CHANGES = [
  [
    'Europe/Berlin',
    '2:30 in spring is left out: 3:30',
    '2026-03-28T01:30:00Z',
    ['2026-03-28T01:30:00Z', '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
  ],
  [
    'Europe/Berlin',
    '2:30 in autumn comes twice: the first',
    '2026-10-24T00:30:00Z',
    ['2026-10-24T00:30:00Z', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
  ],
  [
    'America/New_York',
    '2:30 in spring is left out: 3:30',
    '2026-03-07T07:30:00Z',
    ['2026-03-07T07:30:00Z', '2026-03-08T07:30:00Z', '2026-03-09T06:30:00Z'],
  ],
  [
    'America/New_York',
    '1:30 in autumn comes twice: the first',
    '2026-10-31T05:30:00Z',
    ['2026-10-31T05:30:00Z', '2026-11-01T05:30:00Z', '2026-11-02T06:30:00Z'],
  ],
  [
    'Australia/Lord_Howe',
    '2:15 in spring is left out: 2:45, for this change is half an hour',
    '2026-10-02T15:45:00Z',
    ['2026-10-02T15:45:00Z', '2026-10-03T15:45:00Z', '2026-10-04T15:15:00Z'],
  ],
  [
    'Australia/Lord_Howe',
    '1:45 in autumn comes twice: the first',
    '2026-04-03T14:45:00Z',
    ['2026-04-03T14:45:00Z', '2026-04-04T14:45:00Z', '2026-04-05T15:15:00Z'],
  ],
] as const;

describe('a daily time in a zone', () => {
  it.each(CHANGES)('%s: %s', (zone, _what, start, dates) => {
    expect(datesOf('FREQ=DAILY;', start, 3, zone)).toEqual(dates);
  });

  it('is the same instant every day without a zone', () => {
    expect(datesOf('FREQ=DAILY;', '2026-03-28T01:30:00Z', 3)).toEqual([
      '2026-03-28T01:30:00Z',
      '2026-03-29T01:30:00Z',
      '2026-03-30T01:30:00Z',
    ]);
  });
});

describe('a series by the hour', () => {
  it.each([
    ['FREQ=HOURLY;', '2026-03-28T23:30:00Z'],
    ['FREQ=HOURLY;', '2026-10-24T23:30:00Z'],
    ['FREQ=MINUTELY;INTERVAL=60;', '2026-03-28T23:30:00Z'],
    ['FREQ=MINUTELY;INTERVAL=60;BYSECOND=0;', '2026-10-24T23:30:00Z'],
  ])('counts real hours across a change (%s from %s on)', (pattern, start) => {
    const dates = datesOf(pattern, start, 6, 'Europe/Berlin').map((date) => Date.parse(date));
    expect(dates.slice(1).map((date, place) => date - (dates[place] ?? 0))).toEqual(Array(5).fill(3_600_000));
  });

  it.each([
    ['BYMINUTE=0', '2026-03-29T01:00:00Z'],
    ['BYHOUR=0', '2026-03-28T23:00:00Z'],
    ['BYDAY=MO', '2026-03-29T22:00:00Z'],
    ['BYMONTHDAY=30', '2026-03-29T22:00:00Z'],
    ['BYYEARDAY=89', '2026-03-29T22:00:00Z'],
    ['BYMONTH=4', '2026-03-31T22:00:00Z'],
  ])('goes by the clocks where it names %s', (part, date) => {
    const start = part === 'BYMINUTE=0' ? '2026-03-29T00:30:00Z' : '2026-03-28T22:00:00Z';
    expect(datesOf(`FREQ=HOURLY;${part};`, start, 1, 'Europe/Berlin')).toEqual([date]);
  });

  it('reads its minutes off the clocks of the zone', () => {
    expect(datesOf('FREQ=HOURLY;BYMINUTE=0;', '2026-01-01T00:00:00Z', 2, 'Asia/Kolkata')).toEqual([
      '2026-01-01T00:30:00Z',
      '2026-01-01T01:30:00Z',
    ]);
  });

  it('goes by the clocks where it names hours', () => {
    expect(datesOf('FREQ=HOURLY;BYHOUR=8,9;', '2026-03-28T00:00:00Z', 4, 'Europe/Berlin')).toEqual([
      '2026-03-28T07:00:00Z',
      '2026-03-28T08:00:00Z',
      '2026-03-29T06:00:00Z',
      '2026-03-29T07:00:00Z',
    ]);
  });
});

describe('dates that a change of the clocks puts together', () => {
  it('come in order, and each once', () => {
    // 2:30 is 3:30 on that day; then 3:00 lies before it, and 3:30 upon it.
    const dates = datesOf('FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;', '2026-03-28T23:00:00Z', 4, 'Europe/Berlin');
    expect(dates).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:30:00Z',
      '2026-03-30T00:00:00Z',
      '2026-03-30T00:30:00Z',
    ]);
  });

  it.each([
    ['15,30', ['2026-10-03T15:30:00Z', '2026-10-03T15:45:00Z', '2026-10-04T15:15:00Z']],
    ['15,45', ['2026-10-03T15:45:00Z', '2026-10-04T15:15:00Z', '2026-10-04T15:45:00Z']],
    ['0,15,30,45', ['2026-10-03T15:30:00Z', '2026-10-03T15:45:00Z', '2026-10-04T15:00:00Z']],
  ])('come in order also where one is moved behind the next one: %s', (minutes, dates) => {
    // Lord Howe's clocks go from 2:00 to 2:30: 2:15 is 2:45, and 2:30 lies before it.
    const pattern = `FREQ=DAILY;BYHOUR=2;BYMINUTE=${minutes};`;
    expect(datesOf(pattern, '2026-10-03T12:00:00Z', 3, 'Australia/Lord_Howe')).toEqual(dates);
  });

  it('are the same wherever one begins to count', () => {
    const schedule = aSchedule(
      'FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;',
      '2026-03-28T23:00:00Z',
      'Europe/Berlin',
    );
    let at = schedule.start;
    const found: string[] = [];
    while (found.length < 4) {
      at = nextDate(schedule, at) ?? Number.NaN;
      found.push(new Date(at).toISOString().replace('.000Z', 'Z'));
    }
    expect(found).toEqual(
      datesOf('FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,30;', '2026-03-28T23:00:00Z', 4, 'Europe/Berlin'),
    );
  });
});

describe('a last date that a change of the clocks leaves out', () => {
  it.each(['BYHOUR=2', 'BYHOUR=2,3'])('is moved on, and comes once: %s', (hours) => {
    const pattern = `FREQ=YEARLY;INTERVAL=50;BYMONTH=3;BYMONTHDAY=29;${hours};BYMINUTE=30;`;
    const [start, only] = ['2026-03-28T01:00:00Z', '2026-03-29T01:30:00Z'];
    expect(datesOf(pattern, start, 3, 'Europe/Berlin')).toEqual([only]);
    const schedule = aSchedule(pattern, start, 'Europe/Berlin');
    expect(nextDate(schedule, Date.parse(only) - 1)).toBe(Date.parse(only));
    expect(nextDate(schedule, Date.parse(only))).toBeUndefined();
  });
});

describe('the end of a series in a zone', () => {
  it('is on the wall where UNTIL has no Z, and takes in a whole day where it has no time', () => {
    const start = '2026-06-01T22:30:00Z'; // 0:30 on 2 June in Berlin
    expect(datesOf('FREQ=DAILY;UNTIL=20260603;', start, 9, 'Europe/Berlin')).toHaveLength(2);
    expect(datesOf('FREQ=DAILY;UNTIL=20260603T003000;', start, 9, 'Europe/Berlin')).toHaveLength(2);
    expect(datesOf('FREQ=DAILY;UNTIL=20260603T003000Z;', start, 9, 'Europe/Berlin')).toHaveLength(2);
    expect(datesOf('FREQ=DAILY;UNTIL=20260602T222959Z;', start, 9, 'Europe/Berlin')).toHaveLength(1);
  });
});

describe('a zone', () => {
  it.each(['Europe/Berlin', 'America/Argentina/Ushuaia', 'UTC', 'Etc/GMT+5', 'Pacific/Apia'])(
    '%s is known',
    (name) => {
      expect(zoneOf(name)).toBeDefined();
    },
  );

  it.each([
    '',
    'Mars/Olympus',
    '+02:00',
    '-0200',
    'GMT+2',
    'Europe',
    'Europe/../Berlin',
    'x'.repeat(999),
    'Europe/Berlin\0',
  ])('%j is none', (name) => {
    expect(zoneOf(name)).toBeUndefined();
  });

  it.each([
    ['UTC', '2026-06-01T12:34:56.789Z', '2026-06-01T12:34:56.789Z'],
    ['Europe/Berlin', '2026-12-31T23:59:59.999Z', '2027-01-01T00:59:59.999Z'],
    ['America/St_Johns', '2026-01-01T00:00:01.001Z', '2025-12-31T20:30:01.001Z'],
    ['Europe/Berlin', '1969-12-31T23:59:59.999Z', '1970-01-01T00:59:59.999Z'],
  ])('%s: the clocks at %s', (name, instant, wall) => {
    const zone = zoneOf(name);
    expect(zone?.wallAt(Date.parse(instant))).toBe(Date.parse(wall));
    expect(zone?.instantAt(Date.parse(wall))).toBe(Date.parse(instant));
  });

  it('is that of the world where none is named', () => {
    expect(zoneOf(undefined)?.wallAt(1_234)).toBe(1_234);
    expect(zoneOf(undefined)?.instantAt(1_234)).toBe(1_234);
  });

  it('may skip a day: Samoa had no 30 December 2011', () => {
    expect(datesOf('FREQ=DAILY;', '2011-12-29T19:00:00Z', 3, 'Pacific/Apia')).toEqual([
      '2011-12-29T19:00:00Z',
      '2011-12-30T19:00:00Z',
      '2011-12-31T19:00:00Z',
    ]);
  });
});
