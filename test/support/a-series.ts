import type { Job } from '../../shared/job/job.ts';
import { Status } from '../../shared/job/status.ts';
import { relationTo, type Series } from '../../shared/service/series/series.ts';
import { aJob, at } from './a-job.ts';

/** A daily series that was ordered at noon, and its first occurrence an hour later. */
export const aSeries = (facts: Partial<Series> = {}): Series => ({
  seriesId: '00000000-0000-4000-8000-00000000a001',
  version: 1,
  sequence: 1_000,
  createdOn: at(),
  createdBy: 'olga',
  ownerId: 'olga',
  modifiedOn: at(),
  modifiedBy: 'olga',
  order: { operation: 'count-to', input: { to: 3, deep: [[[[null]]]] } },
  recurrence: { pattern: 'FREQ=DAILY;', startTime: at(3_600_000), missed: 'once', overlap: 'queue' },
  nextAt: at(3_600_000),
  ...facts,
});

/** An occurrence that is to come. */
export const aJobToCome = (series: Series, facts: Partial<Job> = {}): Job =>
  aJob({
    statusCode: Status.Waiting,
    relatedTo: relationTo(series.seriesId),
    isToCome: true,
    ...(series.nextAt !== undefined && { postponeUntil: series.nextAt }),
    ...facts,
  });
