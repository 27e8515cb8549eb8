import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { settle } from '../../../shared/job/settle.ts';
import { Status } from '../../../shared/job/status.ts';
import { applied, isLegal, type Transition } from '../../../shared/job/transition.ts';
import {
  checkpoint,
  claim,
  fail,
  giveUp,
  retry,
  succeed,
  yieldClaim,
} from '../../../shared/job/worker-transitions.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

const OWN = aRunningJob({ claimNumber: 2 });
const IN_LINE = aRunningJob({ claimNumber: 2, dependencyToken: 'orders', sequence: 77 });
const END = { now: at(), executionTimeSpan: 1.5 };
const PLACE = { token: 'orders', sequence: 77, leaves: true };

const TERMS = { now: at(), leaseEndsAt: at(60_000), hostId: 'host-2' };

describe('a claim', () => {
  it('of the head of a line is one of the very job that was read there, not of a later one with its id', () => {
    const job = aJob({ dependencyToken: 'orders', sequence: 77 });
    const head = { jobId: job.jobId, token: 'orders', sequence: 77 };
    expect(isLegal(job, claim(head, TERMS))).toBe(true);
    expect(isLegal({ ...job, sequence: 78 }, claim(head, TERMS))).toBe(false);
  });

  it('of a ring alone is one of whatever job has the id', () => {
    const { jobId } = OWN;
    expect(isLegal(aJob({ jobId, sequence: 78 }), claim({ jobId }, TERMS))).toBe(true);
  });
});

const forgets = (getsOn: boolean) => checkpoint(OWN, { done: 4, getsOn }, at()).remove;

describe('a checkpoint', () => {
  it('leaves a total that was known before as it is when it says none', () => {
    expect(checkpoint(OWN, { done: 4 }, at()).set).toEqual({ progressDone: 4, modifiedOn: at() });
  });

  it('does not touch the lease: a worker cannot make its invocation longer', () => {
    const { set, remove } = checkpoint(OWN, { done: 4 }, at());
    expect([Object.keys(set), remove]).toEqual([['modifiedOn', 'progressDone'], []]);
  });

  it('forgets the crashes before it only if the work has got on since', () => {
    expect([forgets(true), forgets(false)]).toEqual([['crashCount'], []]);
  });
});

describe('a yield', () => {
  it('leaves the job watched as it was', () => {
    const { set, remove } = yieldClaim(OWN, END);
    expect([Object.keys(set), remove]).toEqual([
      ['modifiedOn', 'executionTimeSpan'],
      ['leaseEndsAt', 'hostId'],
    ]);
  });
});

describe('the end of a job', () => {
  it('says only that there is a result where there is one', () => {
    expect(succeed(OWN, { ...END, hasResult: true }).set.hasResult).toBe(true);
    expect(succeed(OWN, { ...END, hasResult: false }).set).not.toHaveProperty('hasResult');
  });

  it('tells how far the work came where that is known', () => {
    expect(succeed(OWN, { ...END, hasResult: false, done: 3, total: 4 }).set).toMatchObject({
      progressDone: 3,
      progressTotal: 4,
    });
    expect(succeed(OWN, { ...END, hasResult: false }).set).not.toHaveProperty('progressDone');
  });

  it('carries the texts just as they are given', () => {
    const texts = {
      message: 'ECONNRESET',
      friendlyMessage: 'It broke…',
      longTexts: ['friendlyMessage'],
    } as const;
    expect(fail(OWN, { ...END, errorCode: 2, texts }).set).toMatchObject({ errorCode: 2, ...texts });
    expect(succeed(OWN, { ...END, hasResult: false, texts }).set).toMatchObject(texts);
  });

  it.each<[string, (job: Job) => Pick<Transition, 'line'>]>([
    ['in success', (job) => succeed(job, { ...END, hasResult: false })],
    ['in failure', (job) => fail(job, { ...END, errorCode: 1 })],
    ['because it kills its workers', (job) => giveUp(job, { now: at(), errorCode: 4 })],
    ['as somebody has asked', (job) => settle({ ...job, statusCode: Status.Canceling }, END)],
    ['without a trace', (job) => settle({ ...job, statusCode: Status.Canceling, deleteWhenOver: true }, END)],
  ])('%s takes it out of the line of its token, where it has one', (_how, end) => {
    expect([end(IN_LINE).line, end(OWN).line]).toEqual([PLACE, undefined]);
  });
});

const again = (until: string, job = OWN) =>
  applied(job, retry(job, { ...END, errorCode: 1, until, texts: { message: 'ECONNRESET' } }));

describe('a retry', () => {
  it('waits for its date, says so, and counts', () => {
    expect(again(at(2_000))).toMatchObject({
      statusCode: Status.Waiting,
      isRetrying: true,
      retryCount: 1,
      postponeUntil: at(2_000),
      errorCode: 1,
      message: 'ECONNRESET',
    });
  });

  it('stays in the line of its token: it holds its followers', () => {
    expect(retry(IN_LINE, { ...END, errorCode: 1, until: at(2_000) }).line).toBeUndefined();
  });

  it('is looked at a minute after its date, if the timer is lost; with a token its token is', () => {
    expect([again(at(2_000)).watchAt, again(at(2_000), IN_LINE).watchAt]).toEqual([
      at(62_000),
      '9999-12-31T23:59:59.999Z',
    ]);
  });
});

const asked = (facts: Partial<Job>) => applied(OWN, transitionOf(settle({ ...OWN, ...facts }, END)));

describe('what a person has asked for', () => {
  it('is a pause: nobody looks until somebody resumes the job', () => {
    expect(asked({ statusCode: Status.Pausing })).toMatchObject({
      statusCode: Status.Waiting,
      watchAt: '9999-12-31T23:59:59.999Z',
    });
  });

  it('is a date: looked at in time', () => {
    const { statusCode, watchAt } = asked({ statusCode: Status.Pausing, postponeUntil: at(3_600_000) });
    expect([statusCode, watchAt]).toEqual([Status.Waiting, at(3_600_000 - 16 * 60_000)]);
  });

  it('is the end, now', () => {
    expect(asked({ statusCode: Status.Canceling })).toMatchObject({
      statusCode: Status.Canceled,
      completedOn: at(),
      executionTimeSpan: 1.5,
    });
  });

  it('is to be gone, which leaves no row to write on', () => {
    const step = settle({ ...OWN, statusCode: Status.Canceling, deleteWhenOver: true }, END);
    expect(step.verb).toBe('delete');
  });

  it.each([Status.Pausing, Status.Canceling])(
    'in status %d keeps how far the work has come',
    (statusCode) => {
      const job = { ...OWN, statusCode };
      const { set } = transitionOf(settle(job, { ...END, reached: { done: 3, total: 4 } }));
      expect(set).toMatchObject({ progressDone: 3, progressTotal: 4 });
    },
  );

  it('is carried out for a dead worker without seconds that nobody counted', () => {
    const step = transitionOf(settle({ ...OWN, statusCode: Status.Canceling }, { now: at() }));
    expect(step.set).not.toHaveProperty('executionTimeSpan');
  });
});

function transitionOf(step: ReturnType<typeof settle>): Transition {
  if (step.verb === 'delete') throw new Error('This takes the row away.');
  return step;
}
