import { reprocess } from '../../shared/operations/reprocess.ts';
import type { Ring } from '../../shared/service/ports.ts';
import { wakeJob } from '../../shared/service/wake-job.ts';
import { hear, type World } from './a-world.ts';
import { nothingToSend } from './nothing-to-send.ts';
import { overdueIn } from './overdue.ts';
import { runOperation } from './run-operation.ts';

/** SQS delays a message by 15 minutes at most. */
const LONGEST_DELAY_MS = 15 * 60_000;
export const SCAN_EVERY_MS = 15 * 60_000;

interface Weather {
  /** How often a timer arrives that was set: 0 is lost, 2 is twice. */
  readonly arrivals?: number;
}

interface Message {
  readonly arrivesAt: number;
  readonly ring: Ring;
  readonly at: number;
}

export type PassTime = (ms: number, weather?: Weather) => Promise<void>;

/** Lets the time go by: timers arrive, rings are heard, and on every quarter of an hour there is a scan. */
export function timeIn(world: World): PassTime {
  const messages: Message[] = [];
  return (ms, weather) => passTime(world, messages, world.clock() + ms, weather);
}

async function passTime(
  world: World,
  messages: Message[],
  until: number,
  { arrivals = 1 }: Weather = {},
): Promise<void> {
  const { clock, timers, doorbell } = world;
  const settle = async (): Promise<void> => {
    for (const ring of doorbell.take()) await hear(ring, world);
    for (const { ring, at } of timers.take()) {
      const arrivesAt = Math.max(clock(), Math.min(at, clock() + LONGEST_DELAY_MS));
      for (let copy = 0; copy < arrivals; copy++) messages.push({ arrivesAt, ring, at });
    }
    if (doorbell.rings.length > 0) await settle();
  };
  for (await settle(); ; await settle()) {
    const next = messages.toSorted((a, b) => a.arrivesAt - b.arrivesAt)[0];
    const scanAt = (Math.floor(clock() / SCAN_EVERY_MS) + 1) * SCAN_EVERY_MS;
    const nextAt = Math.min(next?.arrivesAt ?? scanAt, scanAt);
    if (nextAt > until) break;
    clock.set(nextAt);
    if (next !== undefined && next.arrivesAt === nextAt) {
      messages.splice(messages.indexOf(next), 1);
      await wakeJob({ ...next.ring, at: next.at }, world);
    } else {
      await runOperation(reprocess, {
        repositories: { mender: world, postman: nothingToSend(), ...overdueIn(world) },
        clock,
      });
    }
  }
  clock.set(until);
}
