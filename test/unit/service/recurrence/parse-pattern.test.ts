import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../../../shared/service/errors.ts';
import { normalPattern, parsePattern } from '../../../../shared/service/recurrence/parse-pattern.ts';

const read = (pattern: string) => parsePattern(pattern, '/recurrence/pattern');

/** What is wrong with a pattern, in the words of the refusal. */
function faultsOf(pattern: string): string[] {
  try {
    read(pattern);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    expect(error.faults.every(({ pointer }) => pointer === '/recurrence/pattern')).toBe(true);
    return error.faults.map(({ detail }) => detail);
  }
  return [];
}

describe('a pattern', () => {
  it('leaves open what it does not name', () => {
    expect(read('FREQ=DAILY')).toEqual({
      freq: 'DAILY',
      interval: 1,
      bySecond: [],
      byMinute: [],
      byHour: [],
      byDay: [],
      byMonthDay: [],
      byYearDay: [],
      byWeekNo: [],
      byMonth: [],
      bySetPos: [],
      weekStart: 0,
    });
  });

  it('is read part by part, numbers in order and each once', () => {
    const parts = [
      'FREQ=YEARLY',
      'INTERVAL=2',
      'COUNT=30',
      'BYSECOND=15',
      'BYMINUTE=30,0,30',
      'BYHOUR=+9,10,8',
      'BYDAY=MO,SU',
      'BYMONTHDAY=-1,1',
      'BYYEARDAY=-366,366',
      'BYWEEKNO=20,-1',
      'BYMONTH=12,2',
      'BYSETPOS=2,-1',
      'WKST=SU',
    ];
    expect(read(parts.join(';'))).toEqual({
      freq: 'YEARLY',
      interval: 2,
      count: 30,
      bySecond: [15],
      byMinute: [0, 30],
      byHour: [8, 9, 10],
      byDay: [{ day: 0 }, { day: 6 }],
      byMonthDay: [-1, 1],
      byYearDay: [-366, 366],
      byWeekNo: [-1, 20],
      byMonth: [2, 12],
      bySetPos: [-1, 2],
      weekStart: 6,
    });
  });

  it('may number its days of the week, also from the end and with two digits', () => {
    const { byDay } = read('FREQ=YEARLY;BYDAY=20MO,-1FR,+2WE');
    expect(byDay).toEqual([
      { day: 0, nth: 20 },
      { day: 4, nth: -1 },
      { day: 2, nth: 2 },
    ]);
  });

  it.each([
    ['20271231', '2027-12-31T23:59:59Z', true],
    ['20271231T083015', '2027-12-31T08:30:15Z', true],
    ['20271231T083015Z', '2027-12-31T08:30:15Z', false],
  ])('that goes until %s means %s', (until, date, isWallTime) => {
    expect(read(`FREQ=DAILY;UNTIL=${until}`).until).toEqual({ ms: Date.parse(date), isWallTime });
  });

  it.each([
    'freq=daily;interval=3',
    ' RRULE:FREQ=DAILY;INTERVAL=3;',
    'rrule:FREQ=DAILY;INTERVAL=3;;; ',
    'FREQ=DAILY; INTERVAL=3;',
    'FREQ = DAILY ; INTERVAL = 3',
  ])('may be spelled %j', (spelling) => {
    expect(read(spelling)).toEqual(read('FREQ=DAILY;INTERVAL=3;'));
  });

  it.each(['rrule:freq=daily;interval=3', ' FREQ=DAILY;INTERVAL=3;;\n'])(
    '%j is kept in one spelling',
    (text) => {
      expect(normalPattern(text)).toBe('FREQ=DAILY;INTERVAL=3;');
    },
  );

  it('has 256 characters at most; of a longer one nothing is read', () => {
    const hours = `FREQ=DAILY;BYHOUR=${'1,'.repeat(200)}`.slice(0, 255);
    expect(faultsOf(`${hours}1`)).toEqual([]);
    expect(faultsOf(`X${hours}1`)).toEqual(['A pattern has at most 256 characters.']);
  });
});

