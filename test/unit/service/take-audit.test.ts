import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { wholeTexts } from '../../../shared/service/long-texts.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, runOnce, type World } from '../../support/a-world.ts';

/** What is written down of a job, oldest entry first. */
const entriesOf = (job: Job, { audit }: World) =>
  audit
    .of(job)
    .toReversed()
    .map(({ verb, from, to }) => ({ verb, from, to }));

const ENDED = { leaseEndsAt: at(-1) };
const { leaseEndsAt: _given, ...BACK } = aRunningJob();

describe('what is written down', () => {
  it('is nothing where a job is taken for the first time: its row says it', async () => {
    const world = aWorld(anOperation());
    expect(entriesOf(await runOnce(aJob(), world), world)).toEqual([]);
  });

  it.each<[string, Job, { verb: string; from?: number; to: number }]>([
    ['where its next slice begins', BACK, { verb: 'proceed', to: Status.InProgress }],
    ['where its worker has died', aRunningJob(ENDED), { verb: 'recover', to: Status.InProgress }],
    [
      'where it is tried again',
      aJob({ statusCode: Status.Waiting, postponeUntil: at(), claimNumber: 1, retryCount: 1 }),
      { verb: 'claim', to: Status.InProgress },
    ],
    [
      'where its worker died before it could pause',
      aRunningJob({ statusCode: Status.Pausing, ...ENDED }),
      { verb: 'settle', from: Status.Pausing, to: Status.Waiting },
    ],
    [
      'where its worker died before it could stop',
      aRunningJob({ statusCode: Status.Canceling, ...ENDED }),
      { verb: 'settle', from: Status.Canceling, to: Status.Canceled },
    ],
  ])('is one entry %s', async (_when, job, entry) => {
    const world = aWorld(anOperation());
    await runOnce(job, world);
    expect(entriesOf(job, world)).toEqual([{ from: undefined, ...entry }]);
  });

  it('is nothing of a job that is gone', async () => {
    const world = aWorld(anOperation());
    const job = put(aRunningJob({ statusCode: Status.Canceling, deleteWhenOver: true, ...ENDED }), world);
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect([await world.jobs.get(job.jobId), entriesOf(job, world)]).toEqual([undefined, []]);
  });
});

describe('a job that has ended its worker three times', () => {
  it('tells people and engineers so', async () => {
    const world = aWorld(anOperation());
    const job = await runOnce(aRunningJob({ crashCount: 2, ...ENDED }), world);
    expect({ ...job, ...(await wholeTexts(job, world.details)) }).toMatchObject({
      friendlyMessage: 'The job ended its worker again and again, so it was given up.',
      message: `3 workers in a row ended without a word while they ran this job, the last one by ${at(-1)}.`,
    });
  });
});
