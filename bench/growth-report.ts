import type { Grown, LookCost, Looks } from './growth.ts';
import { shown, table } from './table.ts';

const LABELS: Readonly<Record<keyof Looks, string>> = {
  page: 'list page, 50 newest of all',
  failedPage: 'list page, 50 failed: there is none',
  scan: 'scan, 100 jobs due',
  purge: 'purge of 200 jobs',
};
const AIMED_AT: readonly string[] = ['page', 'scan'];
/** Some more entries of an index, when there are more to choose from. */
const FLAT = 1.25;

/** What looking costs with more and more rows in the table. Times only as a ratio: the machine is its own. */
export function growthTable(growth: readonly Grown[]): string {
  const [first] = growth;
  const head = ['', ...growth.map(({ rows }) => `${rows} rows`), 'units ×', 'time ×', 'aim'];
  if (first === undefined) return '';
  const rows = Object.entries(LABELS).map(([name, label]) => {
    const costs = growth.map(({ looks }) => costOf(name, looks));
    const [least, most] = [costs[0], costs.at(-1)];
    const units = unitsOf(most) / unitsOf(least);
    const aim = AIMED_AT.includes(name) ? `flat ${units <= FLAT ? '✓' : '✗'}` : '';
    const times = (most?.ms ?? Number.NaN) / (least?.ms ?? Number.NaN);
    return [label, ...costs.map(written), shown(units), shown(times), aim];
  });
  return table('Looking at growing tables: units read + written', head, rows);
}

const costOf = (name: string, looks: Looks): LookCost | undefined =>
  Object.entries(looks).find(([known]) => known === name)?.[1];

const unitsOf = (cost: LookCost | undefined): number => (cost?.reads ?? 0) + (cost?.writes ?? 0);

const written = (cost: LookCost | undefined): string => `${shown(cost?.reads)} + ${shown(cost?.writes)}`;
