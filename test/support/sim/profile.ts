import type { Dice } from './dice.ts';
import type { SeriesProfile } from './series-profile.ts';

/** What may go wrong, each as a share of the calls, messages or invocations that it can happen to. */
export interface Faults {
  /** A call fails before it takes effect. */
  readonly throttled: number;
  /** A write takes effect, and its answer is lost. */
  readonly answerLost: number;
  /** A write takes effect, its answer is lost, and it is sent again: the second answer arrives. */
  readonly sentAgain: number;
  /** A write is given up, and takes effect later. */
  readonly late: number;
  /** So late at most, in milliseconds. */
  readonly latestMs: number;
  /** The process dies before a call takes effect, or after it. */
  readonly killed: number;
  /** An invocation has a moment at which it is killed, whatever it does. */
  readonly killedInTime: number;
  /** A call takes seconds. */
  readonly slow: number;
  readonly ringLost: number;
  readonly timerLost: number;
  /** A message is delivered once more though it was dealt with. */
  readonly duplicate: number;
}

export const NO_FAULTS: Faults = {
  throttled: 0,
  answerLost: 0,
  sentAgain: 0,
  late: 0,
  latestMs: 3_000,
  killed: 0,
  killedInTime: 0,
  slow: 0,
  ringLost: 0,
  timerLost: 0,
  duplicate: 0,
};

/** What a history is like. */
export interface Profile {
  readonly name: string;
  /** SQS gives no message of a group to a second invocation while a first one has some. */
  readonly hasGroupLock: boolean;
  /** Without scans all must come to its end by rings and timers alone. */
  readonly scans: boolean;
  /** Of the workers, the scan and the consumer of the timers. */
  readonly workerFaults: Faults;
  /** Of those who serve people and programs. */
  readonly clientFaults: Faults;
  /** A while in which most calls of workers fail, in milliseconds from the start. */
  readonly outage: { readonly from: number; readonly to: number } | undefined;
  /** Indexes and eventually consistent reads lag by as much, in milliseconds. */
  readonly mostLagMs: number;
  /** Clocks are off by as much, in milliseconds. */
  readonly mostSkewMs: number;
  readonly tokens: number;
  readonly orders: number;
  readonly requests: number;
  /** How far away a date may be, in milliseconds. */
  readonly dates: readonly [number, ...number[]];
  /** In which all orders and requests fall. */
  readonly spanMs: number;
  /** What recurs, in histories that have series. */
  readonly series?: SeriesProfile;
}

/**
 * calm: no faults. deaths: only faults that cost no ring, so that all must end without a scan. storm: everything.
 * stuck: what a worker has sent may arrive when it is long dead and replaced.
 */
const KINDS = ['calm', 'calm', 'deaths', 'deaths', 'storm', 'storm', 'storm', 'stuck'] as const;
/** Whoever waits for it, waits until somebody resumes it. */
const IN_TEN_DAYS = 10 * 24 * 60 * 60_000;
type Kind = (typeof KINDS)[number];

export function profileOf(dice: Dice, hasGroupLock: boolean): Profile {
  const name = dice.pick(KINDS);
  const strength = dice.pick([0.3, 1, 1, 2.5]);
  const scans = name === 'storm' || name === 'stuck';
  return {
    name,
    hasGroupLock,
    scans,
    workerFaults: workerFaults(name, dice, strength),
    clientFaults: name === 'storm' ? storm(dice, strength) : NO_FAULTS,
    outage: name !== 'calm' && dice.chance(0.2) ? someOutage(dice) : undefined,
    mostLagMs: dice.pick([50, 1_000, 5_000]),
    mostSkewMs: dice.pick([0, 400]),
    tokens: dice.between(1, 3),
    orders: dice.between(2, 12),
    requests: dice.pick([0, 6, 16, 30]),
    // Without a scan nobody sends the timer of a far date that comes.
    dates: scans
      ? [500, 5_000, 60_000, 17 * 60_000, 40 * 60_000, IN_TEN_DAYS]
      : [500, 5_000, 60_000, 8 * 60_000, IN_TEN_DAYS, IN_TEN_DAYS],
    spanMs: dice.pick([500, 5_000, 30_000, 120_000, 300_000]),
  };
}

/** Of calls in an outage. */
export const OUT_SHARE = 0.7;

function someOutage(dice: Dice): { from: number; to: number } {
  const from = dice.between(0, 20_000);
  return { from, to: from + dice.between(2_000, 90_000) };
}

/** Some jobs of one token, and nothing that goes wrong. */
export const quietProfile = (facts: Partial<Profile> = {}): Profile => ({
  name: 'quiet',
  hasGroupLock: true,
  scans: false,
  workerFaults: NO_FAULTS,
  clientFaults: NO_FAULTS,
  outage: undefined,
  mostLagMs: 50,
  mostSkewMs: 0,
  tokens: 1,
  orders: 4,
  requests: 2,
  dates: [500, 5_000],
  spanMs: 3_000,
  ...facts,
});

function workerFaults(kind: Kind, dice: Dice, strength: number): Faults {
  switch (kind) {
    case 'calm':
      return NO_FAULTS;
    case 'deaths':
      return deaths(dice, strength);
    case 'storm':
      return storm(dice, strength);
    case 'stuck':
      return { ...deaths(dice, strength), late: 0.1, latestMs: 60_000 };
    default:
      return kind satisfies never;
  }
}

/** A fault of each kind is there or not: what one hides, another history shows. */
const some = (dice: Dice, share: number): number => (dice.chance(0.6) ? share : 0);

/** What costs no ring: whoever hears one dies or fails, and the message comes back. */
const deaths = (dice: Dice, strength: number): Faults => ({
  ...NO_FAULTS,
  throttled: some(dice, 0.02 * strength),
  killed: some(dice, 0.015 * strength),
  killedInTime: some(dice, 0.08 * strength),
  slow: some(dice, 0.01 * strength),
  duplicate: some(dice, 0.05 * strength),
});

const storm = (dice: Dice, strength: number): Faults => ({
  ...deaths(dice, strength),
  answerLost: some(dice, 0.02 * strength),
  sentAgain: some(dice, 0.02 * strength),
  late: some(dice, 0.015 * strength),
  ringLost: some(dice, 0.04 * strength),
  timerLost: some(dice, 0.04 * strength),
});

/** Lambda's numbers, small, so that histories are short. */
export const LIMIT_MS = { standard: 20_000, bulk: 30_000 } as const;
export const VISIBILITY_MARGIN_MS = 5_000;
export const MAX_RECEIVES = 5;
export const SCAN_EVERY_MS = 15 * 60_000;
