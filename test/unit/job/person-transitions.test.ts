import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import {
  cancel,
  pause,
  postpone,
  remove,
  reschedule,
  resume,
  wake,
} from '../../../shared/job/person-transitions.ts';
import { Status } from '../../../shared/job/status.ts';
import { applied } from '../../../shared/job/transition.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

const WISH = { now: at(), by: 'adam' };
const HOUR_MS = 3_600_000;
const FAR = at(HOUR_MS);
const NEVER = '9999-12-31T23:59:59.999Z';
const WAITING = { statusCode: Status.Waiting, postponeUntil: at(5_000) } as const;
const IN_LINE = { dependencyToken: 'orders', sequence: 77 } as const;
const PLACE = { token: 'orders', sequence: 77 };

describe('postponing', () => {
  it('suspends a job that waits for its turn, and lets it be found before its date', () => {
    expect(applied(aJob(), postpone(aJob(), FAR, WISH))).toMatchObject({
      statusCode: Status.Waiting,
      postponeUntil: FAR,
      watchAt: at(HOUR_MS - 16 * 60_000),
      modifiedBy: 'adam',
    });
  });

  it.each([
    ['In Progress', aRunningJob()],
    ['Pausing', aRunningJob({ statusCode: Status.Pausing })],
  ])('asks the worker of a job that is %s to stop, and leaves the rest to it', (_status, job) => {
    const { watchAt, leaseEndsAt } = job;
    expect(applied(job, postpone(job, FAR, WISH))).toMatchObject({
      statusCode: Status.Pausing,
      postponeUntil: FAR,
      watchAt,
      leaseEndsAt,
    });
  });
});

describe('rescheduling', () => {
  it('gives another date, and is no retry any more', () => {
    const job = aJob({ ...WAITING, isRetrying: true });
    const next = applied(job, reschedule(job, FAR, WISH));
    expect(next).toMatchObject({ statusCode: Status.Waiting, postponeUntil: FAR });
    expect(next).not.toHaveProperty('isRetrying');
  });

  it.each([
    ['in time for a far date', {}, FAR, at(HOUR_MS - 16 * 60_000)],
    ['a minute after a near one, whose timer may be lost', {}, at(9_000), at(69_000)],
    ['never where it has a token: its token is', IN_LINE, FAR, NEVER],
  ])('lets the job be looked at %s', (_when, facts, until, watchAt) => {
    expect(reschedule(aJob({ ...WAITING, ...facts }), until, WISH).set.watchAt).toBe(watchAt);
  });
});

describe('pausing', () => {
  it('waits for a person: a date that was asked for before does not count any more', () => {
    const job = aRunningJob({ statusCode: Status.Pausing, postponeUntil: FAR });
    const next = applied(job, pause(job, WISH));
    expect([next.statusCode, next.postponeUntil]).toEqual([Status.Pausing, undefined]);
  });
});

describe('resuming', () => {
  it.each([
    ['has a date', WAITING],
    ['waits for a person', { statusCode: Status.Waiting, watchAt: NEVER }],
  ] as const)('makes a job Ready that %s, looked at within a minute', (_what, facts) => {
    const job = aJob(facts);
    const next = applied(job, resume(job, WISH));
    expect([next.statusCode, next.postponeUntil, next.watchAt]).toEqual([
      Status.WaitingForResources,
      undefined,
      at(60_000),
    ]);
  });

  it('leaves a job with a token to the watch of its token', () => {
    expect(resume(aJob({ ...WAITING, ...IN_LINE }), WISH).set.watchAt).toBe(NEVER);
  });
});

describe('canceling', () => {
  it('ends a job that waits', () => {
    const job = aJob({ ...WAITING, isRetrying: true });
    const next = applied(job, cancel(job, WISH));
    expect(next).toMatchObject({ statusCode: Status.Canceled, completedOn: at(), modifiedBy: 'adam' });
    expect([next.watchAt, next.postponeUntil, next.isRetrying]).toEqual([undefined, undefined, undefined]);
  });

  it.each([Status.InProgress, Status.Pausing, Status.Canceling])(
    'asks the worker of a job in status %d to stop',
    (statusCode) => {
      const job = aRunningJob({ statusCode });
      expect(applied(job, cancel(job, WISH))).toEqual({
        ...job,
        statusCode: Status.Canceling,
        modifiedBy: 'adam',
        // Made on top of the step before, and so after it, whatever the clocks say.
        modifiedOn: at(1),
      });
    },
  );

  it('may ask for the job to be gone when it is over; to cancel it once more does not take that back', () => {
    const job = aRunningJob();
    const going = applied(job, cancel(job, WISH, { deleteWhenOver: true }));
    expect(applied(going, cancel(going, WISH)).deleteWhenOver).toBe(true);
  });
});

describe('waking', () => {
  it('is nobody’s wish, and says nobody’s name', () => {
    const job = aJob(WAITING);
    expect(applied(job, wake(job, at(5_000)))).toMatchObject({
      statusCode: Status.WaitingForResources,
      modifiedBy: 'olga',
    });
  });
});

describe('the line of a token', () => {
  const SOON = { watchAt: at(60_000) };

  it.each<[string, Partial<Job>, (job: Job) => object]>([
    ['is looked at soon after a resume', WAITING, (job) => resume(job, WISH)],
    ['is looked at soon after a new date', WAITING, (job) => reschedule(job, FAR, WISH)],
  ])('%s', (_what, facts, step) => {
    expect(step(aJob({ ...IN_LINE, ...facts }))).toHaveProperty('line', {
      ...PLACE,
      ...SOON,
      leaves: false,
    });
  });

  it.each<[string, Partial<Job>, (job: Job) => object]>([
    ['a cancel', {}, (job) => cancel(job, WISH)],
    ['a removal of a job that waits', WAITING, (job) => remove(job, WISH)],
    ['a removal of a Ready job', {}, (job) => remove(job, WISH)],
  ])('is left by %s, and looked at soon', (_what, facts, step) => {
    expect(step(aJob({ ...IN_LINE, ...facts }))).toHaveProperty('line', { ...PLACE, ...SOON, leaves: true });
  });

  it.each<[string, (job: Job) => object]>([
    ['a request to a worker', (job) => cancel({ ...job, statusCode: Status.InProgress }, WISH)],
    ['a pause', (job) => pause({ ...job, statusCode: Status.InProgress }, WISH)],
    ['a postponement', (job) => postpone(job, FAR, WISH)],
    ['the removal of a job that is over', (job) => remove({ ...job, statusCode: Status.Succeeded }, WISH)],
  ])('is left alone by %s', (_what, step) => {
    expect(step(aJob(IN_LINE))).not.toHaveProperty('line');
  });

  it('is nothing to a job without a token', () => {
    for (const step of [resume, cancel, remove]) {
      expect(step(aJob(WAITING), WISH)).not.toHaveProperty('line');
    }
  });
});
