import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseExpression } from '../../../local/schedules/turns.ts';
import { scheduleFaults } from '../../../shared/service/schedule-expression.ts';
import { isTimeZone } from '../../../shared/service/time-zone.ts';

describe('a schedule', () => {
  it.each([
    'cron(0 1 * * ? *)',
    'cron(0/15 * * * ? *)',
    'cron(*/5 0-6,22,23 * * ? *)',
    'cron(30 2 ? * MON-FRI *)',
    'cron(0 3 ? JAN,JUL 1,7 *)',
    'cron(0 3 1,15 * ? *)',
    'cron(0 3 29 2 ? *)',
    'cron(0 3 31 1/2 ? *)',
    'cron(0 3 31 2/2 ? *)',
    'cron(0 3 31,5 2 ? *)',
    'cron(0/59 0/23 * * ? *)',
    'cron(0 3 30 2-4 ? *)',
    `cron(${'0,'.repeat(118)}10 10 10 * ? *)`,
    'cron(0 3 L * ? *)',
    'cron(0 3 LW * ? *)',
    'cron(0 3 15W * ? *)',
    'cron(0 3 ? * 6L *)',
    'cron(0 3 ? * 6#3 *)',
    'cron(0 3 ? * L *)',
    'rate(1 minute)',
    'rate(12 hours)',
    'rate(366 days)',
  ])('as EventBridge Scheduler takes it is taken: %s', (text) => {
    expect(scheduleFaults(text)).toEqual([]);
    expect(() => parseExpression(text, 'UTC')).not.toThrow();
  });

  it.each([
    ['', /like cron/],
    ['0 1 * * ? *', /like cron/],
    ['at(2030-01-01T00:00:00)', /like cron/],
    ['cron(0 1 * * ? *) ', /like cron/],
    [' cron(0 1 * * ? *)', /like cron/],
    [`cron(${'0,'.repeat(119)}1 10 10 * ? *)`, /like cron/],
    ['cron(0  1 * * ? *)', /^Must have one blank between two fields/],
    ['cron( 0 1 * * ? *)', /^Must have one blank between two fields/],
    ['cron(*-5 1 * * ? *)', /^minutes: "\*-5"/],
    ['cron(0 3 31 2/9 ? *)', /^day of month: there is no day 31 in these months\.$/],
    ['cron(0 1 * * ?)', /six fields.*not 5/],
    ['cron(0 1 * * ? * *)', /six fields.*not 7/],
    ['cron(60 1 * * ? *)', /^minutes: "60".*from 0 to 59/],
    ['cron(-1 1 * * ? *)', /^minutes/],
    ['cron(0/0 1 * * ? *)', /^minutes/],
    ['cron(0/90 1 * * ? *)', /^minutes/],
    ['cron(1.5 1 * * ? *)', /^minutes/],
    ['cron(0 24 * * ? *)', /^hours/],
    ['cron(0 5-1 * * ? *)', /^hours: "5-1"/],
    ['cron(0 1, * * ? *)', /^hours: ""/],
    ['cron(0 1 0 * ? *)', /^day of month/],
    ['cron(0 1 32W * ? *)', /^day of month/],
    ['cron(0 1 L,15 * ? *)', /^day of month: "L"/],
    ['cron(0 1 * 13 ? *)', /^month/],
    ['cron(0 1 * SMARCH ? *)', /^month: "SMARCH"/],
    ['cron(0 1 ? * 8 *)', /^day of week/],
    ['cron(0 1 ? * 2/2 *)', /^day of week/],
    ['cron(0 1 ? * 6#6 *)', /^day of week/],
    ['cron(0 1 * * * *)', /exactly one is "\?"/],
    ['cron(0 1 ? * ? *)', /exactly one is "\?"/],
    ['cron(0 1 * * ? 2026)', /^year/],
    ['cron(0 1 30 2 ? *)', /no day 30/],
    ['cron(0 1 31 4,6 ? *)', /no day 31/],
    ['cron(0 1 31W FEB ? *)', /no day 31/],
    ['rate(12 hours )', /like rate/],
    ['rate(0 hours)', /like rate/],
    ['rate(-1 hours)', /like rate/],
    ['rate(5 weeks)', /like rate/],
    ['rate(1 hours)', /rate\(1 hour\)/],
    ['rate(2 hour)', /rate\(2 hours\)/],
    ['rate(367 days)', /at most 366/],
  ])('that makes no sense is refused with its fault: %s', (text, fault) => {
    expect(scheduleFaults(text)).toEqual([expect.stringMatching(fault)]);
  });

  it('says all faults at once', () => {
    expect(scheduleFaults('cron(60 24 32 13 8 1)')).toHaveLength(7);
  });

  const odd = fc.stringMatching(/^[*?LW0-9A-Z#,/-]{1,4}$/);
  const said = (texts: string) =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...texts.split(' ')) }, odd);
  const fields = fc.oneof(
    fc.tuple(said('0 */5 1/7 0-9'), said('1 2,3 0/6'), said('* L LW 31W 5'), said('* 2 JAN-MAR'), said('?')),
    fc.tuple(said('0 59 5-7/2'), said('1 23'), said('?'), said('* 1/3 DEC'), said('MON-FRI 1,7 6L 6#3 L')),
  );

  it('that is taken is understood by whoever runs it', () => {
    let taken = 0;
    fc.assert(
      fc.property(fields, (parts) => {
        const text = `cron(${parts.join(' ')} *)`;
        if (scheduleFaults(text).length > 0) return;
        parseExpression(text, 'UTC');
        taken++;
      }),
      { numRuns: 2_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

describe('a time zone', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Etc/GMT+1'])(
    'is an IANA name: %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  it.each([
    '',
    'europe/berlin',
    'EUROPE/BERLIN',
    'Mars/Olympus',
    '+01:00',
    'Europe/Berlin ',
    ' UTC',
    'X'.repeat(99),
  ])('is nothing else: %j', (name) => expect(isTimeZone(name)).toBe(false));
});
