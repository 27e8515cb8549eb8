import type { Job } from '../../../../shared/job/job.ts';
import type { Commit, Happening } from '../happening.ts';
import { dateOf, isLocked, isOver, type Model, PATIENCE_MS, READY, type Rule, SUSPENDED } from './model.ts';

const RING_MS = 60_000;
const SCAN_MS = 15 * 60_000;
/** Until then a date is near: no scan can be counted on to come in time. */
const NEAR_MS = 16 * 60_000;

/** The scan will look at everything that may need it, in time: a date of watch may be early, never late. */
export const isWatchedInTime: Rule = (happening, now, model) => {
  if (happening.kind !== 'commit') return undefined;
  const tokens = new Set([...happening.places, ...happening.tails].map(({ token }) => token));
  for (const { jobId, after } of happening.rows) {
    if (after?.dependencyToken !== undefined) tokens.add(after.dependencyToken);
    else if (after !== undefined && !isOver(after) && isLate(after.watchAt, neededBy(after, now))) {
      return `${jobId} is ${after.statusCode} and watched only at ${after.watchAt}`;
    }
  }
  for (const token of tokens) {
    const fault = faultOfToken(token, now, model);
    if (fault !== undefined) return fault;
  }
  return undefined;
};

function faultOfToken(token: string, now: number, model: Model): string | undefined {
  const head = model.headOf(token);
  if (head === undefined) return undefined;
  const watchAt = model.tails.get(token)?.watchAt;
  if (watchAt === undefined) return `${token} has open jobs and is not watched`;
  if (!isLate(watchAt, neededBy(head, now))) return undefined;
  return `the head of ${token}, ${head.jobId}, is ${head.statusCode}, and the token is watched only at ${watchAt}`;
}

/** By when a scan has to look at the job at the latest; nothing if a person frees it. */
function neededBy(job: Job, now: number): number | undefined {
  if (job.statusCode === READY) return now + RING_MS;
  if (job.statusCode === SUSPENDED) {
    const date = dateOf(job);
    return date === undefined ? undefined : Math.max(date, now) + RING_MS;
  }
  const lease = job.leaseEndsAt === undefined ? now : Date.parse(job.leaseEndsAt);
  return Math.max(lease, now) + SCAN_MS;
}

const isLate = (watchAt: string | undefined, by: number | undefined): boolean =>
  by !== undefined && (watchAt === undefined || Date.parse(watchAt) > by + PATIENCE_MS);

/** A date may come near while a write is on its way; then a scan still finds it, for `watchAt` was set for that. */
const SLOW_WRITE_MS = 10_000;
/** A timer that came before the write it was sent for would be heard in vain. */
const WRITE_MS = 2_000;

/** A timer that is needed is sent before the write that needs it: a crash in between costs nothing. */
export function timerComesFirst(): Rule {
  const timers = new Map<string, { at: number; sent: number }[]>();
  return (happening, now) => {
    if (happening.kind === 'timer') {
      const { jobId, at } = happening;
      timers.set(jobId, [...(timers.get(jobId) ?? []), { at, sent: now }]);
    }
    return datedNow(happening, now).find(
      ({ jobId, date }) => !timers.get(jobId)?.some((timer) => isFor(date, timer)),
    )?.fault;
  };
}

/** At the date, or a moment after the write that it is sent before. */
const isFor = (date: number, { at, sent }: { at: number; sent: number }): boolean =>
  at >= date - PATIENCE_MS && at <= Math.max(date, sent + WRITE_MS) + PATIENCE_MS;

/** Jobs that wait for a near date by a step that is none of their creation, nor of a stop. */
function datedNow(happening: Happening, now: number): { jobId: string; date: number; fault: string }[] {
  if (happening.kind !== 'commit') return [];
  return happening.rows.flatMap(({ jobId, before, after }) => {
    if (after?.statusCode !== SUSPENDED || isOfCreation(before, happening)) return [];
    const date = dateOf(after);
    // Whoever asks for it to come now rings for it afterwards.
    const comesNow = after.isToCome === true && (date ?? 0) <= now + PATIENCE_MS;
    if (date === undefined || isStop(before, after) || comesNow || date - now > NEAR_MS - SLOW_WRITE_MS)
      return [];
    return [
      { jobId, date, fault: `${jobId} waits until ${after.postponeUntil}, and no timer was sent before` },
    ];
  });
}

/** A client that gets no answer to its order asks again, or knows that it must look. */
const isOfCreation = (before: Job | undefined, { series }: Commit): boolean =>
  before === undefined && (series === undefined || series.before === undefined);

const isStop = (before: Job | undefined, after: Job): boolean =>
  before !== undefined &&
  isLocked(before) &&
  before.retryCount === after.retryCount &&
  after.isWaitingForEvent === undefined;
