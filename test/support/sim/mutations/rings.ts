import type { KnownMutation } from '../mutation.ts';
import { dropsRings, dropsTimers, isLocked } from './seams.ts';

/** Rings and timers that are lost, and work that nobody finds again. */
export const RING_MUTATIONS: readonly KnownMutation[] = [
  {
    is: 'drops a ring where a lease is alive',
    foundWithin: 30,
    ports: dropsTimers((ring, scene) => scene.role === 'worker' && isLocked(ring, scene)),
  },
  {
    is: 'drops a head of another lane',
    foundWithin: 60,
    ports: dropsRings(
      (ring, scene) => scene.role === 'worker' && ring.lane !== scene.lane && !isLocked(ring, scene),
    ),
  },
  {
    is: 'forgets the rest of a line when its time is over',
    foundWithin: 250,
    ports: dropsRings(
      (ring, scene) => scene.role === 'worker' && ring.lane === scene.lane && !isLocked(ring, scene),
    ),
  },
  {
    is: 'does not ring for the next slice',
    foundWithin: 20,
    ports: dropsRings((ring, scene) => scene.role === 'worker' && isLocked(ring, scene)),
  },
  {
    is: 'does not ring after a person has freed the line',
    foundWithin: 600,
    ports: (ports, scene) => {
      if (scene.role !== 'client') return ports;
      let isOver = false;
      return {
        ...ports,
        jobs: {
          ...ports.jobs,
          make: (step) => {
            isOver ||= step.verb === 'cancel';
            return ports.jobs.make(step);
          },
          remove: (step) => {
            isOver = true;
            return ports.jobs.remove(step);
          },
        },
        doorbell: {
          ...ports.doorbell,
          ring: async (ring) => (isOver ? undefined : ports.doorbell.ring(ring)),
        },
      };
    },
  },
  {
    is: 'sets the timer of a retry after the write',
    foundWithin: 30,
    ports: (ports, scene) => {
      if (scene.role !== 'worker') return ports;
      const kept: (() => Promise<void>)[] = [];
      return {
        ...ports,
        timers: {
          set: async (ring, at) => {
            kept.push(() => ports.timers.set(ring, at));
          },
        },
        jobs: {
          ...ports.jobs,
          make: async (step) => {
            const made = await ports.jobs.make(step);
            for (const set of kept.splice(0)) await set();
            return made;
          },
        },
      };
    },
  },
  {
    is: 'rings for a job of the bulk lane in the standard lane',
    foundWithin: 20,
    ports: (ports) => ({
      ...ports,
      doorbell: {
        ring: (ring) => ports.doorbell.ring({ ...ring, lane: 'standard' }),
        ringAll: (rings) => ports.doorbell.ringAll(rings.map((ring) => ({ ...ring, lane: 'standard' }))),
      },
    }),
  },
  {
    is: 'stops watching a token whose head waits for long',
    foundWithin: 400,
    ports: (ports) => ({
      ...ports,
      chains: { ...ports.chains, watch: (seen, { tail }) => ports.chains.watch(seen, { tail }) },
    }),
  },
  {
    is: 'does not look at tokens when it scans',
    foundWithin: 250,
    ports: (ports) => ({
      ...ports,
      chains: { ...ports.chains, watched: () => Promise.resolve({ tokens: [] }) },
    }),
  },
  {
    is: 'forgets the last checkpoint',
    foundWithin: 20,
    ports: (ports) => ({
      ...ports,
      details: { ...ports.details, getCursor: () => Promise.resolve(undefined) },
    }),
  },
];
