import { Status } from '../shared/job/status.ts';
import { OPERATIONS } from '../shared/operations/registry.ts';
import { reprocess } from '../shared/operations/reprocess.ts';
import { listJobs } from '../shared/service/list-jobs.ts';
import { nothingToSend } from '../test/support/nothing-to-send.ts';
import { overdueIn } from '../test/support/overdue.ts';
import { drive } from './drive.ts';
import { fill } from './filled-tables.ts';
import { purgeOnce } from './purge-cost.ts';
import { type CountedStores, countedStores } from './stores.ts';

/** What one look costs: units exactly; milliseconds of the quickest of some, since whatever disturbs only adds to them. */
export interface LookCost {
  readonly reads: number;
  readonly writes: number;
  readonly ms: number;
}

/** What looks at the tables, and what they cost. */
export type Looks = Readonly<Record<'page' | 'failedPage' | 'scan' | 'purge', LookCost>>;

export interface Grown {
  readonly rows: number;
  readonly looks: Looks;
}

const REPEATS = 9;

/** How the cost of looking changes with rows that are there and don't matter. */
export async function measureGrowth(sizes: readonly number[]): Promise<Grown[]> {
  const growth: Grown[] = [];
  for (const rows of sizes) {
    await using stores = await countedStores();
    await fill(rows, stores);
    growth.push({ rows, looks: await lookAll(stores) });
  }
  return growth;
}

async function lookAll(stores: CountedStores): Promise<Looks> {
  const { jobs, units } = stores;
  const cost = async (look: () => Promise<unknown>, repeats = REPEATS): Promise<LookCost> => {
    const times: number[] = [];
    Object.assign(units, { reads: 0, writes: 0 });
    for (let n = 0; n < repeats; n++) {
      const began = performance.now();
      await look();
      times.push(performance.now() - began);
    }
    return { reads: units.reads / repeats, writes: units.writes / repeats, ms: Math.min(...times) };
  };
  const mender = { ...stores, clock: Date.now, operations: OPERATIONS };
  return {
    page: await cost(() => listJobs({ limit: 50 }, jobs)),
    failedPage: await cost(() => listJobs({ limit: 50, status: Status.Failed }, jobs)),
    scan: await cost(() =>
      drive(reprocess, { mender, postman: nothingToSend(), ...overdueIn(mender, stores.assets) }),
    ),
    // The second one would find nothing.
    purge: await cost(() => purgeOnce(stores), 1),
  };
}
