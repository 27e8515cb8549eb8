import type { Clock, Doorbell, Ring, Timers } from './ports.ts';

export interface Timer extends Ring {
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Waker {
  readonly clock: Clock;
  readonly doorbell: Doorbell;
  readonly timers: Timers;
}

/** A timer has come back: rings if its time has come, else sends it for the rest of the way. */
export async function wakeJob({ at, ...ring }: Timer, { clock, doorbell, timers }: Waker): Promise<void> {
  if (at > clock()) await timers.set(ring, at);
  else await doorbell.ring(ring);
}
