import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Deployed } from '../../../../local/data-folder/deployed.ts';
import type { DeclaredSchedule } from '../../../../local/schedules/declared-schedules.ts';
import { type Schedule, scheduleKey, scheduleSchema } from '../../../../local/schedules/schedule.ts';
import { Scheduler } from '../../../../local/schedules/scheduler.ts';
import { aSchedule } from '../../../support/a-schedule.ts';
import { AlarmClock } from '../../../support/alarm-clock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-scheduler-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(clock: AlarmClock, declared: Schedule[] = [], refusals = 0) {
  const delivered: { at: string; input: string }[] = [];
  const deployed = new Deployed<Schedule, DeclaredSchedule>(join(folder, 'schedules.json'), {
    declared: Object.fromEntries(declared.map(withoutDates)),
    make: (schedule) => ({
      ...schedule,
      CreationDate: clock.now() / 1000,
      LastModificationDate: clock.now() / 1000,
    }),
    schema: scheduleSchema,
  });
  const scheduler = new Scheduler(deployed, {
    clock,
    deliver: (_schedule, input) => {
      delivered.push({ at: new Date(clock.now()).toISOString(), input });
      return delivered.length <= refusals ? Promise.reject(new Error('no')) : Promise.resolve();
    },
    log: () => {},
  });
  return { scheduler, delivered, times: () => delivered.map(({ at }) => at.slice(0, 19)) };
}

const withoutDates = ({ CreationDate: _c, LastModificationDate: _l, ...declared }: Schedule) =>
  [scheduleKey(declared.GroupName, declared.Name), declared] as const;

const inputOf = (Input: string) => ({ Target: { ...aSchedule().Target, Input } });

describe('the scheduler', () => {
  it('delivers turns in the time zone of the schedule, across daylight saving', async () => {
    const clock = new AlarmClock('2026-03-28T12:00:00Z');
    const { times } = start(clock, [aSchedule({ ScheduleExpressionTimezone: 'Europe/Berlin' })]);
    await clock.advanceTo('2026-03-31T00:00:00Z');
    expect(times()).toEqual(['2026-03-29T00:00:00', '2026-03-29T23:00:00', '2026-03-30T23:00:00']);
  });

  it('fills in the context attributes', async () => {
    const clock = new AlarmClock('2026-03-28T00:59:30Z');
    const names = ['scheduled-time', 'schedule-arn', 'attempt-number', 'execution-id'];
    const template = JSON.stringify(names.map((name) => `<aws.scheduler.${name}>`));
    const { delivered } = start(clock, [aSchedule(inputOf(template))]);
    await clock.advanceTo('2026-03-28T02:00:00Z');
    expect(JSON.parse(delivered[0]?.input ?? '')).toEqual([
      '2026-03-28T01:00:00Z',
      'arn:aws:scheduler:us-east-1:000000000000:schedule/longhaul/purge',
      '1',
      expect.stringMatching(/^[0-9a-f-]{36}$/),
    ]);
  });

  it('a disabled schedule has no turns, until it is enabled', async () => {
    const clock = new AlarmClock('2026-01-01T12:00:00Z');
    const { scheduler, times } = start(clock, [aSchedule({ State: 'DISABLED' })]);
    await clock.advanceTo('2026-01-03T12:00:00Z');
    expect(times()).toEqual([]);
    scheduler.put(aSchedule({ State: 'ENABLED' }));
    await clock.advanceTo('2026-01-04T12:00:00Z');
    expect(times()).toEqual(['2026-01-04T01:00:00']);
  });

  it('an update is effective at once, and kept over a restart', async () => {
    const clock = new AlarmClock('2026-01-01T12:00:00Z');
    const first = start(clock, [aSchedule()]);
    first.scheduler.put(aSchedule({ ScheduleExpression: 'cron(0 14 * * ? *)' }));
    await clock.advanceTo('2026-01-01T15:00:00Z');
    expect(first.times()).toEqual(['2026-01-01T14:00:00']);
    first.scheduler.stop();
    const second = start(clock, [aSchedule()]);
    await clock.advanceTo('2026-01-02T15:00:00Z');
    expect(second.times()).toEqual(['2026-01-02T14:00:00']);
  });

  it('a deployment undoes an update only if it changes the schedule itself', async () => {
    const clock = new AlarmClock('2026-01-01T12:00:00Z');
    start(clock, [aSchedule()]).scheduler.put(aSchedule({ ScheduleExpression: 'cron(0 14 * * ? *)' }));
    const same = start(clock, [aSchedule(), aSchedule({ Name: 'another' })]).scheduler;
    expect(same.get('longhaul', 'purge')?.ScheduleExpression).toBe('cron(0 14 * * ? *)');
    const changed = start(clock, [aSchedule({ ScheduleExpression: 'cron(0 2 * * ? *)' })]).scheduler;
    expect(changed.get('longhaul', 'purge')?.ScheduleExpression).toBe('cron(0 2 * * ? *)');
    expect(changed.get('longhaul', 'another')).toBeUndefined();
  });

  it('a rate without StartDate begins at once ("starts invoking the target immediately")', async () => {
    const clock = new AlarmClock('2026-01-01T12:00:00Z');
    const { times } = start(clock, [aSchedule({ ScheduleExpression: 'rate(2 hours)' })]);
    await clock.advanceTo('2026-01-01T15:00:00Z');
    expect(times()).toEqual(['2026-01-01T12:00:00', '2026-01-01T14:00:00']);
  });

  it('a one-time schedule is gone afterwards, if it says so', async () => {
    const clock = new AlarmClock('2026-01-01T12:00:00Z');
    const once = { ScheduleExpression: 'at(2026-01-01T13:00:00)', ActionAfterCompletion: 'DELETE' } as const;
    const { scheduler, times } = start(clock, [aSchedule(once)]);
    await clock.advanceTo('2026-01-03T15:00:00Z');
    expect(times()).toEqual(['2026-01-01T13:00:00']);
    expect(scheduler.get('longhaul', 'purge')).toBeUndefined();
  });

  it('a target that refuses is asked again, as often as the retry policy says', async () => {
    const clock = new AlarmClock('2026-01-01T00:59:00Z');
    const { delivered, times } = start(clock, [aSchedule(inputOf('<aws.scheduler.attempt-number>'))], 99);
    await clock.advanceTo('2026-01-01T12:00:00Z');
    expect(delivered.map(({ input }) => input)).toEqual(['1', '2', '3', '4']);
    expect(times().at(-1)).toBe('2026-01-01T01:00:07');
  });

  it('a turn that has become too old is given up', async () => {
    const clock = new AlarmClock('2026-01-01T00:59:00Z');
    const RetryPolicy = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 185 };
    const { times } = start(clock, [aSchedule({ Target: { ...aSchedule().Target, RetryPolicy } })], 99);
    await clock.advanceTo('2026-01-01T12:00:00Z');
    expect(times().at(-1)).toBe('2026-01-01T01:00:31');
  });
});
