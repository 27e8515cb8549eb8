import type { Clock } from '../../../shared/service/ports.ts';

/** A Sunday noon that every test may count on. */
export const NOON = Date.parse('2026-11-22T12:00:00.000Z');

export interface SettableClock extends Clock {
  advance(ms: number): void;
  set(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function settableClock(start = NOON): SettableClock {
  let now = start;
  return Object.assign(() => now, {
    advance(ms: number) {
      now += ms;
    },
    set(ms: number) {
      now = ms;
    },
  });
}
