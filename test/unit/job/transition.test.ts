import { describe, expect, it } from '@jest/globals';
import { ALL_STATUSES, Status } from '../../../shared/job/status.ts';
import { applied, isLegal, transition, wasAlreadyMade } from '../../../shared/job/transition.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { expected, jobIn, SITUATIONS, WORKER_STEPS, wordsOf } from '../../support/situations.ts';

const VERBS = Object.entries(WORKER_STEPS);

describe.each(VERBS)('whether "%s" is legal', (verb, make) => {
  it.each(ALL_STATUSES)('is as written down for every job in status %d', (status) => {
    const situations = SITUATIONS.filter((situation) => situation.status === status);
    const verdicts = situations.map((situation) => {
      const job = jobIn(situation);
      const step = make(job.jobId);
      const verdict = isLegal(job, step) ? 'moves' : wasAlreadyMade(job, step) ? 'stands' : 'refused';
      return `${wordsOf(situation)}: ${verdict}`;
    });
    expect(verdicts).toEqual(
      situations.map((situation) => `${wordsOf(situation)}: ${expected(verb, situation)}`),
    );
  });
});

describe('a completed job', () => {
  const over = SITUATIONS.filter(({ status }) => status >= Status.Succeeded);

  it.each(VERBS)('never changes again by "%s"', (_verb, make) => {
    const moved = over.map(jobIn).filter((job) => isLegal(job, make(job.jobId)));
    expect([over.length, moved]).toEqual([54, []]);
  });
});

const claimed = (job = aJob()) => applied(job, stepOf('claim', job.jobId));

describe('the row after a step', () => {
  it('of a claim has the lease, the host and the next claim number', () => {
    expect(claimed()).toMatchObject({
      statusCode: Status.InProgress,
      claimNumber: 1,
      hostId: 'host-now',
      leaseEndsAt: at(660_000),
      startedOn: at(600_000),
      modifiedOn: at(600_000),
    });
  });

  it('keeps when the job was started first', () => {
    expect(claimed(aRunningJob({ startedOn: at(5) })).startedOn).toBe(at(5));
  });

  it('of a claim has no date to wait for any more', () => {
    expect(claimed(aJob({ postponeUntil: at() }))).not.toHaveProperty('postponeUntil');
  });

  it('keeps what the step does not touch', () => {
    const job = aRunningJob({ description: 'Nightly', retryCount: 2, depth: 4 });
    expect(applied(job, stepOf('checkpoint', job.jobId))).toEqual({
      ...job,
      progressDone: 7,
      progressTotal: 9,
      modifiedOn: at(600_000),
    });
  });

  it('has a higher claim number only after a claim', () => {
    const job = aRunningJob({ claimNumber: 3 });
    const raised = VERBS.filter(([, step]) => applied(job, step(job.jobId)).claimNumber > 3).map(
      ([verb]) => verb,
    );
    expect(raised).toEqual(['claim']);
  });

  it.each(['yield', 'succeed', 'fail'])('of "%s" has neither lease nor host', (verb) => {
    const job = aRunningJob();
    const { leaseEndsAt, hostId } = applied(job, stepOf(verb, job.jobId));
    expect([leaseEndsAt, hostId]).toEqual([undefined, undefined]);
  });

  it.each(['succeed', 'fail'])('of "%s" is dated and watched no longer', (verb) => {
    const job = aRunningJob();
    const next = applied(job, stepOf(verb, job.jobId));
    expect(next).toMatchObject({ completedOn: at(600_000), executionTimeSpan: 2 });
    expect(next).not.toHaveProperty('watchAt');
  });
});

describe('a step', () => {
  it('that the lifecycle table does not have cannot be built', () => {
    const step = { verb: 'succeed', jobId: 'a', to: Status.Canceled, now: at() } as const;
    expect(() => transition(step)).toThrow('No move of "succeed" leads to status 32.');
  });
});

function stepOf(verb: string, jobId: string) {
  const step = WORKER_STEPS[verb];
  if (step === undefined) throw new Error(`There is no step "${verb}".`);
  return step(jobId);
}
