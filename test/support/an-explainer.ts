import type { Job } from '../../shared/job/job.ts';
import { sequenceAt } from '../../shared/job/sequence.ts';
import { aJob } from './a-job.ts';
import { anOperation, aWorld, put } from './a-world.ts';
import type { HeldJob } from './held-jobs.ts';
import { MemoryLaneLoad } from './memory/memory-lane-load.ts';
import { NOON } from './memory/settable-clock.ts';

/** The world at noon, with lanes that have room. */
export function anExplainer() {
  const laneLoad = new MemoryLaneLoad();
  return { ...aWorld(anOperation()), laneLoad };
}
type World = ReturnType<typeof anExplainer>;

/** A job that is held so, at this place of the line of its token, if it has one. */
export const placed = (held: HeldJob | undefined, place: number, world: World, token?: string): Job =>
  put(
    aJob({
      sequence: sequenceAt(NOON) + place,
      name: `Number ${place}`,
      ...held?.facts,
      ...(token !== undefined && { dependencyToken: token }),
    }),
    world,
  );