describe('a number in a pattern', () => {
  it.each([
    ['INTERVAL', 'DAILY', 1, 100_000],
    ['COUNT', 'DAILY', 1, 1_000_000],
    ['BYSECOND', 'DAILY', 0, 59],
    ['BYMINUTE', 'DAILY', 0, 59],
    ['BYHOUR', 'DAILY', 0, 23],
    ['BYMONTHDAY', 'MONTHLY', -31, 31],
    ['BYYEARDAY', 'YEARLY', -366, 366],
    ['BYWEEKNO', 'YEARLY', -53, 53],
    ['BYMONTH', 'YEARLY', 1, 12],
    ['BYSETPOS', 'DAILY;BYHOUR=1,2', -366, 366],
  ])('of %s (FREQ=%s) is from %i to %i', (name, freq, least, most) => {
    const faultsWith = (value: number | string) => faultsOf(`FREQ=${freq};${name}=${value}`);
    const refused = [`${name} must be a whole number from ${least} to ${most}.`];
    expect([least, most].flatMap(faultsWith)).toEqual([]);
    for (const value of [least - 1, most + 1, '', 'x', '1.5', '1e1', '0x1', '1x', 'x1', '00000001'])
      expect([value, faultsWith(value)]).toEqual([value, refused]);
  });

  it.each(['BYMONTHDAY=0', 'BYYEARDAY=1,0', 'BYWEEKNO=0', 'BYDAY=0MO'])('is not 0 in %s', (part) => {
    const [name] = part.split('=');
    expect(faultsOf(`FREQ=YEARLY;${part}`)).toEqual([`${name} counts from 1, or from -1 backwards.`]);
  });
});

const PARTS =
  'A pattern is made of parts NAME=VALUE; with a semicolon between them, such as FREQ=DAILY;INTERVAL=3;.';
const KNOWN =
  'FREQ, INTERVAL, COUNT, UNTIL, BYSECOND, BYMINUTE, BYHOUR, BYDAY, BYMONTHDAY, BYYEARDAY, BYWEEKNO, BYMONTH, BYSETPOS, WKST';
const FREQUENCY = 'FREQ must be one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY.';
const DAYS = 'must name days of the week: MO, TU, WE, TH, FR, SA, SU.';
const UNTIL = 'UNTIL must be a date such as 20271231 or 20271231T235959Z.';
const NUMBERED = 'BYDAY with a number needs FREQ=MONTHLY or FREQ=YEARLY.';
const YEAR_DAYS = 'BYYEARDAY needs FREQ=YEARLY, FREQ=HOURLY or FREQ=MINUTELY.';
const SLOW = 'BYSETPOS needs FREQ=DAILY or a slower one.';

