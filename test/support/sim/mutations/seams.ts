import type { Need } from '../../../../shared/job/lifecycle.ts';
import type { Transition } from '../../../../shared/job/transition.ts';
import type { Ring } from '../../../../shared/service/ports.ts';
import type { Mutation, Scene } from '../mutation.ts';

/** Where mutations are put in: what a process sends goes through these first. */

type Ports = NonNullable<Mutation['ports']>;

/** Every step is changed on its way to the tables. */
export const steps =
  (change: (step: Transition) => Transition): Ports =>
  (ports) => ({ ...ports, jobs: { ...ports.jobs, make: (step) => ports.jobs.make(change(step)) } });

/** The step without one of the conditions that it needs. */
export const without =
  (verb: Transition['verb'], need: Need) =>
  (step: Transition): Transition =>
    step.verb === verb
      ? {
          ...step,
          moves: step.moves.map((move) => ({ ...move, needs: move.needs.filter((each) => each !== need) })),
        }
      : step;

/** Some rings are never sent. */
export const dropsRings =
  (isDropped: (ring: Ring, scene: Scene) => boolean): Ports =>
  (ports, scene) => ({
    ...ports,
    doorbell: {
      ...ports.doorbell,
      ring: async (ring) => (isDropped(ring, scene) ? undefined : ports.doorbell.ring(ring)),
    },
  });

/** Some timers are never set. */
export const dropsTimers =
  (isDropped: (ring: Ring, scene: Scene) => boolean): Ports =>
  (ports, scene) => ({
    ...ports,
    timers: { set: async (ring, at) => (isDropped(ring, scene) ? undefined : ports.timers.set(ring, at)) },
  });

const LOCKED: readonly number[] = [20, 21, 22];

export const isLocked = ({ jobId }: Ring, { tables }: Scene): boolean =>
  LOCKED.includes(tables.get(jobId)?.statusCode ?? 0);
