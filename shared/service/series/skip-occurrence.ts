import type { Job } from '../../job/job.ts';
import { applied, type Removal, type Transition } from '../../job/transition.ts';
import { TransitionRefused } from '../ports.ts';
import { isYoung, type SeriesMover } from './fall-due.ts';
import { movedOn, nextOf } from './move-on.ts';
import { leftOut } from './occurrence.ts';
import { SeriesMoved, seriesIdOf } from './series.ts';

/**
 * A person has canceled or deleted an occurrence before its date: that one is left out, and the next one is made in the
 * same transaction. Answers with the row after it, if there is one. Throws `TransitionRefused`.
 */
export async function skipOccurrence(
  job: Job,
  step: Transition | Removal,
  mover: SeriesMover,
): Promise<Job | undefined> {
  const { series: store, jobs, clock } = mover;
  const before = await store.get(seriesIdOf(job) ?? '');
  if (before?.nextJobId !== job.jobId) {
    if (isYoung(job, clock())) throw new TransitionRefused(step, await jobs.get(job.jobId));
    return alone(job, step, mover);
  }
  const series = movedOn(before, clock());
  const next = await nextOf(series, mover);
  const after = step.verb === 'delete' ? undefined : leftOut(applied(job, step), before);
  const note = step.verb === 'delete' ? undefined : step.note;
  try {
    await store.commit({ series, next, occurrence: { before: job, after }, note });
  } catch (error) {
    if (!(error instanceof SeriesMoved)) throw error;
    throw new TransitionRefused(step, await jobs.get(job.jobId));
  }
  return after;
}

/** Of a series that is gone, or that leads to another one by now. */
async function alone(job: Job, step: Transition | Removal, { jobs }: SeriesMover): Promise<Job | undefined> {
  if (step.verb !== 'delete') return (await jobs.make(step)) ?? applied(job, step);
  await jobs.remove(step);
  return undefined;
}
