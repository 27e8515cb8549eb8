import type { Comparison } from './compare.ts';
import { shown, table } from './table.ts';

/** The parts that were run, by name. */
export type Comparisons = Readonly<Record<string, Comparison>>;

interface Line {
  readonly part: string;
  readonly figure: string;
  readonly label: string;
  /** What is aimed at, and whether it is reached. */
  readonly aim?: { readonly words: string; readonly isMet: (service: number, ratio: number) => boolean };
}

const halfTheFloor = { words: '≥ 0.5 × floor', isMet: (_: number, ratio: number) => ratio >= 0.5 };
const twiceTheFloor = { words: '≤ 2 × floor', isMet: (_: number, ratio: number) => ratio <= 2 };
const never = { words: 'never', isMet: (count: number) => count === 0 };
const oneTokenAim = { words: '≥ 200', isMet: (perSecond: number) => perSecond >= 200 };

const rate = (part: string, aim: NonNullable<Line['aim']> = halfTheFloor): Line[] => [
  { part, figure: 'jobsPerSecond', label: 'jobs a second', aim },
  { part, figure: 'cpuMs', label: 'CPU ms per job' },
];
const wait = (figure: string): Line => ({
  part: 'steady rate',
  figure,
  label: `create to start, ${figure}, ms`,
  ...(figure === 'p50' && { aim: twiceTheFloor }),
});

const LINES: readonly Line[] = [
  ...rate('one by one'),
  ...rate('by batch'),
  ...['p50', 'p95', 'p99'].map(wait),
  { part: 'steady rate', figure: 'cpuMs', label: 'CPU ms per job' },
  ...rate('many tokens'),
  { part: 'many tokens', figure: 'outOfOrder', label: 'out of order', aim: never },
  ...rate('one token', oneTokenAim),
  { part: 'one token', figure: 'runPerSecond', label: 'jobs a second, creation aside' },
  { part: 'one token', figure: 'outOfOrder', label: 'out of order', aim: never },
];

/** The service beside the floor. */
export function sideBySide(comparisons: Comparisons): string {
  const rows = LINES.flatMap(({ part, figure, label, aim }) => {
    const { service, floor, ratios } = comparisons[part] ?? {};
    const measured = service?.[figure];
    if (measured === undefined) return [];
    const ratio = ratios?.[figure] ?? Number.NaN;
    const verdict = aim === undefined ? '' : `${aim.words} ${aim.isMet(measured, ratio) ? '✓' : '✗'}`;
    return [[`${part}: ${label}`, shown(measured), shown(floor?.[figure]), shown(ratio), verdict]];
  });
  return table('The same jobs, side by side', ['', 'service', 'floor', 'ratio', 'aim'], rows);
}

const CPU = 'cpu: ';

/** Milliseconds of CPU per job, by process. */
export function whereCpuGoes(comparisons: Comparisons): string {
  const parts = Object.keys(comparisons);
  const names = new Set(parts.flatMap((part) => Object.keys(comparisons[part]?.service ?? {})));
  const processes = [...names].filter((name) => name.startsWith(CPU));
  if (processes.length <= 1) return '\nThere is no /proc here, so the CPU of other processes is not known.';
  const rows = processes.map((name) => [
    name.slice(CPU.length),
    ...parts.map((part) => {
      const { service, floor } = comparisons[part] ?? {};
      return `${shown(service?.[name] ?? 0)} | ${shown(floor?.[name] ?? 0)}`;
    }),
  ]);
  return table('CPU ms per job by process, service | floor', ['', ...parts], rows);
}
