import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { countCompleted } from '../service/count-completed.ts';
import { type History, OLDEST } from '../service/history.ts';
import type { Outcome, RunContext } from '../service/operation.ts';
import { byAge, type JobDetails } from '../service/ports.ts';
import { removeCompleted } from '../service/remove-completed.ts';
import { isOver, isPastRetention, type Retention } from '../service/retention.ts';
import { type HistoryReader, walkHistory } from '../service/walk-history.ts';
import { defineOperation } from './define-operation.ts';
import { beginPurge, PurgeCursor, type PurgeStep, purgeReport, purgeStep } from './purge-cursor.ts';

export interface Purger extends HistoryReader {
  readonly history: History;
  readonly details: Pick<JobDetails, 'removeAll'>;
  readonly retention: () => Promise<Retention>;
}

export interface PurgeRepositories {
  readonly purger: Purger;
}

type Context = RunContext<PurgeRepositories, PurgeCursor>;
type Steps = AsyncGenerator<PurgeStep, PurgeCursor, void>;

/** A day that ended so long ago gets no job any more, whatever the clocks of creators say. */
const DAY_MS = 24 * 60 * 60_000;

/** The purge: completed jobs past their retention go, then the oldest above the maximum. Open jobs never. */
export const purge = defineOperation({
  name: 'purge',
  label: 'Purge of completed jobs',
  description:
    'Deletes completed jobs past their retention, then the oldest above the maximum number kept, with all that belongs to them. Daily.',
  operationType: 100_000_002,
  lane: 'standard',
  isPlatformGenerated: true,
  input: z.strictObject({}),
  cursor: PurgeCursor,
  async *run(_input, context: Context): AsyncGenerator<PurgeStep, Outcome, void> {
    const { clock, repositories } = context;
    const { purger } = repositories;
    const { history } = purger;
    let at = context.cursor ?? (await beginPurge(await purger.retention(), history, clock()));
    if (at.phase === 'aged') {
      const { cutoff } = at;
      at = yield* take(at, purger, (job) => isPastRetention(job, cutoff));
      at = await measured(at, history);
      yield purgeStep(at);
    }
    if (at.phase === 'measuring') at = yield* findEnd(at, purger);
    const { end } = at;
    at = yield* take(at, purger, (job) => isOver(job) && byAge(job, end) >= 0);
    const longOver = new Date(clock() - DAY_MS).toISOString().slice(0, 10);
    const report = purgeReport(at, await history.forgetEmptyDays(longOver));
    // Where nothing was due, as most times, there is no log either.
    if (at.aged + at.surplus > 0) context.log(report.friendlyMessage ?? '');
    return report;
  },
});

/** Walks to the end and takes away what is due. */
async function* take(start: PurgeCursor, purger: Purger, isDue: (job: Job) => boolean): Steps {
  let at = start;
  for await (const { rows, end, examined } of walkHistory(
    { after: at.after, upTo: at.end.sequence },
    purger,
  )) {
    const due = rows.filter(isDue);
    const removed = await removeCompleted(due, purger);
    at = {
      ...(at.phase === 'aged' ? withKept(at, rows, due) : at),
      after: end,
      done: at.done + examined,
      tokens: at.tokens + removed.tokens,
      oldestRemoved: at.oldestRemoved ?? due[0]?.createdOn ?? null,
    };
    at =
      at.phase === 'aged'
        ? { ...at, aged: at.aged + removed.jobs }
        : { ...at, surplus: at.surplus + removed.jobs };
    yield purgeStep(at);
  }
  return at;
}

function withKept(at: PurgeCursor, rows: readonly Job[], due: readonly Job[]): PurgeCursor {
  const completed = rows.filter(isOver).length;
  return {
    ...at,
    keptOpen: at.keptOpen + rows.length - completed,
    keptCompleted: at.keptCompleted + completed - due.length,
  };
}

/** Counts what is left, and how much of it is too much. */
async function measured(at: PurgeCursor, history: History): Promise<PurgeCursor> {
  const { keptOpen, keptCompleted, end, maxCompletedJobs } = at;
  const seen = { upTo: end.sequence, open: keptOpen, completed: keptCompleted };
  const completed = await countCompleted(seen, history);
  const toMeasure = maxCompletedJobs === null ? 0 : Math.max(0, completed - maxCompletedJobs);
  return {
    ...at,
    phase: 'measuring',
    after: OLDEST,
    end: OLDEST,
    completed,
    toMeasure,
    total: at.total + toMeasure,
  };
}

/**
 * Finds the place up to which completed jobs are too many, and has it saved before any of them goes. Whoever took them
 * by their number would not know after a crash how many had gone, and take too many.
 */
async function* findEnd(start: PurgeCursor, purger: Purger): Steps {
  if (start.toMeasure === 0) return { ...start, phase: 'surplus', after: OLDEST };
  let at = start;
  for await (const page of walkHistory({ after: at.after, upTo: Number.MAX_SAFE_INTEGER }, purger)) {
    const over = page.rows.filter(isOver).slice(0, at.toMeasure);
    const { sequence, jobId } = over.at(-1) ?? at.end;
    at = { ...at, after: page.end, end: { sequence, jobId }, toMeasure: at.toMeasure - over.length };
    if (at.toMeasure === 0) break;
    yield purgeStep(at);
  }
  at = { ...at, phase: 'surplus', after: OLDEST };
  yield { ...purgeStep(at), mustSave: true };
  return at;
}
