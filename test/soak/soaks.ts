import type { ApiClient } from '../support/api-client.ts';
import { faultsOf, toldOf } from '../support/job-history.ts';
import { allOver, countBy, createMany } from '../support/many-jobs.ts';
import { csvSoak } from './csv.ts';
import { logSoak } from './logs.ts';
import { purgeSoak } from './purge.ts';

/** What is wrong, in words; nothing if nothing is. */
type Soak = (client: ApiClient, say: (text: string) => void) => Promise<string[]>;

const MANY = 10_000;
const WITHIN_MS = 20 * 60_000;

/** Runs jobs whose tokens are given by their places, and checks their history. */
const tokens =
  (tokenOf: (place: number) => string): Soak =>
  async (client, say) => {
    const orders = Array.from({ length: MANY }, (_, place) => ({
      operation: 'diagnose',
      input: {},
      dependencyToken: tokenOf(place),
    }));
    const created = await createMany(client, orders);
    say(`${created.length} jobs are created`);
    const wanted = { operation: 'diagnose', wanted: MANY, withinMs: WITHIN_MS };
    const over = await allOver(client, wanted, (done) => say(`${done} jobs are over`));
    const history = created.map((jobId, place) => toldOf(over.get(jobId) ?? {}, tokenOf(place), place));
    const ends = countBy(history.map(({ shownAs }) => shownAs));
    return [...faultsOf(history), ...(ends['Success'] === MANY ? [] : [JSON.stringify(ends)])];
  };

export const SOAKS: Readonly<Record<string, Soak>> = {
  /** Ten thousand jobs that stand in one line. */
  'one-token': tokens(() => 'the only line'),
  /** Ten thousand lines with a job each. */
  'many-tokens': tokens((place) => `line ${place}`),
  /** A hundred thousand old jobs, on tables of their own. */
  purge: (_client, say) => purgeSoak(say),
  /** A history of twenty thousand jobs as CSV, over HTTP and on tables of its own. */
  csv: csvSoak,
  /** A million lines of one job, written, followed and downloaded, on tables of their own. */
  'million-lines': (_client, say) => logSoak(say),
};
