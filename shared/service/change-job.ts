import type { Job } from '../job/job.ts';
import { openVerbs, type PersonVerb } from '../job/open-verbs.ts';
import type { Wish } from '../job/person-transitions.ts';
import { shownAs } from '../job/status.ts';
import { applied, type Removal, type Transition } from '../job/transition.ts';
import { type Caller, requireControl } from './caller.ts';
import type { Creator } from './create-job.ts';
import { NotFound, Unavailable, VerbRefused } from './errors.ts';
import { type Link, TransitionRefused } from './ports.ts';
import { laneOf, ringFor, ringIn } from './ring-of.ts';
import { skipOccurrence } from './series/skip-occurrence.ts';

/** How a verb changes a job as it was read; nothing if the job's state does not allow it. */
export type Plan = (job: Job, wish: Wish) => Transition | Removal | undefined;

export interface Change {
  readonly verb: PersonVerb;
  readonly reason?: string | undefined;
  readonly plan: Plan;
  /** Done before the write that needs it. */
  readonly before?: (job: Job) => Promise<void>;
}

/** The row before the change and after it; no row after it if the job is gone. */
export interface Changed {
  readonly before: Job;
  readonly job: Job | undefined;
}

/** So often the job may change between our reading and our writing. */
const MAX_TRIES = 10;

/**
 * Makes what a person has asked for, if the job as it is now allows it. Throws `NotFound`, `NotAllowed`,
 * `VerbRefused`; then nothing has changed.
 */
export async function changeJob(
  jobId: string,
  caller: Caller,
  service: Creator,
  { verb, reason, plan, before }: Change,
): Promise<Changed> {
  const { jobs, clock } = service;
  let job = await jobs.get(jobId);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (job === undefined) throw new NotFound('job', jobId);
    requireControl(caller, job);
    const wish = { now: new Date(clock()).toISOString(), by: caller.id, byName: caller.name, reason };
    const step = plan(job, wish);
    if (step === undefined) throw refusalOf(verb, job);
    await before?.(job);
    try {
      if (job.isToCome && isEnd(step)) return { before: job, job: await skipOccurrence(job, step, service) };
      if (step.verb !== 'delete') return { before: job, job: (await jobs.make(step)) ?? applied(job, step) };
      await jobs.remove(step);
      return { before: job, job: undefined };
    } catch (error) {
      if (!(error instanceof TransitionRefused)) throw error;
      job = error.current;
    }
  }
  throw new Unavailable(`The job ${jobId} changes too fast.`, undefined);
}

/** What takes an occurrence out of its series before its date. */
const isEnd = ({ verb }: Transition | Removal): boolean => verb === 'cancel' || verb === 'delete';

export const refusalOf = (verb: PersonVerb, job: Job): VerbRefused =>
  new VerbRefused(verb, {
    jobId: job.jobId,
    statusCode: job.statusCode,
    shownAs: shownAs(job),
    ...(job.isPlatformGenerated && { why: ' and was made by the service for itself' }),
    openVerbs: openVerbs(job),
  });

/** Whoever is the head of the line now may run, or has to be looked at; what is lost here, the scan finds. */
export async function ringHead(job: Job, service: Creator): Promise<void> {
  const { dependencyToken: token } = job;
  if (token === undefined) return;
  await unlessItFails(job, service, async () => {
    const head: Link | undefined = await service.chains.head(token);
    // An older one is still ahead: then it was not the job's turn.
    if (head !== undefined && head.sequence > job.sequence) await service.doorbell.ring(ringFor(head));
  });
}

/** A request to a worker that nobody is: between two slices, or dead. */
export async function ringToSettle(job: Job, service: Creator): Promise<void> {
  const { leaseEndsAt } = job;
  if (leaseEndsAt !== undefined && Date.parse(leaseEndsAt) > service.clock()) return;
  await unlessItFails(job, service, () =>
    service.doorbell.ring(ringIn(laneOf(job, service.operations), job)),
  );
}

async function unlessItFails(job: Job, { log }: Creator, ring: () => Promise<void>): Promise<void> {
  try {
    await ring();
  } catch (error) {
    log('ring failed, the scan will find the job', { jobId: job.jobId, error: String(error) });
  }
}
