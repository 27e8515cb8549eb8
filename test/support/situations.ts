import type { Job } from '../../shared/job/job.ts';
import { ALL_STATUSES, Status, type StatusCode, statusLabel } from '../../shared/job/status.ts';
import { aJob, at } from './a-job.ts';

/**
 * Everything that decides whether a step is legal, in all combinations, and what is right for each: written down here
 * once more, in words of its own, and never derived from the lifecycle table. The steps are in `all-steps.ts`.
 */
export interface Situation {
  readonly status: StatusCode;
  readonly claim: 'own' | 'of another';
  readonly lease: 'alive' | 'ended' | 'given back';
  readonly date: 'has come' | 'lies ahead' | 'absent';
  /** Whether somebody deleted the job while it ran. */
  readonly after: 'stays' | 'goes';
  /** Whether a worker has died on it since it last made progress. */
  readonly past: 'sound' | 'crashed';
  /** Of one that waits: whether an answer to its callback would free it. */
  readonly waits: 'for an event' | 'for no event';
}

/** Ten minutes past noon; the worker whose steps are tried has the third claim. */
export const NOW = 600_000;
export const OWN_CLAIM = 3;

const CLAIMS = ['own', 'of another'] as const;
const LEASES = ['alive', 'ended', 'given back'] as const;
const DATES = ['has come', 'lies ahead', 'absent'] as const;

const goesAfter = (status: StatusCode): readonly Situation['after'][] =>
  status === Status.Canceling ? ['stays', 'goes'] : ['stays'];
const pastOf = (status: StatusCode): readonly Situation['past'][] =>
  status === Status.WaitingForResources || status === Status.Waiting ? ['sound', 'crashed'] : ['sound'];

const waitsOf = (status: StatusCode): readonly Situation['waits'][] =>
  status === Status.Waiting ? ['for an event', 'for no event'] : ['for no event'];

export const SITUATIONS: readonly Situation[] = ALL_STATUSES.flatMap((status) =>
  pastOf(status).flatMap((past) =>
    waitsOf(status).flatMap((waits) =>
      goesAfter(status).flatMap((after) =>
        CLAIMS.flatMap((claim) =>
          LEASES.flatMap((lease) =>
            DATES.map((date) => ({ status, claim, lease, date, after, past, waits })),
          ),
        ),
      ),
    ),
  ),
);

export const wordsOf = ({ status, claim, lease, date, after, past, waits }: Situation): string =>
  `${statusLabel(status)}, claim ${claim}, lease ${lease}, date ${date}, ${after} when over, ${past}, waits ${waits}`;

export const jobIn = (
  { status, claim, lease, date, after, past, waits }: Situation,
  facts: Partial<Job> = {},
): Job =>
  aJob({
    statusCode: status,
    claimNumber: claim === 'own' ? OWN_CLAIM : OWN_CLAIM + 1,
    hostId: 'host-before',
    ...(lease !== 'given back' && { leaseEndsAt: at(lease === 'alive' ? NOW + 1 : NOW) }),
    ...(date !== 'absent' && { postponeUntil: at(date === 'has come' ? NOW : NOW + 1) }),
    ...(after === 'goes' && { deleteWhenOver: true }),
    ...(past === 'crashed' && { crashCount: 1 }),
    ...(waits === 'for an event' && { isWaitingForEvent: true }),
    ...facts,
  });

/** What a store must do. `stands`: the step was made before and only its answer was lost. */
export type Expected = 'moves' | 'stands' | 'refused';

type Rule = (situation: Situation) => boolean | Expected;

const isRunning = ({ status }: Situation): boolean => status === Status.InProgress;
const isPausing = ({ status }: Situation): boolean => status === Status.Pausing;
const isCanceling = ({ status }: Situation): boolean => status === Status.Canceling;
const isReady = ({ status }: Situation): boolean => status === Status.WaitingForResources;
const isSuspended = ({ status }: Situation): boolean => status === Status.Waiting;
const isOurs = ({ claim }: Situation): boolean => claim === 'own';
const isFree = ({ lease }: Situation): boolean => lease !== 'alive';

