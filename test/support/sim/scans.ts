import { sequenceMaker } from '../../../shared/job/sequence.ts';
import { reprocess } from '../../../shared/operations/reprocess.ts';
import { createPlatformJob } from '../../../shared/service/create-platform-job.ts';
import { idOf } from '../memory/counting-ids.ts';
import { SCAN_EVERY_MS } from './profile.ts';
import type { World } from './world.ts';

/** Ids of the service's own jobs come from a range of their own. */
const FIRST_PLATFORM = 700;
/** EventBridge Scheduler sends a turn again that has failed. */
const AGAIN_MS = 60_000;
const MOST_TRIES = 3;
const MOST_EXTRA = 6;
const EXTRA_TURNS = 50;

/** The schedule of the reprocessing scan: a turn on every quarter of an hour, now and then twice. */
export function startScans(world: World, until: () => number): void {
  const { agenda, dice, profile } = world;
  let turn = 0;
  const next = (): void => {
    turn++;
    const thisTurn = turn;
    void fire(thisTurn, world);
    if (dice.chance(0.1)) agenda.after(dice.between(0, 5_000), () => void fire(thisTurn, world));
    if (agenda.now < until()) agenda.after(SCAN_EVERY_MS, next);
  };
  agenda.after(SCAN_EVERY_MS, next);
  // And some in between, when more is going on.
  for (let extra = dice.between(0, MOST_EXTRA); extra > 0; extra--) {
    agenda.after(dice.between(0, profile.spanMs), () => void fire(EXTRA_TURNS + extra, world));
  }
}

async function fire(turn: number, world: World, tries = 1): Promise<void> {
  const { agenda, dice } = world;
  const again = (): void => {
    if (tries < MOST_TRIES) agenda.after(AGAIN_MS, () => void fire(turn, world, tries + 1));
  };
  const host = world.newHost('scheduler', again);
  const ports = world.portsOf(host, { role: 'scheduler' });
  const ids = new Map<string, string>();
  try {
    await createPlatformJob(reprocess, String(turn), {
      ...ports,
      nextSequence: sequenceMaker(ports.clock, dice.next),
      idOf: (name) => {
        const id = ids.get(name) ?? idOf(name.includes('upkeep') ? FIRST_PLATFORM + turn : FIRST_PLATFORM);
        ids.set(name, id);
        return id;
      },
    });
  } catch (error) {
    world.tell(host.name, String(error));
    again();
  }
}
