import type { Job } from '../../shared/job/job.ts';
import { sequenceAt } from '../../shared/job/sequence.ts';
import { Status } from '../../shared/job/status.ts';
import { countingIds } from './memory/counting-ids.ts';
import { NOON } from './memory/settable-clock.ts';

const newId = countingIds();

/** A job that was created at noon and waits to be run. */
export const aJob = (facts: Partial<Job> = {}): Job => ({
  jobId: newId(),
  sequence: sequenceAt(NOON),
  operation: 'count-to',
  name: 'Count',
  statusCode: Status.WaitingForResources,
  createdOn: at(),
  createdBy: 'olga',
  ownerId: 'olga',
  modifiedOn: at(),
  modifiedBy: 'olga',
  depth: 1,
  claimNumber: 0,
  retryCount: 0,
  watchAt: at(60_000),
  input: '{"to":3}',
  ...facts,
});

/** A job that a worker runs by its first claim, with a lease until five minutes past noon. */
export const aRunningJob = (facts: Partial<Job> = {}): Job =>
  aJob({
    statusCode: Status.InProgress,
    claimNumber: 1,
    hostId: 'host-1',
    leaseEndsAt: at(300_000),
    startedOn: at(),
    ...facts,
  });

/** The instant so many milliseconds after noon. */
export const at = (ms = 0): string => new Date(NOON + ms).toISOString();
