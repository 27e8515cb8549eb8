import type { Alarm, Clock } from '../../../shared/service/ports.ts';

/** A Sunday noon that every test may count on. */
export const NOON = Date.parse('2026-11-22T12:00:00.000Z');

export interface SettableClock extends Clock {
  /** Calls back when the clock is moved past its time. */
  readonly alarm: Alarm;
  advance(ms: number): void;
  set(ms: number): void;
}

interface Due {
  readonly at: number;
  readonly ring: () => void;
}

/** A clock that stands still until it is told otherwise; on its way forward it makes the calls that fall due. */
export function settableClock(start = NOON): SettableClock {
  let now = start;
  const alarms = new Set<Due>();
  const next = (until: number): Due | undefined =>
    [...alarms].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  const set = (ms: number): void => {
    for (let due = next(ms); due !== undefined; due = next(ms)) {
      alarms.delete(due);
      now = Math.max(now, due.at);
      due.ring();
    }
    now = ms;
  };
  return Object.assign(() => now, {
    alarm(ms: number, ring: () => void) {
      const due = { at: now + ms, ring };
      alarms.add(due);
      return () => void alarms.delete(due);
    },
    advance: (ms: number) => set(now + ms),
    set,
  });
}
