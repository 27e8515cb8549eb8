import { isDeepStrictEqual } from 'node:util';
import { LANES, type Lane } from '../job/lane.ts';
import { eachOf } from './each-of.ts';
import { NotInForce } from './errors.ts';
import type { SettingsChange, SettingsStore } from './settings.ts';

/** When the purge runs. */
export interface PurgeTimes {
  /** As EventBridge Scheduler writes it: `cron(0 1 * * ? *)`. */
  readonly expression: string;
  readonly timeZone: string;
}

/** Something outside that a deployment and an admin both set: it holds until somebody sets it again. */
export interface Control<T> {
  inForce(): Promise<T | undefined>;
  /** Changes this and nothing else of it. Effective at once, or soon. */
  set(value: T): Promise<void>;
}

export interface Controls {
  readonly purge: Control<PurgeTimes>;
  /** Invocations at once. */
  readonly concurrency: Readonly<Record<Lane, Control<number>>>;
}

/** What the deployment says of the controls: in force as long as no admin has said anything else. */
export interface Deployed {
  readonly purge: PurgeTimes;
  readonly concurrency: Readonly<Record<Lane, number>>;
}

export interface Enforcer {
  readonly settings: Pick<SettingsStore, 'read'>;
  readonly controls: Controls;
  readonly deployed: Deployed;
}

/** So often a change may come in between; whoever made the last one puts it in force too. */
const MAX_TRIES = 5;

/**
 * Puts in force what admins have set, where something else is: after a change, and when a deployment has gone back to
 * its own numbers. Touches nothing that no admin ever has. Answers with the names of what it has changed. Throws
 * `NotInForce`, having tried everything.
 */
export async function putInForce({ settings, controls, deployed }: Enforcer): Promise<string[]> {
  const changed = new Set<string>();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const now = await settings.read();
    const orders = ordersOf(now?.values ?? {}, controls, deployed);
    if (orders.length === 0) break;
    for (const name of await carryOut(orders)) changed.add(name);
    // Two admins: the one who was later with the setting may have been earlier here.
    if ((await settings.read())?.version === now?.version) break;
  }
  return [...changed];
}

interface Order {
  readonly name: string;
  /** Whether anything had to be changed. */
  readonly run: () => Promise<boolean>;
}

function ordersOf(set: SettingsChange, controls: Controls, deployed: Deployed): Order[] {
  const purge = purgeTimesOf(set, deployed);
  const isPurgeSet = set.purgeSchedule !== undefined || set.timeZone !== undefined;
  const lanes = LANES.filter((lane) => set.concurrency?.[lane] !== undefined);
  return [
    ...(isPurgeSet ? [{ name: 'the purge schedule', run: () => bring(controls.purge, purge) }] : []),
    ...lanes.map((lane) => ({
      name: `the concurrency of the lane ${lane}`,
      run: () => bring(controls.concurrency[lane], concurrencyOf(set, deployed)[lane]),
    })),
  ];
}

export const purgeTimesOf = (
  { purgeSchedule, timeZone }: SettingsChange,
  { purge }: Deployed,
): PurgeTimes => ({
  expression: purgeSchedule ?? purge.expression,
  timeZone: timeZone ?? purge.timeZone,
});

export const concurrencyOf = ({ concurrency: set }: SettingsChange, { concurrency }: Deployed) => ({
  standard: set?.standard ?? concurrency.standard,
  bulk: set?.bulk ?? concurrency.bulk,
});

async function bring<T>(control: Control<T>, wanted: T): Promise<boolean> {
  if (isDeepStrictEqual(await control.inForce(), wanted)) return false;
  await control.set(wanted);
  return true;
}

/** One that cannot be carried out does not keep the others from it. */
async function carryOut(orders: readonly Order[]): Promise<string[]> {
  const failed: { name: string; cause: unknown }[] = [];
  const outcomes = await eachOf(orders, orders.length, async ({ name, run }) => {
    const changed = await run().catch((cause: unknown) => {
      failed.push({ name, cause });
      return false;
    });
    return changed ? [name] : [];
  });
  if (failed.length > 0) throw new NotInForce(failed);
  return outcomes.flat();
}
