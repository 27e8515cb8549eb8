import { SERVICE } from '../../job/audit-entry.ts';
import type { Job } from '../../job/job.ts';
import { cancel } from '../../job/person-transitions.ts';
import { msOfSequence } from '../../job/sequence.ts';
import { isCompleted } from '../../job/status.ts';
import { applied } from '../../job/transition.ts';
import { RING_MS } from '../../job/watch.ts';
import { Unavailable } from '../errors.ts';
import { type JobStore, TailAhead, TransitionRefused } from '../ports.ts';
import { laneOf } from '../ring-of.ts';
import { movedOn, type NextMaker, nextOf } from './move-on.ts';
import { joined, leftOut } from './occurrence.ts';
import { type Series, type SeriesChange, SeriesMoved, type SeriesStore, seriesIdOf } from './series.ts';

export type SeriesMover = NextMaker & { readonly series: SeriesStore; readonly jobs: JobStore };

/** The scan comes every quarter of an hour: what is later has been missed. */
export const MISSED_MS = 20 * 60_000;
/** So often somebody else may be faster: then there is often nothing left to do. */
const MAX_TRIES = 20;

/**
 * The date of an occurrence has come. One transaction makes it Ready at the end of its token's line, or leaves it out,
 * makes the next one and moves the series on. Answers with the job if it is Ready now; any number may try at once.
 */
export async function fallDue(job: Job, mover: SeriesMover): Promise<Job | undefined> {
  const { series: store, jobs, clock } = mover;
  let current: Job | undefined = job;
  let tail = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (!isDue(current, clock())) return undefined;
    const series: Series | undefined = await store.get(seriesIdOf(current) ?? '');
    if (series?.nextJobId !== current.jobId) {
      if (!isYoung(current, clock())) return leaveOut(current, mover);
      // The parts of a transaction are seen one after the other: its series may stand at it in a moment.
      current = await jobs.get(job.jobId);
      continue;
    }
    try {
      const change = await changeFor(current, series, mover, tail);
      await store.commit(change);
      const { after } = change.occurrence;
      return isCompleted(after.statusCode) ? undefined : after;
    } catch (error) {
      if (error instanceof TailAhead) tail = error.last;
      else if (error instanceof SeriesMoved) current = await jobs.get(job.jobId);
      else throw error;
    }
  }
  throw new Unavailable(`The series of the job ${job.jobId} changes too fast.`, undefined);
}

const isDue = (job: Job | undefined, now: number): job is Job =>
  job?.isToCome === true && job.postponeUntil !== undefined && Date.parse(job.postponeUntil) <= now;

/** No series knows of it, so nobody can tell what comes next. */
async function leaveOut(job: Job, { jobs, clock }: SeriesMover): Promise<undefined> {
  try {
    await jobs.make(cancel(job, { now: new Date(clock()).toISOString(), by: SERVICE }));
  } catch (error) {
    if (!(error instanceof TransitionRefused)) throw error;
  }
}

/** So new that what was written with it may not be seen yet. */
export const isYoung = ({ sequence }: Pick<Job, 'sequence'>, now: number): boolean =>
  Math.abs(now - msOfSequence(sequence)) < RING_MS;

type Due = SeriesChange & { readonly occurrence: { readonly before: Job; readonly after: Job } };

async function changeFor(job: Job, before: Series, mover: SeriesMover, tail: number): Promise<Due> {
  const now = mover.clock();
  const why = await reasonToSkip(job, before, mover);
  const series = movedOn(before, now);
  // Before that of the next one: lists show the next one first.
  const sequence = Math.max(mover.nextSequence(), tail + 1);
  const next = await nextOf(series, mover);
  if (why !== undefined) return { series, next, ...skipped(job, why, before, now) };
  const after = joined(job, before, { sequence, now });
  const change = { series: { ...series, lastJobId: job.jobId }, next, occurrence: { before: job, after } };
  const { dependencyToken } = after;
  if (dependencyToken === undefined) return change;
  const watchAt = new Date(msOfSequence(sequence) + RING_MS).toISOString();
  const lane = laneOf(after, mover.operations);
  return { ...change, place: { job: { ...after, dependencyToken }, lane, watchAt } };
}

/** Why the series' own policies leave this occurrence out, if they do; short enough for the row. */
async function reasonToSkip(
  { postponeUntil = '' }: Job,
  { recurrence, lastJobId }: Series,
  { jobs, clock }: SeriesMover,
): Promise<string | undefined> {
  const { missed, overlap } = recurrence;
  if (missed === 'skip' && clock() - Date.parse(postponeUntil) > MISSED_MS)
    return 'Left out: its date had long passed.';
  if (overlap === 'queue' || lastJobId === undefined) return undefined;
  const last = await jobs.get(lastJobId);
  const isOpen = last !== undefined && !isCompleted(last.statusCode);
  return isOpen ? 'Left out: the one before was not over.' : undefined;
}

function skipped(job: Job, reason: string, series: Series, now: number): Pick<Due, 'occurrence' | 'note'> {
  const step = cancel(job, { now: new Date(now).toISOString(), by: SERVICE, reason });
  const after = { ...leftOut(applied(job, step), series), friendlyMessage: reason };
  return { occurrence: { before: job, after }, note: step.note };
}
