import { type Bill, OTHERS, TOLD, totalOf, WORK } from './cost.ts';
import type { Counts } from './counts.ts';
import { shown, table } from './table.ts';

/** Dollars that a million short jobs are to stay below, with everything. */
const AIM = 8;

export function countsTable(counts: Readonly<Record<string, Counts>>): string {
  const rows = Object.entries(counts).map(([how, { writes, reads, sqs, s3 }]) => [
    how,
    ...[writes, reads, sqs, s3].map(shown),
  ]);
  return table(
    'What one job needs, counted',
    ['created', 'write units', 'read units', 'SQS sends', 'S3 requests'],
    rows,
  );
}

/** Our bills by how the jobs are created, and what others would charge. */
export function costTable(bills: Readonly<Record<string, Bill>>): string {
  const ways = Object.values(bills);
  const items = Object.keys(ways[0] ?? {});
  const aim = (total: number): string => `${dollars(total)} ${total < AIM ? '✓' : '✗'}`;
  const rows = [
    ...items.map((item) => [item, ...ways.map((bill) => dollars(bill[item] ?? 0))]),
    ['together', ...ways.map((bill) => dollars(totalOf(bill)))],
    ['the work itself, 512 MB × 200 ms', ...ways.map(() => dollars(WORK))],
    [`both (aim: below ${dollars(AIM)})`, ...ways.map((bill) => aim(totalOf(bill) + WORK))],
    ['besides, where it is wanted: an event and the mark of it', ...ways.map(() => dollars(TOLD.toPrograms))],
    ['… an event and an entry for a person', ...ways.map(() => dollars(TOLD.toPeople))],
  ];
  const others = Object.entries(OTHERS).map(([who, cost]) => [who, dollars(cost + WORK)]);
  return [
    table('A million short jobs at list prices', ['', ...Object.keys(bills)], rows),
    table('The same elsewhere, with the work itself', ['', ''], others),
  ].join('\n');
}

const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
