import * as z from 'zod';
import { eachOf } from '../service/each-of.ts';
import { type Mended, type Mender, mendJob } from '../service/mend-job.ts';
import { mendToken } from '../service/mend-token.ts';
import type { Checkpoint, Outcome, RunContext } from '../service/operation.ts';
import type { Chains } from '../service/ports.ts';
import { defineOperation } from './define-operation.ts';

export interface ScanRepositories {
  readonly mender: Mender & { readonly chains: Chains };
}

const Counts = z.object({ looked: z.number(), rung: z.number(), timed: z.number() });
type Counts = z.infer<typeof Counts>;
/** First the jobs without a token, then the tokens. */
const Cursor = z.object({
  scans: z.enum(['jobs', 'tokens']),
  from: z.string().nullable(),
  counts: Counts,
});
type Cursor = z.infer<typeof Cursor>;

type Step = Checkpoint & { cursor: Cursor };
type Context = RunContext<ScanRepositories, Cursor>;

const PAGE = 100;
const AT_ONCE = 10;
const START: Cursor = { scans: 'jobs', from: null, counts: { looked: 0, rung: 0, timed: 0 } };

/** The reprocessing scan: finds whatever should go on and that nobody looks after. Two at once do no harm. */
export const reprocess = defineOperation({
  name: 'reprocess',
  label: 'Reprocessing scan',
  description:
    'Finds jobs whose ring was lost, whose worker died or whose date is near, and rings for them. Every quarter of an hour.',
  // Dataverse: values of one's own in a choice begin at 100,000,000.
  operationType: 100_000_001,
  lane: 'standard',
  isPlatformGenerated: true,
  input: z.strictObject({}),
  cursor: Cursor,
  async *run(_input, { cursor = START, ...context }: Context): AsyncGenerator<Step, Outcome, void> {
    let at = cursor;
    for (;;) {
      const { mended, next } = await page(at, context);
      at = { ...at, from: next ?? null, counts: counted(at.counts, mended) };
      if (next === undefined && at.scans === 'jobs') at = { ...at, scans: 'tokens' };
      else if (next === undefined) break;
      yield { done: at.counts.looked, cursor: at };
    }
    const said = summed(at.counts);
    // A scan that finds nothing to do, as most do, leaves no log.
    if (at.counts.rung + at.counts.timed > 0) context.log(said);
    return { result: { ...at.counts }, friendlyMessage: said };
  },
});

interface Page {
  readonly mended: readonly Mended[];
  readonly next?: string | undefined;
}

async function page(
  { scans, from }: Cursor,
  { jobId, repositories }: Omit<Context, 'cursor'>,
): Promise<Page> {
  const { mender } = repositories;
  const query = { by: new Date(mender.clock()).toISOString(), from: from ?? undefined, limit: PAGE };
  if (scans === 'tokens') {
    const { tokens, next } = await mender.chains.watched(query);
    return { mended: await eachOf(tokens, AT_ONCE, (token) => mendToken(token, mender)), next };
  }
  const { jobIds, next } = await mender.jobs.due(query);
  const rows = await mender.jobs.getAll(jobIds.filter((id) => id !== jobId));
  return { mended: await eachOf(rows, AT_ONCE, (row) => mendJob(row, mender)), next };
}

const counted = ({ looked, rung, timed }: Counts, mended: readonly Mended[]): Counts => ({
  looked: looked + mended.length,
  rung: rung + mended.filter((each) => each === 'rung').length,
  timed: timed + mended.filter((each) => each === 'timed').length,
});

function summed({ looked, rung, timed }: Counts): string {
  if (rung + timed === 0) return 'Nothing was due.';
  return `Looked at ${looked} jobs and tokens: rang for ${rung}, set the timers of ${timed}.`;
}
