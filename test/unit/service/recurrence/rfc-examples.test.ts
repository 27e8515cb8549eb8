import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { WEEK_DAYS } from '../../../../shared/service/recurrence/rule.ts';
import { datesOf } from '../../../support/dates-of.ts';

const NEW_YORK = 'America/New_York';
/** 9 AM in New York on 2 September 1997, the start of most examples. */
const START = '1997-09-02T13:00:00Z';

const library = (pattern: string, start: string, count: number, timeZone = 'UTC'): string[] => {
  const [stamp] = start.replaceAll(/[-:]/g, '').split('.');
  const rule = new RRuleTemporal({ rruleString: `DTSTART:${stamp}\nRRULE:${pattern}`, tzid: timeZone });
  const dates: string[] = [];
  for (let last = Date.parse(start) - 1; dates.length < count; ) {
    const next = rule.next(new Date(last));
    if (next === null) break;
    last = next.epochMilliseconds;
    dates.push(new Date(last).toISOString().replace('.000Z', 'Z'));
  }
  return dates;
};

const inNewYork = (dates: readonly string[]): string[] =>
  dates.map((date) => new Date(date).toLocaleDateString('sv-SE', { timeZone: NEW_YORK }));

describe('the examples of RFC 5545, 3.8.5.3', () => {
  it.each([
    ['daily until Christmas Eve', 'FREQ=DAILY;UNTIL=19971224T000000Z', START, 113, '1997-12-23'],
    ['every other day', 'FREQ=DAILY;INTERVAL=2', START, 5, '1997-09-10'],
    ['every ten days', 'FREQ=DAILY;INTERVAL=10', START, 5, '1997-10-12'],
    ['every other week', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU', START, 5, '1997-10-28'],
    ['weekly on Tuesday and Thursday', 'FREQ=WEEKLY;WKST=SU;BYDAY=TU,TH', START, 10, '1997-10-02'],
    [
      'every other year, every day of January',
      'FREQ=YEARLY;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA',
      '1998-01-01T14:00:00Z',
      62,
      '1999-01-31',
    ],
    ['Friday the 13th', 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', START, 5, '2000-10-13'],
    [
      'the second last Monday of the month',
      'FREQ=MONTHLY;BYDAY=-2MO',
      '1997-09-22T13:00:00Z',
      6,
      '1998-02-16',
    ],
    [
      'the third last day of the month',
      'FREQ=MONTHLY;BYMONTHDAY=-3',
      '1997-09-28T13:00:00Z',
      6,
      '1998-02-26',
    ],
    [
      'the first and last day of the month',
      'FREQ=MONTHLY;BYMONTHDAY=1,-1',
      '1997-09-30T13:00:00Z',
      10,
      '1998-02-01',
    ],
    [
      'every 18 months on the 10th to 15th',
      'FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11,12,13,14,15',
      '1997-09-10T13:00:00Z',
      10,
      '1999-03-13',
    ],
    [
      'every third year on days 1, 100 and 200',
      'FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200',
      '1997-01-01T14:00:00Z',
      10,
      '2006-01-01',
    ],
    ['the 20th Monday of the year', 'FREQ=YEARLY;BYDAY=20MO', '1997-05-19T13:00:00Z', 3, '1999-05-17'],
    ['Monday of week 20', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', '1997-05-12T13:00:00Z', 3, '1999-05-17'],
    ['Thursdays in March', 'FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '1997-03-13T14:00:00Z', 11, '1999-03-25'],
    [
      'the first Saturday after the first Sunday',
      'FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13',
      '1997-09-13T13:00:00Z',
      10,
      '1998-06-13',
    ],
    [
      'Election Day',
      'FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05T14:00:00Z',
      3,
      '2004-11-02',
    ],
    [
      'the third of Tuesday, Wednesday, Thursday',
      'FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3',
      '1997-09-04T13:00:00Z',
      3,
      '1997-11-06',
    ],
    [
      'the second last weekday of the month',
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2',
      '1997-09-29T13:00:00Z',
      7,
      '1998-03-30',
    ],
    [
      'weeks that begin on Monday',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO',
      '1997-08-05T13:00:00Z',
      4,
      '1997-08-24',
    ],
    [
      'weeks that begin on Sunday',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU',
      '1997-08-05T13:00:00Z',
      4,
      '1997-08-31',
    ],
    ['an invalid date is left out', 'FREQ=MONTHLY;BYMONTHDAY=15,30', '2007-01-15T14:00:00Z', 5, '2007-03-30'],
  ])('%s', (_what, pattern, start, count, last) => {
    const dates = datesOf(pattern, start, count, NEW_YORK);
    expect(dates).toHaveLength(count);
    expect(inNewYork(dates).at(-1)).toBe(last);
    for (const date of dates)
      expect(new Date(date).toLocaleTimeString('sv-SE', { timeZone: NEW_YORK })).toBe('09:00:00');
  });

  it('every three hours, and every hour and a half', () => {
    expect(datesOf('FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z', START, 9)).toEqual([
      '1997-09-02T13:00:00Z',
      '1997-09-02T16:00:00Z',
      '1997-09-02T19:00:00Z',
    ]);
    expect(datesOf('FREQ=MINUTELY;INTERVAL=90', START, 3)).toEqual([
      '1997-09-02T13:00:00Z',
      '1997-09-02T14:30:00Z',
      '1997-09-02T16:00:00Z',
    ]);
  });

  it('every 20 minutes from 9 AM to 4:40 PM, said in two ways', () => {
    const daily = datesOf('FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40', START, 60, NEW_YORK);
    const minutely = 'FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16';
    expect(datesOf(minutely, START, 60, NEW_YORK)).toEqual(daily);
    expect(daily[23]).toBe('1997-09-02T20:40:00Z');
    expect(daily[24]).toBe('1997-09-03T13:00:00Z');
  });
});

const some = (values: fc.Arbitrary<number | string>) =>
  fc.uniqueArray(values, { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(','));
const signed = (most: number) => fc.integer({ min: 1, max: most }).chain((n) => fc.constantFrom(n, -n));
const optional = (name: string, values: fc.Arbitrary<number | string>) =>
  fc.option(
    some(values).map((value) => `;${name}=${value}`),
    { nil: '', freq: 2 },
  );

const plainDays = optional('BYDAY', fc.constantFrom(...WEEK_DAYS));
const numberedDays = optional('BYDAY', fc.constantFrom('1MO', '-1FR', '2TU'));
const ofMonth = optional('BYMONTHDAY', signed(28));
const together = fc.tuple(ofMonth, plainDays).map((both) => both.join(''));

/** Parts that go together by the RFC, and about which the library reads it as we do. */
const daysOf = {
  YEARLY: fc.oneof(together, numberedDays),
  MONTHLY: fc.oneof(together, numberedDays),
  WEEKLY: plainDays,
  DAILY: together,
  HOURLY: together,
} as const;
const PATTERN = fc
  .constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY')
  .chain((freq) =>
    fc
      .tuple(
        fc.integer({ min: 1, max: 5 }),
        optional('BYMONTH', fc.integer({ min: 1, max: 12 })),
        daysOf[freq],
        optional('BYHOUR', fc.integer({ min: 0, max: 23 })),
        optional('BYMINUTE', fc.integer({ min: 0, max: 59 })),
        fc.constantFrom(...WEEK_DAYS),
      )
      .map(
        ([interval, months, days, hours, minutes, start]) =>
          `FREQ=${freq};INTERVAL=${interval}${months}${days}${hours}${minutes};WKST=${start}`,
      ),
  );

describe('dates', () => {
  it('are those of another implementation, for any pattern', () => {
    fc.assert(
      fc.property(PATTERN, fc.integer({ min: 0, max: 400 * 24 * 60 }), (pattern, minutes) => {
        const start = new Date(Date.UTC(2026, 0, 1) + minutes * 60_000).toISOString().replace('.000Z', 'Z');
        let theirs: string[];
        try {
          theirs = library(pattern, start, 4);
        } catch {
          return; // it gives up after 10,000 steps, where ours goes on
        }
        const horizon = `${Number(start.slice(0, 4)) + 40}`;
        const isNear = (date: string): boolean => date < horizon;
        expect(datesOf(pattern, start, theirs.length).filter(isNear)).toEqual(theirs.filter(isNear));
      }),
      { numRuns: 200 },
    );
  });
});