const mayRun = (now: Situation): boolean => isReady(now) || (isSuspended(now) && now.date === 'has come');

/** Only the holder moves the job there, so a job of ours that is there already was moved by this very step. */
const byItsHolder =
  (to: StatusCode, mayMove: (situation: Situation) => boolean): Rule =>
  (situation) => {
    if (!isOurs(situation)) return 'refused';
    if (mayMove(situation)) return 'moves';
    return situation.status === to ? 'stands' : 'refused';
  };

/** By the name of the step. */
const RULES: Readonly<Record<string, Rule>> = {
  claim: mayRun,
  'claim, beside others': (now) => mayRun(now) && now.past === 'sound',
  proceed: (now) => isRunning(now) && now.lease === 'given back',
  recover: (now) => isRunning(now) && now.lease === 'ended',
  'give up': (now) => isRunning(now) && now.lease === 'ended',
  wake: (now) => isSuspended(now) && now.date === 'has come',
  checkpoint: (now) => isRunning(now) && isOurs(now),
  yield: (now) => isRunning(now) && isOurs(now),
  succeed: byItsHolder(Status.Succeeded, (now) => isRunning(now) || isPausing(now)),
  fail: byItsHolder(Status.Failed, (now) => isRunning(now) || isPausing(now)),
  retry: byItsHolder(Status.Waiting, isRunning),
  await: byItsHolder(Status.Waiting, isRunning),
  answer: byItsHolder(Status.WaitingForResources, (now) => isSuspended(now) && now.waits === 'for an event'),
  'pause, by its worker': byItsHolder(Status.Waiting, (now) => isPausing(now) && now.date === 'absent'),
  'postpone, by its worker': byItsHolder(
    Status.Waiting,
    (now) => isPausing(now) && now.date === 'lies ahead',
  ),
  'cancel, by its worker': byItsHolder(Status.Canceled, (now) => isCanceling(now) && now.after === 'stays'),
  'remove, by its worker': (now) => isCanceling(now) && (isOurs(now) || isFree(now)),
  'pause, for the dead': (now) => isPausing(now) && isFree(now) && now.date === 'absent',
  'postpone, for the dead': (now) => isPausing(now) && isFree(now) && now.date === 'lies ahead',
  'cancel, for the dead': (now) => isCanceling(now) && isFree(now) && now.after === 'stays',
  'remove, for the dead': (now) => isCanceling(now) && isFree(now),
  'postpone one that waits': isReady,
  'postpone one that runs': (now) => isRunning(now) || isPausing(now),
  reschedule: (now) => isSuspended(now) && now.date !== 'absent',
  pause: (now) => isRunning(now) || isPausing(now),
  resume: isSuspended,
  'cancel one that waits': (now) => isReady(now) || isSuspended(now),
  'withdraw a Ready one': isReady,
  'withdraw and delete a Suspended one': isSuspended,
  'cancel one that runs': (now) => isRunning(now) || isPausing(now) || isCanceling(now),
  'cancel and delete one that runs': (now) => isRunning(now) || isPausing(now) || isCanceling(now),
  'delete a Ready one': isReady,
  'delete a Suspended one': isSuspended,
  'delete a Succeeded one': ({ status }) => status === Status.Succeeded,
  'delete a Failed one': ({ status }) => status === Status.Failed,
  'delete a Canceled one': ({ status }) => status === Status.Canceled,
};

export function expected(step: string, situation: Situation): Expected {
  const rule = RULES[step];
  if (rule === undefined) throw new Error(`Nothing is expected of "${step}" yet: add it here.`);
  const verdict = rule(situation);
  if (typeof verdict === 'string') return verdict;
  return verdict ? 'moves' : 'refused';
}
