import { setTimeout as delay } from 'node:timers/promises';
import { eachOf } from '../shared/service/each-of.ts';
import type { Contender, Order } from './contender.ts';
import type { Work } from './measure.ts';
import type { Options } from './options.ts';
import { type Run, untilOver } from './rows.ts';
import { type Figures, percentile } from './statistics.ts';

/**
 * Requests that a client has under way at once. The service on one machine has eight places for function instances and
 * serves requests first: with more of them the lanes would stand still until all jobs are created.
 */
const AT_ONCE = 6;

/** The parts in which the service and the floor run side by side. */
export const worksOf = (options: Options): Readonly<Record<string, Work>> => ({
  'one by one': manyOf(free(options.jobs), 'one by one'),
  'by batch': manyOf(free(options.jobs), 'by batch'),
  'steady rate': steady(options),
  'many tokens': manyOf(lines(options.tokens, options.jobsPerToken), 'by batch'),
  'one token': manyOf(lines(1, options.jobs), 'by batch'),
});

const free = (count: number): Order[] => Array.from({ length: count }, () => ({}));
const lines = (tokens: number, jobsPerToken: number): Order[] =>
  Array.from({ length: tokens * jobsPerToken }, (_, place) => ({ token: `line-${place % tokens}` }));

/** Created as fast as it goes, while they already run: from the first order to the last end. */
const manyOf = (orders: readonly Order[], how: 'one by one' | 'by batch'): Work => ({
  jobs: orders.length,
  async run(contender, { tables }) {
    const began = Date.now();
    const ids =
      how === 'by batch'
        ? await contender.createAll(orders)
        : await eachOf(orders, AT_ONCE, (order) => contender.create(order));
    const created = Date.now();
    const runs = await untilOver(ids, { tables, table: contender.table });
    const firstStart = Math.min(...runs.map(({ started }) => started));
    const lastEnd = Math.max(...runs.map(({ completed }) => completed));
    const perSecond = (ms: number): number => (runs.length / ms) * 1_000;
    return {
      jobsPerSecond: perSecond(lastEnd - began),
      createdPerSecond: perSecond(created - began),
      runPerSecond: perSecond(lastEnd - firstStart),
      ...faults(orders, runs),
    };
  },
});

/** How often a job of a line began before the one in front of it was over. */
function faults(orders: readonly Order[], runs: readonly Run[]): Figures {
  const numbered = orders.map(({ token }, place) => ({ token, run: runs[place] }));
  const byToken = Map.groupBy(numbered, ({ token }) => token);
  byToken.delete(undefined);
  if (byToken.size === 0) return {};
  const isTooEarly = (at: number, line: typeof numbered): boolean =>
    at > 0 && (line[at]?.run?.started ?? 0) < (line[at - 1]?.run?.completed ?? 0);
  const overlaps = [...byToken.values()].flatMap((line) => line.filter((_, at) => isTooEarly(at, line)));
  return { outOfOrder: overlaps.length };
}

/** At a rate that leaves the machine idle in between: how long a job waits for its start. */
const steady = ({ steadyJobs, perSecond }: Options): Work => ({
  jobs: steadyJobs,
  async run(contender, setting) {
    const ids = await Promise.all(await createSteadily(contender, steadyJobs, 1_000 / perSecond));
    return latencies(await untilOver(ids, { tables: setting.tables, table: contender.table }));
  },
});

async function createSteadily(
  contender: Contender,
  count: number,
  everyMs: number,
): Promise<Promise<string>[]> {
  const began = performance.now();
  const created: Promise<string>[] = [];
  for (let n = 0; n < count; n++) {
    await delay(Math.max(0, began + n * everyMs - performance.now()));
    created.push(contender.create({}));
  }
  return created;
}

function latencies(runs: readonly Run[]): Figures {
  const waits = runs.map(({ created, started }) => started - created);
  return { p50: percentile(waits, 0.5), p95: percentile(waits, 0.95), p99: percentile(waits, 0.99) };
}
