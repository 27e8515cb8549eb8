import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { State, stateOf } from '../job/status.ts';
import type { Checkpoint, Outcome, RunContext } from '../service/operation.ts';
import type { Doorbell, JobStore } from '../service/ports.ts';
import { defineOperation } from './define-operation.ts';

export interface ScanRepositories {
  readonly jobs: JobStore;
  readonly doorbell: Doorbell;
}

const Cursor = z.object({ from: z.string().nullable(), looked: z.number(), rung: z.number() });
type Cursor = z.infer<typeof Cursor>;

type Step = Checkpoint & { cursor: Cursor };
type Context = RunContext<ScanRepositories, Cursor>;

const PAGE = 100;

/** The reprocessing scan: finds open jobs that nobody has looked at when they were to be, and rings for them. */
export const reprocess = defineOperation({
  name: 'reprocess',
  label: 'Reprocessing scan',
  description:
    'Finds jobs whose ring was lost or whose worker died, and rings for them. Runs every quarter of an hour.',
  // Dataverse: values of one's own in a choice begin at 100,000,000.
  operationType: 100_000_001,
  lane: 'standard',
  isPlatformGenerated: true,
  input: z.strictObject({}),
  cursor: Cursor,
  async *run(_input, { cursor, clock, jobId, repositories }: Context): AsyncGenerator<Step, Outcome, void> {
    const { jobs, doorbell } = repositories;
    let { from, looked, rung } = cursor ?? { from: null, looked: 0, rung: 0 };
    do {
      const now = new Date(clock()).toISOString();
      const page = await jobs.due({ by: now, from: from ?? undefined, limit: PAGE });
      const rows = await jobs.getAll(page.jobIds.filter((id) => id !== jobId));
      const forgotten = rows.filter((row) => isForgotten(row, now));
      // Any lane runs any job; `bulk` runs it alone, should it be one that kills its worker.
      for (const row of forgotten) await doorbell.ring({ jobId: row.jobId, lane: 'bulk' });
      from = page.next ?? null;
      looked += rows.length;
      rung += forgotten.length;
      yield { done: looked, cursor: { from, looked, rung } };
    } while (from !== null);
    return { result: { looked, rung }, friendlyMessage: summed(looked, rung) };
  },
});

/** Ready and not rung, or claimed by a worker that is dead: a live lease has somebody who looks after it. */
const isForgotten = ({ statusCode, leaseEndsAt }: Job, now: string): boolean =>
  stateOf(statusCode) === State.Ready ||
  (stateOf(statusCode) === State.Locked && (leaseEndsAt === undefined || leaseEndsAt <= now));

const summed = (looked: number, rung: number): string =>
  rung === 0
    ? 'Nothing was due.'
    : `${rung} of ${looked} jobs that were due had been forgotten and are rung again.`;
