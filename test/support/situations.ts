import type { Job } from '../../shared/job/job.ts';
import { ALL_STATUSES, Status, type StatusCode, statusLabel } from '../../shared/job/status.ts';
import type { Transition } from '../../shared/job/transition.ts';
import { checkpoint, claim, fail, succeed, yieldClaim } from '../../shared/job/worker-transitions.ts';
import { aJob, at } from './a-job.ts';

/**
 * Everything that decides whether a step of a worker is legal, in all combinations, and what is right for each:
 * written down here once more, in words of its own, and never derived from the lifecycle table.
 */
export interface Situation {
  readonly status: StatusCode;
  readonly claim: 'own' | 'of another';
  readonly lease: 'alive' | 'ended' | 'cleared';
  readonly date: 'has come' | 'lies ahead' | 'absent';
}

const NOW = 600_000;
const OWN_CLAIM = 3;

export const SITUATIONS: readonly Situation[] = ALL_STATUSES.flatMap((status) =>
  (['own', 'of another'] as const).flatMap((claimedBy) =>
    (['alive', 'ended', 'cleared'] as const).flatMap((lease) =>
      (['has come', 'lies ahead', 'absent'] as const).map((date) => ({
        status,
        claim: claimedBy,
        lease,
        date,
      })),
    ),
  ),
);

export const wordsOf = ({ status, claim: holder, lease, date }: Situation): string =>
  `${statusLabel(status)}, claim ${holder}, lease ${lease}, date ${date}`;

export const jobIn = ({ status, claim: holder, lease, date }: Situation): Job =>
  aJob({
    statusCode: status,
    claimNumber: holder === 'own' ? OWN_CLAIM : OWN_CLAIM + 1,
    hostId: 'host-before',
    ...(lease !== 'cleared' && { leaseEndsAt: at(lease === 'alive' ? NOW + 1 : NOW) }),
    ...(date !== 'absent' && { postponeUntil: at(date === 'has come' ? NOW : NOW + 1) }),
  });

/** The steps of a worker that exist, as the worker with claim 3 would make them ten minutes past noon. */
export const WORKER_STEPS: Readonly<Record<string, (jobId: string) => Transition>> = {
  claim: (jobId) => claim(jobId, { now: at(NOW), leaseEndsAt: at(NOW + 60_000), hostId: 'host-now' }),
  checkpoint: (jobId) => checkpoint({ jobId, claimNumber: OWN_CLAIM }, { done: 7, total: 9 }, at(NOW)),
  yield: (jobId) =>
    yieldClaim(
      { jobId, claimNumber: OWN_CLAIM },
      { now: at(NOW), executionTimeSpan: 2, watchAt: at(NOW + 60_000) },
    ),
  succeed: (jobId) =>
    succeed({ jobId, claimNumber: OWN_CLAIM }, { now: at(NOW), executionTimeSpan: 2, hasResult: true }),
  fail: (jobId) =>
    fail({ jobId, claimNumber: OWN_CLAIM }, { now: at(NOW), executionTimeSpan: 2, errorCode: 1 }),
};

/** What a store must do. `stands`: the step was made before and only its answer was lost. */
export type Expected = 'moves' | 'stands' | 'refused';

export function expected(verb: string, { status, claim: holder, lease, date }: Situation): Expected {
  const isOwn = holder === 'own';
  const isRunning = status === Status.InProgress;
  switch (verb) {
    case 'claim': {
      const waitIsOver = status === Status.Waiting && date === 'has come';
      const holderIsDead = isRunning && lease !== 'alive';
      return status === Status.WaitingForResources || waitIsOver || holderIsDead ? 'moves' : 'refused';
    }
    case 'checkpoint':
    case 'yield':
      return isRunning && isOwn ? 'moves' : 'refused';
    case 'succeed':
      if (isOwn && status === Status.Succeeded) return 'stands';
      return isOwn && (isRunning || status === Status.Pausing) ? 'moves' : 'refused';
    case 'fail':
      if (isOwn && status === Status.Failed) return 'stands';
      return isOwn && (isRunning || status === Status.Pausing) ? 'moves' : 'refused';
    default:
      throw new Error(`Nothing is expected of "${verb}" yet: add it here.`);
  }
}
