import type { Series } from '../../../shared/service/series/series.ts';
import { answersOf } from './answers.ts';
import { Checker, type Violation } from './checker/checker.ts';
import { Client } from './client.ts';
import { Dice } from './dice.ts';
import { type Mutation, NO_MUTATION } from './mutation.ts';
import { startOrders } from './orders.ts';
import { type Profile, profileOf, SCAN_EVERY_MS } from './profile.ts';
import { ask, startRequests } from './requests.ts';
import { startScans } from './scans.ts';
import { Seen } from './seen.ts';
import { startSeries } from './series-orders.ts';
import { hasSeries, withSeries } from './series-profile.ts';
import { askOfSeries, isEndless, startSeriesRequests } from './series-requests.ts';
import type { Death } from './wire.ts';
import { startWorkers } from './workers.ts';
import { START, World } from './world.ts';

export interface Plan {
  readonly seed: number;
  readonly hasGroupLock: boolean;
  readonly mutation?: Mutation;
  /** Instead of one that the seed gives. */
  readonly profile?: Profile;
  readonly death?: Death;
  /** Whether something recurs; as the seed says if left out. */
  readonly hasSeries?: boolean;
}

export interface History {
  readonly plan: Plan;
  readonly profile: Profile;
  readonly violation: Violation | undefined;
  /** The last lines of what has happened, or all of them. */
  readonly read: (most?: number) => string[];
  /** How many calls to the outside the processes of a role have made. */
  readonly callsOf: (role: Death['role']) => number;
  /** How long it was, in virtual milliseconds. */
  readonly ms: number;
}

/** After faults have stopped, and every date has come, one scan finds all that nobody else would. */
const SCANS = 1;
/** And what is to be done needs its time: slices, back-offs, workers that die. */
const WORK_MS = 10 * 60_000;
/** Jobs that wait again and again for a later date are no history, but an engine that never gets on. */
const MOST_ROUNDS = 8;
const ENDLESS: Violation = { rule: 'I7 comes to an end', what: 'a job waits for one date after the other' };
/** Orders that come with the first scan, and are repeated. */
const LAST_ORDERS_MS = 5 * 60_000;

/** One history: the same plan gives the same one, to the last line. */
export async function simulate(plan: Plan): Promise<History> {
  const { seed, mutation = NO_MUTATION } = plan;
  const dice = new Dice(seed);
  const profile = plan.profile ?? someProfile(plan, dice);
  const checker = new Checker();
  const seen = new Seen();
  const world: World = new World({
    seed,
    dice,
    profile,
    mutation,
    death: plan.death,
    see: (now, happening) => {
      seen.see(happening);
      checker.see(now, happening);
      if (checker.violation !== undefined) world.agenda.stop();
    },
  });
  const isOver = await live(world, seen, mutation);
  return {
    plan,
    profile,
    violation: checker.violation ?? (isOver ? undefined : ENDLESS),
    read: (most) => world.chronicle.read(most),
    callsOf: (role) => world.calls.get(role) ?? 0,
    ms: world.agenda.now - START,
  };
}

function someProfile({ seed, hasGroupLock, ...plan }: Plan, dice: Dice): Profile {
  const profile = profileOf(dice, hasGroupLock);
  return (plan.hasSeries ?? hasSeries(seed)) ? withSeries(profile, seed) : profile;
}

/** Whether it has come to its end. */
async function live(world: World, seen: Seen, mutation: Mutation): Promise<boolean> {
  const { agenda, dice, profile } = world;
  const client = new Client(world);
  startWorkers(world, mutation);
  startOrders(world, client);
  startRequests(world, client, seen);
  if (profile.series !== undefined) startSeries(world, client, profile.series);
  startSeriesRequests(world, client, () => seen.series);
  seen.onToken = answersOf(world, client);
  let lastScan = Number.POSITIVE_INFINITY;
  if (profile.scans) startScans(world, () => lastScan);
  await agenda.runUntil(START + profile.spanMs + dice.pick([20_000, 60_000, 20 * 60_000]));
  world.endFaults();
  if (profile.scans) await agenda.runUntil(Math.max(agenda.now, START + SCAN_EVERY_MS + LAST_ORDERS_MS));
  const stoodUntil = START + (profile.series?.standstill?.to ?? 0);
  const latestDate = (): number => Math.max(seen.latestDate, stoodUntil);
  const endSeries = ({ seriesId }: Series) => void askOfSeries(seriesId, 'delete', { world, client });
  const scansMs = profile.scans ? SCANS * SCAN_EVERY_MS : 0;
  // A job that begins late may wait for a date that is later still.
  let end = 0;
  for (let rounds = 0; end < latestDate() + scansMs + WORK_MS; rounds++) {
    if (rounds === MOST_ROUNDS) return false;
    for (const each of seen.series.filter(isEndless)) endSeries(each);
    end = Math.max(agenda.now, latestDate()) + scansMs + WORK_MS;
    await agenda.runUntil(end);
  }
  lastScan = agenda.now;
  world.see({ kind: 'end', when: 'settled', messages: messagesIn(world) });
  world.isEnding = true;
  for (const each of seen.series) endSeries(each);
  for (const jobId of seen.waiting) void ask(jobId, 'resume', world, client);
  await agenda.runUntil(agenda.now + 2 * WORK_MS);
  world.see({ kind: 'end', when: 'all-over', messages: messagesIn(world) });
  return true;
}

const messagesIn = ({ services: { lanes } }: World): number => lanes.standard.size + lanes.bulk.size;
