import { describe, expect, it } from '@jest/globals';
import { CANCELABLE_UPKEEP, openVerbs } from '../../../shared/job/open-verbs.ts';
import { ALL_STATUSES, isCompleted, Status } from '../../../shared/job/status.ts';
import { at } from '../../support/a-job.ts';

const DATE = { postponeUntil: at() };

/** What a person may ask for, by what the job is. */
const OPEN = [
  ['Ready', { statusCode: Status.WaitingForResources }, ['cancel', 'postpone']],
  ['paused', { statusCode: Status.Waiting }, ['cancel', 'resume', 'delete']],
  ['scheduled', { statusCode: Status.Waiting, ...DATE }, ['cancel', 'resume', 'reschedule', 'delete']],
  ['In Progress', { statusCode: Status.InProgress }, ['cancel', 'pause', 'postpone']],
  ['Pausing', { statusCode: Status.Pausing }, ['cancel', 'pause', 'postpone']],
  ['Pausing until a date', { statusCode: Status.Pausing, ...DATE }, ['cancel', 'pause', 'postpone']],
  ['Canceling', { statusCode: Status.Canceling }, ['cancel']],
  ['Succeeded', { statusCode: Status.Succeeded }, ['rerun', 'delete']],
  ['Succeeded and deletes itself', { statusCode: Status.Succeeded, deleteOnSuccess: true }, ['delete']],
  [
    'Failed and would delete itself',
    { statusCode: Status.Failed, deleteOnSuccess: true },
    ['rerun', 'delete'],
  ],
  ['Failed', { statusCode: Status.Failed }, ['rerun', 'delete']],
  ['Canceled', { statusCode: Status.Canceled }, ['rerun', 'delete']],
] as const;

describe('the verbs that are open to people', () => {
  it.each(OPEN)('for a job that is %s', (_what, job, verbs) => {
    expect(openVerbs({ operation: 'count-to', ...job })).toEqual(verbs);
  });

  it.each(ALL_STATUSES)(
    'for a job of the service itself in status %d are none before it is over',
    (statusCode) => {
      const open = openVerbs({ operation: 'purge', statusCode, ...DATE, isPlatformGenerated: true });
      expect(open).toEqual(isCompleted(statusCode) ? ['delete'] : []);
    },
  );

  it.each(ALL_STATUSES)(
    'for a job over overdue assets in status %d are only to cancel it, and to delete it when it is over',
    (statusCode) => {
      const job = { operation: CANCELABLE_UPKEEP, statusCode, ...DATE, isPlatformGenerated: true } as const;
      expect(openVerbs(job)).toEqual(isCompleted(statusCode) ? ['delete'] : ['cancel']);
    },
  );

  it('for a job that a person made by that name are those for any', () => {
    const job = { operation: CANCELABLE_UPKEEP, statusCode: Status.WaitingForResources };
    expect(openVerbs(job)).toEqual(['cancel', 'postpone']);
  });
});