describe('a pattern that can not be served', () => {
  it.each([
    ['', PARTS],
    ['every day', PARTS],
    ['FREQ', PARTS],
    ['RRULE:', PARTS],
    ['FREQ=DAILY;;COUNT=3', PARTS],
    ['FREQ=DAILY=WEEKLY', PARTS],
    ['FREQ=DAILY;=2', PARTS],
    ['BYSETPOS=2', 'FREQ is missing: FREQ=DAILY;INTERVAL=3;.'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ may be given once.'],
    ['FREQ=OFTEN', FREQUENCY],
    ['FREQ=', FREQUENCY],
    ['FREQ=SECONDLY', 'A job recurs once a minute at most: FREQ=MINUTELY;.'],
    ['FREQ=MINUTELY;BYSECOND=0,30', 'A job recurs once a minute at most: BYSECOND takes one value.'],
    ['FREQ=DAILY;FOO=1', `There is no part FOO. Known: ${KNOWN}.`],
    ['FREQ=DAILY;toString=1', `There is no part TOSTRING. Known: ${KNOWN}.`],
    ['FREQ=DAILY;RRULE:COUNT=3', `There is no part RRULE:COUNT. Known: ${KNOWN}.`],
    [`FREQ=DAILY;${'A'.repeat(41)}=1`, `There is no part ${'A'.repeat(40)}. Known: ${KNOWN}.`],
    ['FREQ=WEEKLY;BYDAY=XX', `BYDAY ${DAYS}`],
    ['FREQ=WEEKLY;BYDAY=MO,', `BYDAY ${DAYS}`],
    ['FREQ=WEEKLY;BYDAY=MON', `BYDAY ${DAYS}`],
    ['FREQ=YEARLY;BYDAY=1.MO', `BYDAY ${DAYS}`],
    ['FREQ=YEARLY;BYDAY=100MO', `BYDAY ${DAYS}`],
    ['FREQ=YEARLY;BYDAY=54MO', 'BYDAY must be a whole number from -53 to 53.'],
    ['FREQ=WEEKLY;WKST=1MO', `WKST ${DAYS}`],
    ['FREQ=WEEKLY;BYDAY=1MO', NUMBERED],
    ['FREQ=WEEKLY;BYDAY=TU,1MO', NUMBERED],
    ['FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', 'BYDAY takes no number beside BYWEEKNO.'],
    ['FREQ=MONTHLY;BYWEEKNO=3', 'BYWEEKNO needs FREQ=YEARLY.'],
    ['FREQ=DAILY;BYYEARDAY=3', YEAR_DAYS],
    ['FREQ=WEEKLY;BYYEARDAY=3', YEAR_DAYS],
    ['FREQ=MONTHLY;BYYEARDAY=3', YEAR_DAYS],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'BYMONTHDAY does not go with FREQ=WEEKLY.'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS chooses among what another BY… part names.'],
    ['FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=1', SLOW],
    ['FREQ=MINUTELY;BYHOUR=1,2;BYSETPOS=1', SLOW],
    ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'Give either COUNT or UNTIL.'],
  ])('%s is refused and says what would be right', (pattern, detail) => {
    expect(faultsOf(pattern)).toEqual([detail]);
  });

  it.each([
    'tomorrow',
    '20270230',
    '2027123',
    '202712310',
    'x20271231',
    '20271231x',
    '20271231Z',
    '20271231T2359',
    '20271231T240000',
    '20271231T236000',
    '20271231T235960Z',
    '20271231T235959z9',
    '20271231T235959ZZ',
  ])('has no end at UNTIL=%s', (until) => {
    expect(faultsOf(`FREQ=DAILY;UNTIL=${until}`)).toEqual([UNTIL]);
  });

  it('tells all its faults at once', () => {
    expect(faultsOf('BYHOUR=25;FREQ=DAILY;FOO=1;FREQ;INTERVAL=0')).toEqual([
      PARTS,
      'BYHOUR must be a whole number from 0 to 23.',
      `There is no part FOO. Known: ${KNOWN}.`,
      'INTERVAL must be a whole number from 1 to 100000.',
    ]);
    expect(faultsOf('FREQ=MONTHLY;COUNT=1;UNTIL=20270101;BYWEEKNO=3')).toEqual([
      'Give either COUNT or UNTIL.',
      'BYWEEKNO needs FREQ=YEARLY.',
    ]);
  });
});

describe('parts that go together', () => {
  it.each([
    'FREQ=MONTHLY;BYDAY=1MO',
    'FREQ=YEARLY;BYDAY=1MO',
    'FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO',
    'FREQ=HOURLY;BYYEARDAY=3',
    'FREQ=MINUTELY;BYYEARDAY=3',
    'FREQ=MONTHLY;BYMONTHDAY=3',
    'FREQ=MINUTELY;BYSECOND=30',
    'FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1',
    'FREQ=DAILY;BYHOUR=8,9;BYSETPOS=-1',
  ])('%s is served', (pattern) => {
    expect(faultsOf(pattern)).toEqual([]);
  });
});
