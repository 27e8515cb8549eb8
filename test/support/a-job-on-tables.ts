import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import type { Job } from '../../shared/job/job.ts';
import { isCompleted } from '../../shared/job/status.ts';
import { NEVER } from '../../shared/job/watch.ts';
import type { Emulators } from './emulators.ts';

/** The tables of the stage `local`, as a service that runs on these emulators has them. */
const LOCAL = {
  jobsTable: 'longhaul-local-jobs',
  chainsTable: 'longhaul-local-chains',
  jobDetailsTable: 'longhaul-local-job-details',
  shards: 8,
};

/** Puts rows into the tables of a running service just as they are, where no scan looks at them. */
export function rowsOf({ tables }: Emulators) {
  const timeline = new Timeline(tables, LOCAL);
  const jobs = new DynamoJobStore(tables, LOCAL, timeline);
  const chains = new DynamoChains(tables, LOCAL, timeline);
  return {
    put: async (row: Job): Promise<void> => {
      const { dependencyToken } = row;
      const { watchAt: _none, ...over } = row;
      if (isCompleted(row.statusCode)) await jobs.insert(over);
      else if (dependencyToken === undefined) await jobs.insert({ ...row, watchAt: NEVER });
      else await chains.append([{ job: { ...row, watchAt: NEVER, dependencyToken }, lane: 'bulk' }], NEVER);
    },
  };
}
