import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** How much is run. */
export interface Options {
  readonly out: string;
  /** Parts to run; all if none is named. */
  readonly parts: readonly string[];
  readonly rounds: number;
  /** Jobs of a throughput part, and of the one token. */
  readonly jobs: number;
  /** Jobs that come at a steady rate. */
  readonly steadyJobs: number;
  readonly perSecond: number;
  readonly tokens: number;
  readonly jobsPerToken: number;
  /** Rows in the table, growing. */
  readonly rows: readonly number[];
}

const NORMAL = { rounds: 3, jobs: 2_000, steadyJobs: 500, jobsPerToken: 50, rows: [1_000, 10_000] };
const QUICK = { rounds: 1, jobs: 200, steadyJobs: 100, jobsPerToken: 5, rows: [100, 1_000] };

/** `--quick`: a tenth of the jobs, or as many as `--jobs` says. `--full`: the largest table, too. Parts are named as arguments. */
export function readOptions(): Options {
  const options = {
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    jobs: { type: 'string' },
    out: { type: 'string', default: join(tmpdir(), 'bench-results.json') },
  } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const size = values.quick ? QUICK : NORMAL;
  const largest = (size.rows.at(-1) ?? 0) * 10;
  return {
    ...size,
    out: values.out,
    parts: positionals,
    rounds: values.rounds === undefined ? size.rounds : Number(values.rounds),
    jobs: values.jobs === undefined ? size.jobs : Number(values.jobs),
    perSecond: 50,
    tokens: 100,
    rows: values.full ? [...size.rows, largest] : size.rows,
  };
}
