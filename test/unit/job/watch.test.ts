import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { beforeDate, isNear, timerAt, watchAtOf, watchAtOfSuspended } from '../../../shared/job/watch.ts';
import { at } from '../../support/a-job.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const MINUTE_MS = 60_000;
const NEVER = '9999-12-31T23:59:59.999Z';
const minutes = (n: number): string => at(n * MINUTE_MS);

describe('a date', () => {
  it.each([
    [-60, true],
    [0, true],
    [15, true],
    [16, true],
  ])('in %d minutes is near: no scan can be counted on to come before it', (n, near) => {
    expect(isNear(minutes(n), NOON)).toBe(near);
  });

  it('a millisecond later is far', () => {
    expect(isNear(at(16 * MINUTE_MS + 1), NOON)).toBe(false);
  });
});

describe('a job is looked at', () => {
  it('a minute after it became Ready: its ring should have arrived by then', () => {
    expect(watchAtOf({}, NOON)).toBe(minutes(1));
  });

  it('a minute after a near date: its timer should have come', () => {
    expect(watchAtOf({ postponeUntil: minutes(5) }, NOON)).toBe(minutes(6));
  });

  it('sixteen minutes before a far date, so that a scan can set its timer', () => {
    expect(watchAtOf({ postponeUntil: minutes(60) }, NOON)).toBe(minutes(44));
  });

  it('never while it waits for a person', () => {
    expect(watchAtOfSuspended({}, NOON)).toBe(NEVER);
    expect(watchAtOfSuspended({ postponeUntil: minutes(5) }, NOON)).toBe(minutes(6));
  });

  it.each([undefined, minutes(5), minutes(600)])(
    'never if it has a token: that is watched, date %s',
    (date) => {
      expect(watchAtOf({ dependencyToken: 'orders', postponeUntil: date }, NOON)).toBe(NEVER);
    },
  );

  it('early enough, whatever its date: at most a minute after it, and a far one in time for a scan', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e10 }), (ms) => {
        const looked = Date.parse(beforeDate(at(ms), NOON)) - NOON;
        expect(looked).toBeLessThanOrEqual(ms + MINUTE_MS);
        expect(isNear(at(ms), NOON) || looked + 16 * MINUTE_MS <= ms).toBe(true);
      }),
    );
  });
});

describe('a timer that is sent before the write that needs it', () => {
  it('comes at its date, but not before that write is made', () => {
    expect(timerAt(at(60_000), Date.parse(at()))).toBe(Date.parse(at(60_000)));
    for (const date of [at(), at(-1), at(1_999)])
      expect(timerAt(date, Date.parse(at()))).toBe(Date.parse(at(2_000)));
  });
});
