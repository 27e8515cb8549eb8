import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { applied, type Transition } from '../../../shared/job/transition.ts';
import { claim, fail, succeed } from '../../../shared/job/worker-transitions.ts';
import { JobExists, type JobStore, TransitionRefused } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { expected, jobIn, SITUATIONS, WORKER_STEPS, wordsOf } from '../../support/situations.ts';

/** What every store of jobs must do, whatever it keeps them in. The timeline has a suite of its own. */
export function jobStoreSuite(freshStore: () => Promise<JobStore>): void {
  let store: JobStore;
  beforeAll(async () => {
    store = await freshStore();
  });

  const inserted = async (job: Job): Promise<Job> => {
    await store.insert(job);
    return job;
  };

  describe.each(Object.entries(WORKER_STEPS))('the step "%s"', (verb, stepOf) => {
    it('is made, stands or is refused as written down, in every situation', async () => {
      const outcomes = await Promise.all(
        SITUATIONS.map(async (situation) => {
          const job = await inserted(jobIn(situation));
          return `${wordsOf(situation)}: ${await outcomeOf(store, job, stepOf(job.jobId))}`;
        }),
      );
      expect(outcomes).toEqual(SITUATIONS.map((each) => `${wordsOf(each)}: ${expected(verb, each)}`));
    });

    it('is refused for a job that is not there, and makes none', async () => {
      const { jobId } = aJob();
      await expect(store.make(stepOf(jobId))).rejects.toMatchObject({
        code: 'TransitionRefused',
        current: undefined,
      });
      expect(await store.get(jobId)).toBeUndefined();
    });
  });

  describe('a step whose answer was lost', () => {
    it('counts once when it is a claim', async () => {
      const { jobId } = await inserted(aJob());
      const step = claim(jobId, { now: at(), leaseEndsAt: at(60_000), hostId: 'host-1' });
      expect(await store.make(step)).toEqual(await store.make(step));
      expect((await store.get(jobId))?.claimNumber).toBe(1);
    });

    it.each<[string, (job: Job) => Transition]>([
      ['success', (job) => succeed(job, { now: at(), executionTimeSpan: 1, hasResult: true })],
      ['failure', (job) => fail(job, { now: at(), executionTimeSpan: 1, errorCode: 1 })],
    ])('counts once when it is a %s', async (_what, stepOf) => {
      const step = stepOf(await inserted(aRunningJob()));
      expect(await store.make(step)).toEqual(await store.make(step));
    });
  });

  describe('sixteen workers that claim a job at once', () => {
    it('leave one with the claim, and the others know who has it', async () => {
      const { jobId } = await inserted(aJob());
      const hosts = Array.from({ length: 16 }, (_, n) => `host-${n}`);
      const claims = hosts.map((hostId) =>
        store.make(claim(jobId, { now: at(), leaseEndsAt: at(60_000), hostId })),
      );
      const outcomes = await Promise.allSettled(claims);
      const won = outcomes.filter(({ status }) => status === 'fulfilled');
      const row = await store.get(jobId);
      const refusals = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      expect([won, row?.claimNumber]).toEqual([[{ status: 'fulfilled', value: row }], 1]);
      expect(refusals).toEqual(Array.from({ length: 15 }, () => expect.objectContaining({ current: row })));
    });

    it('of a dead one too', async () => {
      const { jobId } = await inserted(aRunningJob({ claimNumber: 7, leaseEndsAt: at() }));
      const steps = Array.from({ length: 16 }, (_, n) =>
        claim(jobId, { now: at(1), leaseEndsAt: at(9), hostId: `${n}` }),
      );
      const outcomes = await Promise.allSettled(steps.map((step) => store.make(step)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await store.get(jobId))?.claimNumber).toBe(8);
    });
  });

  describe('an inserted job', () => {
    it('is the same when it is read, every column of it', async () => {
      const job = await inserted(
        aRunningJob({
          name: 'Zürich – 日本 😀 "quoted"\n',
          description: '\u0000 and \u007f',
          ownerId: 'adam',
          modifiedBy: 'anna',
          longTexts: ['name'],
          progressDone: 0,
          executionTimeSpan: 0.01,
          errorCode: -2_147_483_648,
          message: '',
          hasResult: true,
        }),
      );
      expect(await store.get(job.jobId)).toEqual(job);
    });

    it('may be inserted again, as by a client that repeats a write whose answer was lost', async () => {
      const job = await inserted(aJob());
      await store.make(claim(job.jobId, { now: at(), leaseEndsAt: at(1), hostId: 'host-1' }));
      await store.insert(job);
      expect((await store.get(job.jobId))?.claimNumber).toBe(1);
    });

    it('is not overwritten by another one of the same id', async () => {
      const job = await inserted(aJob());
      const refused = store.insert({ ...job, sequence: job.sequence + 1, name: 'Another' });
      await expect(refused).rejects.toThrow(JobExists);
      await expect(refused).rejects.toMatchObject({ current: job });
      expect(await store.get(job.jobId)).toEqual(job);
    });
  });

  describe('an order that is taken back', () => {
    it('is gone', async () => {
      const { jobId } = await inserted(aJob());
      expect([await store.withdraw(jobId), await store.get(jobId)]).toEqual([true, undefined]);
    });

    it('may be taken back twice, and when it was never there', async () => {
      const { jobId } = await inserted(aJob());
      const gone = [
        await store.withdraw(jobId),
        await store.withdraw(jobId),
        await store.withdraw(aJob().jobId),
      ];
      expect(gone).toEqual([true, true, true]);
    });

    it.each([
      ['a worker has claimed', aRunningJob()],
      ['has been claimed before', aJob({ claimNumber: 1 })],
      ['is over', aJob({ statusCode: 30 })],
    ])('stays if it is one that %s', async (_what, job) => {
      await inserted(job);
      expect([await store.withdraw(job.jobId), await store.get(job.jobId)]).toEqual([false, job]);
    });
  });

  describe('many jobs read by id', () => {
    it('come in the order asked for, those that are not there left out', async () => {
      const jobs = await Promise.all(Array.from({ length: 230 }, () => inserted(aJob())));
      const backwards = jobs.toReversed();
      const ids = backwards.flatMap(({ jobId }, n) => (n % 10 === 0 ? [aJob().jobId, jobId] : [jobId]));
      expect(await store.getAll(ids)).toEqual(backwards);
    });

    it('may be none', async () => {
      expect(await store.getAll([])).toEqual([]);
    });
  });
}

/** What the store did, checked against the row that it holds afterwards. */
async function outcomeOf(store: JobStore, job: Job, step: Transition): Promise<string> {
  const answer = await store.make(step).catch((error: unknown) => error);
  const row = await store.get(job.jobId);
  if (answer instanceof TransitionRefused) {
    expect([answer.current, row]).toEqual([job, job]);
    return 'refused';
  }
  expect(answer).toEqual(row);
  const moved = row?.modifiedOn === step.now;
  expect(row).toEqual(moved ? applied(job, step) : job);
  return moved ? 'moves' : 'stands';
}
