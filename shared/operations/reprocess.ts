import * as z from 'zod';
import { eachOf } from '../service/each-of.ts';
import { type Mended, type Mender, mendJob } from '../service/mend-job.ts';
import { mendToken } from '../service/mend-token.ts';
import { type Postman, retryDue } from '../service/notifications/retry-due.ts';
import type { Checkpoint, Outcome, RunContext } from '../service/operation.ts';
import type { Chains } from '../service/ports.ts';
import { defineOperation } from './define-operation.ts';
import { type OverdueRepositories, startOverdue } from './start-overdue.ts';

export interface ScanRepositories extends OverdueRepositories {
  readonly mender: Mender & { readonly chains: Chains };
  readonly postman: Postman;
}

const Counts = z.object({
  looked: z.number(),
  rung: z.number(),
  timed: z.number(),
  /** Messages that a channel had not taken: tried again, and sent. */
  retried: z.number().default(0),
  sent: z.number().default(0),
  /** Jobs that were made for assets that nobody had had processed: one at most. */
  ordered: z.number().default(0),
});
type Counts = z.infer<typeof Counts>;
/** First the jobs without a token, then the tokens, then what could not be sent, then assets that nobody has had processed. */
const PHASES = ['jobs', 'tokens', 'deliveries', 'assets'] as const;
const Cursor = z.object({
  scans: z.enum(PHASES),
  from: z.string().nullable(),
  counts: Counts,
  /** Milliseconds since 1970: until when it sends again what could not be sent. */
  sendsUntil: z.number().nullable().default(null),
});
type Cursor = z.infer<typeof Cursor>;

type Step = Checkpoint & { cursor: Cursor };
type Context = RunContext<ScanRepositories, Cursor>;

const PAGE = 100;
const AT_ONCE = 10;
const NOTHING: Counts = { looked: 0, rung: 0, timed: 0, retried: 0, sent: 0, ordered: 0 };
const START: Cursor = { scans: 'jobs', from: null, counts: NOTHING, sendsUntil: null };

/** However much there is to send, and however slowly: no scan begins while this one goes on. */
const SENDING_MS = 5 * 60_000;

/** The reprocessing scan: finds whatever should go on and that nobody looks after. Two at once do no harm. */
export const reprocess = defineOperation({
  name: 'reprocess',
  label: 'Reprocessing scan',
  description:
    'Finds jobs whose ring was lost, whose worker died or whose date is near, and rings for them; sends again what could not be sent; has files processed that were uploaded and forgotten. Every quarter of an hour.',
  // Dataverse: values of one's own in a choice begin at 100,000,000.
  operationType: 100_000_001,
  lane: 'standard',
  isPlatformGenerated: true,
  input: z.strictObject({}),
  cursor: Cursor,
  async *run(_input, { cursor = START, ...context }: Context): AsyncGenerator<Step, Outcome, void> {
    let at = cursor;
    for (;;) {
      const { found, next } = await page(at, context);
      at = { ...at, from: next ?? null, counts: added(at.counts, found) };
      if (next === undefined) {
        const scans = PHASES[PHASES.indexOf(at.scans) + 1];
        if (scans === undefined) break;
        at = { ...at, scans, sendsUntil: context.repositories.mender.clock() + SENDING_MS };
      }
      yield { done: at.counts.looked + at.counts.retried, cursor: at };
    }
    const said = summed(at.counts);
    const { rung, timed, retried, ordered } = at.counts;
    // A scan that finds nothing to do, as most do, leaves no log.
    if (rung + timed + retried + ordered > 0) context.log(said);
    return { result: { ...at.counts }, friendlyMessage: said };
  },
});

interface Page {
  readonly found: Partial<Counts>;
  readonly next?: string | undefined;
}

async function page({ scans, from, sendsUntil }: Cursor, context: Omit<Context, 'cursor'>): Promise<Page> {
  const { jobId, repositories, signal, log } = context;
  const { mender, postman } = repositories;
  if (scans === 'assets') return startOverdue(from ?? undefined, jobId, repositories);
  const query = { by: new Date(mender.clock()).toISOString(), from: from ?? undefined, limit: PAGE };
  if (scans === 'deliveries') {
    const isOver = sendsUntil !== null && mender.clock() >= sendsUntil;
    return isOver ? { found: {} } : retryDue(query, { ...postman, signal, log });
  }
  if (scans === 'tokens') {
    const { tokens, next } = await mender.chains.watched(query);
    return { found: counted(await eachOf(tokens, AT_ONCE, (token) => mendToken(token, mender))), next };
  }
  const { jobIds, next } = await mender.jobs.due(query);
  const rows = await mender.jobs.getAll(jobIds.filter((id) => id !== jobId));
  return { found: counted(await eachOf(rows, AT_ONCE, (row) => mendJob(row, mender))), next };
}

const counted = (mended: readonly Mended[]): Partial<Counts> => ({
  looked: mended.length,
  rung: mended.filter((each) => each === 'rung').length,
  timed: mended.filter((each) => each === 'timed').length,
});

const added = (counts: Counts, found: Partial<Counts>): Counts => ({
  looked: counts.looked + (found.looked ?? 0),
  rung: counts.rung + (found.rung ?? 0),
  timed: counts.timed + (found.timed ?? 0),
  retried: counts.retried + (found.retried ?? 0),
  sent: counts.sent + (found.sent ?? 0),
  ordered: counts.ordered + (found.ordered ?? 0),
});

function summed({ looked, rung, timed, retried, sent, ordered }: Counts): string {
  if (rung + timed + retried + ordered === 0) return 'Nothing was due.';
  const again = retried === 0 ? '' : ` Sent ${sent} of ${retried} messages that had failed.`;
  const forgotten = ordered === 0 ? '' : ' Files that nobody had processed are processed by a job now.';
  return `Looked at ${looked} jobs and tokens: rang for ${rung}, set the timers of ${timed}.${again}${forgotten}`;
}
