import type { Transition } from '../../../../shared/job/transition.ts';
import type { LineEntry } from '../../../../shared/service/ports.ts';
import type { KnownMutation } from '../mutation.ts';
import type { Ports } from '../ports.ts';
import { SimTables } from '../tables.ts';
import { steps } from './seams.ts';

const SUSPENDED = 10;

class NoTailCheck extends SimTables {
  protected override lowest(_entries: readonly LineEntry[]): number {
    return Number.POSITIVE_INFINITY;
  }
}

class NoIdCheck extends SimTables {
  protected override isThere(): boolean {
    return false;
  }
}

/** Success is written without its line, which is changed by a second write. */
const inTwoWrites = (ports: Ports): Ports => ({
  ...ports,
  jobs: {
    ...ports.jobs,
    make: async ({ line, ...step }: Transition) => {
      if (step.verb !== 'succeed' || line === undefined)
        return ports.jobs.make({ ...step, ...(line && { line }) });
      const made = await ports.jobs.make(step);
      await ports.chains.removeOrphan({ ...line, jobId: step.jobId, lane: 'bulk' });
      return made;
    },
  },
});

/** Lines in which somebody stands who should not, or does not who should. */
export const LINE_MUTATIONS: readonly KnownMutation[] = [
  {
    is: 'gives sequences out without looking at the tail',
    foundWithin: 100,
    tables: NoTailCheck,
  },
  {
    is: 'makes a job anew where the id is taken',
    foundWithin: 120,
    tables: NoIdCheck,
  },
  {
    is: 'takes a job out of its line after it has completed it, in a second write',
    foundWithin: 10,
    ports: inTwoWrites,
  },
  {
    is: 'takes a job that waits for its next try out of its line',
    foundWithin: 60,
    ports: (ports, { tables }) =>
      steps((step) => {
        const job = tables.get(step.jobId);
        if (step.verb !== 'retry' || job?.dependencyToken === undefined) return step;
        return { ...step, line: { token: job.dependencyToken, sequence: job.sequence, leaves: true } };
      })(ports, { role: 'worker', tables }),
  },
  {
    is: 'looks past a suspended head',
    foundWithin: 40,
    ports: (ports, { tables }) => ({
      ...ports,
      chains: {
        ...ports.chains,
        line: async (token, part) => {
          const links = await ports.chains.line(token, part);
          const others = links.filter(({ jobId }) => tables.get(jobId)?.statusCode !== SUSPENDED);
          return others.length > 0 ? others : links;
        },
      },
    }),
  },
];
