import type { Transition } from '../../../../shared/job/transition.ts';
import type { KnownMutation } from '../mutation.ts';
import { steps, without } from './seams.ts';

const SUCCEEDED: Transition['to'] = 30;
const CANCELING = 22;

/** Writes that are not guarded as they should be, and leases that do not hold. */
export const FENCE_MUTATIONS: readonly KnownMutation[] = [
  {
    is: 'completes a job without looking at the claim number',
    foundWithin: 1000,
    ports: steps(without('succeed', 'ownClaim')),
  },
  {
    is: 'lets success overwrite a request to cancel',
    foundWithin: 700,
    ports: steps((step) =>
      step.verb === 'succeed'
        ? { ...step, moves: [...step.moves, { from: CANCELING, to: SUCCEEDED, needs: ['ownClaim'] }] }
        : step,
    ),
  },
  {
    is: 'takes a job from its holder while the lease is alive',
    foundWithin: 30,
    ports: (ports, scene) =>
      scene.role === 'worker' ? { ...ports, clock: () => ports.clock() + 10_000 } : ports,
  },
  {
    is: 'gives leases that end before the invocation',
    foundWithin: 250,
    invocation: (invocation, now) => ({
      ...invocation,
      leaseEndsAt: now + (invocation.leaseEndsAt - now) / 4,
    }),
  },
  {
    is: 'does not raise the claim number when it takes over from a dead worker',
    foundWithin: 50,
    ports: steps((step) => (step.verb === 'recover' ? { ...step, raisesClaim: false } : step)),
  },
  {
    is: 'keeps the checkpoint of a worker that was replaced',
    foundWithin: 1000,
    ports: (ports) => ({
      ...ports,
      details: {
        ...ports.details,
        saveCursor: (own, cursor) => ports.details.saveCursor({ ...own, claimNumber: 1 }, cursor),
      },
    }),
  },
  {
    is: 'takes a running job away when it is deleted',
    foundWithin: 120,
    ports: (ports) => ({
      ...ports,
      jobs: {
        ...ports.jobs,
        make: async (step) => {
          const isDelete = step.verb === 'cancel' && step.set.deleteWhenOver === true;
          if (!isDelete) return ports.jobs.make(step);
          const { jobId, now } = step;
          await ports.jobs.remove({ verb: 'delete', jobId, now, moves: [{ from: 20, needs: [] }] });
          return undefined;
        },
      },
    }),
  },
  {
    is: 'takes a postponed job before its date',
    foundWithin: 40,
    ports: steps(without('claim', 'dateDue')),
  },
  {
    is: 'wakes a postponed job before its date',
    foundWithin: 700,
    ports: steps(without('wake', 'dateDue')),
  },
];
