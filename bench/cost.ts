import type { Counts } from './counts.ts';
import { PRICES } from './prices.ts';
import { type Figures, sum } from './statistics.ts';

/** Dollars for a million jobs, by what they are for. */
export type Bill = Readonly<Record<string, number>>;

export interface Usage {
  readonly counts: Counts;
  /** Of the service, for each job: `invocations: <function>`, `gbSeconds: …`, `loggedBytes: …`. */
  readonly figures: Figures;
  /** Units to delete one job. */
  readonly purge: { readonly writes: number; readonly reads: number };
}

const MILLION = 1_000_000;
const GB = 1_000_000_000;
/** A row, its result and its index entries, 100 bytes for the index of each item included. */
const STORED_BYTES = 2_000;
/** The default retention. */
const MONTHS_KEPT = 1 / 30;
/** A line of the access log. */
const ACCESS_LOG_BYTES = 300;
const SHARE_TRACED = 0.05;
/** A lane's event source receives and deletes once an invocation. */
const CALLS_PER_INVOCATION = 2;

/** The bill of our own jobs at list prices, the free tiers left aside. */
export function ourBill({ counts, figures, purge }: Usage): Bill {
  const requests = figures['invocations: api'] ?? 0;
  const invocations = sumOf('invocations: ', figures);
  const runs = figures['invocations: run-jobs-standard'] ?? 0;
  // Of an invocation that goes well Lambda itself logs nothing: see `cdk/bundled-function.ts`.
  const loggedBytes = sumOf('loggedBytes: ', figures) + requests * ACCESS_LOG_BYTES;
  const stored = (STORED_BYTES / GB) * MONTHS_KEPT * MILLION;
  return {
    'API requests': requests * PRICES.httpRequests,
    'Lambda invocations': invocations * PRICES.invocations,
    'Lambda compute, as measured': sumOf('gbSeconds: ', figures) * MILLION * PRICES.gbSecond,
    'DynamoDB writes': counts.writes * PRICES.writeUnits,
    'DynamoDB reads': counts.reads * PRICES.readUnits,
    'SQS requests': (counts.sqs + runs * CALLS_PER_INVOCATION) * PRICES.fifoRequests,
    'S3 requests': counts.s3 * PRICES.s3Puts,
    purge: purge.writes * PRICES.writeUnits + purge.reads * PRICES.readUnits,
    'tables, kept for a day': stored * (PRICES.tableGbMonth + PRICES.recoveryGbMonth),
    logs: (loggedBytes / GB) * MILLION * PRICES.logGb,
    traces: invocations * SHARE_TRACED * PRICES.traces,
  };
}

const sumOf = (prefix: string, figures: Figures): number =>
  sum(Object.entries(figures).flatMap(([name, value]) => (name.startsWith(prefix) ? [value] : [])));

export const totalOf = (bill: Bill): number => sum(Object.values(bill));

/** What a short job does itself, the same for all who run it: 200 ms of a function with 512 MB. */
const WORK_GB_SECONDS = 0.1;
export const WORK = WORK_GB_SECONDS * MILLION * PRICES.gbSecond;

/** A job's end told: an event, the look whether it was told before, and the mark that it was, or an entry with its index. */
export const TOLD = {
  toPrograms: PRICES.events + PRICES.readUnits + PRICES.writeUnits,
  toPeople: PRICES.events + PRICES.readUnits + 2 * PRICES.writeUnits,
};

const DURABLE_OPERATIONS = 4;
const DURABLE_BYTES = 4_000;
const EXPRESS_GB_SECONDS = 0.0625 * 0.3;
/** Others invoke the function that does the work. */
const invoked = PRICES.invocations;
const stepFunctions = (transitions: number): number => transitions * PRICES.standardTransitions + invoked;

/** The same million elsewhere, without the work itself. */
export const OTHERS: Bill = {
  'Lambda durable functions, 4 operations, 4 KB':
    DURABLE_OPERATIONS * PRICES.durableOperations +
    (DURABLE_BYTES / GB) * MILLION * PRICES.durableGbWritten +
    invoked,
  'Step Functions Standard, 3 transitions': stepFunctions(3),
  'Step Functions Standard, 5 transitions': stepFunctions(5),
  'Step Functions Express, no history, at most 5 minutes':
    PRICES.expressWorkflows + EXPRESS_GB_SECONDS * MILLION * PRICES.expressGbSecond + invoked,
};
