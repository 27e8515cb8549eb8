import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import { notificationOf } from '../../../../shared/service/notifications/notification.ts';
import { aJob, at } from '../../../support/a-job.ts';

const over = (facts: Partial<Job> = {}) =>
  aJob({ jobId: 'a-job', statusCode: Status.Succeeded, completedOn: at(5), modifiedOn: at(9), ...facts });
const one = { label: 'Count' };
const ofMany = { label: 'Cancel jobs', itemColumns: ['jobId'] };
const textOf = (facts: Partial<Job>, told: Parameters<typeof notificationOf>[1] = one) =>
  notificationOf(over(facts), told).text;

describe('the entry of an inbox', () => {
  it('says whose job it was, what became of it, when, and where it is', () => {
    expect(notificationOf(over(), one)).toEqual({
      userId: 'olga',
      notificationId: expect.any(String),
      jobId: 'a-job',
      operation: 'count-to',
      title: 'Count - SUCCESS',
      text: '"Count" has completed successfully.',
      link: '/jobs/a-job',
      createdOn: at(5),
    });
  });

  it('has no link to a job that has deleted itself; one that was to do so and failed is there', () => {
    const { Succeeded, Failed } = Status;
    const links = [Succeeded, Failed].map(
      (statusCode) => notificationOf(over({ deleteOnSuccess: true, statusCode }), one).link,
    );
    expect(links).toEqual([undefined, '/jobs/a-job']);
  });

  it('counts what a job has done to many others, once it has succeeded', () => {
    const friendlyMessage = 'Canceled 2 of 3 jobs.';
    const { Canceled } = Status;
    expect([
      textOf({ friendlyMessage }, ofMany),
      textOf({}, ofMany),
      textOf({ friendlyMessage }),
      textOf({ friendlyMessage, statusCode: Canceled }, ofMany),
    ]).toEqual([
      '"Count" has completed successfully: Canceled 2 of 3 jobs.',
      '"Count" has completed successfully.',
      '"Count" has completed successfully.',
      '"Count" was canceled.',
    ]);
  });
});
