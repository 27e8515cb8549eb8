import { writeFileSync } from 'node:fs';
import { type Comparison, compare } from './compare.ts';
import { ourBill } from './cost.ts';
import { costTable, countsTable } from './cost-report.ts';
import { countJobs } from './counts.ts';
import { PAST_RETENTION } from './filled-tables.ts';
import { measureGrowth } from './growth.ts';
import { growthTable } from './growth-report.ts';
import { readOptions } from './options.ts';
import { sideBySide, whereCpuGoes } from './side-by-side.ts';
import { worksOf } from './works.ts';

/** A bill needs durations, and what a purge takes. */
const COST_NEEDS = ['steady rate', 'by batch', 'growth'];

/**
 * `npm run bench`: what the service costs and how fast it is, beside the least that its design can cost on this machine.
 * Times of different runs, or machines, say nothing of each other: only the ratios of one run count.
 */
const options = readOptions();
const isNamed = (part: string): boolean => options.parts.length === 0 || options.parts.includes(part);
const isWanted = (part: string): boolean => isNamed(part) || (isNamed('cost') && COST_NEEDS.includes(part));
const works = worksOf(options);
refuseUnknown([...Object.keys(works), 'growth', 'cost']);
const began = performance.now();
const say = (text: string): unknown =>
  process.stderr.write(`[${((performance.now() - began) / 1_000).toFixed(0)} s] ${text}\n`);

const comparisons: Record<string, Comparison> = {};
for (const [part, work] of Object.entries(works).filter(([name]) => isWanted(name))) {
  say(`${part}: ${options.rounds} × ${work.jobs} jobs on each side`);
  comparisons[part] = await compare(work, options.rounds);
}
if (Object.keys(comparisons).length > 0) {
  console.log(sideBySide(comparisons));
  console.log(whereCpuGoes(comparisons));
}

const growth = isWanted('growth') ? await grow() : [];
const cost = isNamed('cost') ? await costs() : {};
writeFileSync(options.out, JSON.stringify({ options, comparisons, growth, ...cost }, undefined, 2));
console.log(`\nAll figures: ${options.out}`);
// Clients keep their connections open for a while.
process.exit(0);

function refuseUnknown(known: readonly string[]): void {
  const unknown = options.parts.filter((part) => !known.includes(part));
  if (unknown.length === 0) return;
  console.error(`No part is called ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(2);
}

async function grow() {
  say(`tables of ${options.rows.join(', ')} rows`);
  const measured = await measureGrowth(options.rows);
  console.log(growthTable(measured));
  return measured;
}

/** One by one with the durations of an idle machine, by batch with those of a busy one. */
async function costs() {
  say('units and requests of a job');
  const counts = await countJobs();
  console.log(countsTable(counts));
  const { reads = 0, writes = 0 } = growth[0]?.looks.purge ?? {};
  const purge = { reads: reads / PAST_RETENTION, writes: writes / PAST_RETENTION };
  const measuredIn = { 'one by one': 'steady rate', 'by batch': 'by batch' };
  const bills = Object.fromEntries(
    Object.entries(measuredIn).flatMap(([how, part]) => {
      const [count, figures] = [counts[how], comparisons[part]?.service];
      if (count === undefined || figures === undefined) return [];
      return [[how, ourBill({ counts: count, figures, purge })]];
    }),
  );
  console.log(costTable(bills));
  return { counts, bills };
}
