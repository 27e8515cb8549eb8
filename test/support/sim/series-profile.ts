import { Dice } from './dice.ts';
import type { Profile } from './profile.ts';

/** What recurs in a history. */
export interface SeriesProfile {
  /** Of its own, so that histories without series are what they were. */
  readonly dice: Dice;
  readonly orders: number;
  readonly requests: number;
  /** How many minutes lie between two dates. */
  readonly minutes: readonly [number, ...number[]];
  /** So long nothing of the service runs: dates pass, and are found late. In milliseconds from the start. */
  readonly standstill: { readonly from: number; readonly to: number } | undefined;
}

/** In one history of so many something recurs. */
const EVERY = 3;
const MINUTE_MS = 60_000;

export const hasSeries = (seed: number): boolean => seed % EVERY === 0;

/** The same faults; fewer jobs of other kinds beside the series, and time for some dates to come. */
export function withSeries(profile: Profile, seed: number): Profile {
  const dice = new Dice(seed ^ 0x5e71e5);
  const from = dice.between(0, 3 * MINUTE_MS);
  return {
    ...profile,
    orders: Math.min(profile.orders, dice.between(0, 4)),
    requests: dice.pick([0, 4, 10]),
    spanMs: dice.pick([20_000, 90_000, 200_000]),
    series: {
      dice,
      orders: dice.between(1, 2),
      requests: dice.pick([0, 2, 5, 9]),
      // Without a scan nobody sends the timer of a far date that comes.
      minutes: profile.scans ? [1, 1, 1, 2, 8, 17, 40] : [1, 1, 2],
      standstill: dice.chance(0.15) ? { from, to: from + dice.between(5, 45) * MINUTE_MS } : undefined,
    },
  };
}
