import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { cancel } from '../../../shared/job/person-transitions.ts';
import { applied, onlyIf, type Removal, type Transition } from '../../../shared/job/transition.ts';
import { claim, fail, recover, retry, succeed } from '../../../shared/job/worker-transitions.ts';
import { eachOf } from '../../../shared/service/each-of.ts';
import { JobExists, type JobStore, TransitionRefused } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { isRemoval, OF_A_RING, STEPS, stepOf } from '../../support/all-steps.ts';
import { expected, jobIn, SITUATIONS, wordsOf } from '../../support/situations.ts';

const AT_ONCE = 32;

/** What every store of jobs must do, whatever it keeps them in. Lines and the timeline have suites of their own. */
export function jobStoreSuite(freshStore: () => Promise<JobStore>): void {
  let store: JobStore;
  beforeAll(async () => {
    store = await freshStore();
  });

  const inserted = async (job: Job): Promise<Job> => {
    await store.insert(job);
    return job;
  };

  describe.each(Object.entries(STEPS))('the step "%s"', (name, plan) => {
    it('is made, stands or is refused as written down, in every situation', async () => {
      const jobs = SITUATIONS.map((situation) => jobIn(situation));
      const outcomes = await outcomesOf(store, jobs, plan);
      const told = SITUATIONS.map((each, place) => `${wordsOf(each)}: ${outcomes[place]}`);
      expect(told).toEqual(SITUATIONS.map((each) => `${wordsOf(each)}: ${expected(name, each)}`));
    });

    it('makes no job of one that is not there', async () => {
      const job = aJob();
      const step = plan(job);
      if (isRemoval(step)) await store.remove(step);
      else
        await expect(store.make(step)).rejects.toMatchObject({
          code: 'TransitionRefused',
          current: undefined,
        });
      expect(await store.get(job.jobId)).toBeUndefined();
    });
  });

  describe('a step that was planned for another job with the same id', () => {
    const PLANNED = Object.entries(STEPS).filter(([name]) => !OF_A_RING.includes(name));

    it.each(PLANNED)('is refused: %s', async (name, plan) => {
      const situations = SITUATIONS.filter((each) => expected(name, each) !== 'refused');
      const jobs = situations.map((situation) => jobIn(situation));
      const outcomes = await outcomesOf(store, jobs, (job) => plan({ ...job, sequence: job.sequence - 1 }));
      expect(new Set(outcomes)).toEqual(new Set(['refused']));
    });
  });

  describe('a step whose answer was lost', () => {
    it('counts once when it is a claim', async () => {
      const { jobId } = await inserted(aJob());
      const step = claim({ jobId }, { now: at(), leaseEndsAt: at(60_000), hostId: 'host-1' });
      expect(await store.make(step)).toEqual(await store.make(step));
      expect((await store.get(jobId))?.claimNumber).toBe(1);
    });

    it('counts once when it replaces a dead worker', async () => {
      const job = await inserted(aRunningJob({ leaseEndsAt: at() }));
      const step = recover(job, { now: at(), leaseEndsAt: at(60_000), hostId: 'host-2' });
      expect(await store.make(step)).toEqual(await store.make(step));
      expect(await store.get(job.jobId)).toMatchObject({ claimNumber: 2, crashCount: 1 });
    });

    it.each<[string, (job: Job) => Transition]>([
      ['success', (job) => succeed(job, { now: at(), executionTimeSpan: 1, hasResult: true })],
      ['failure', (job) => fail(job, { now: at(), executionTimeSpan: 1, errorCode: 1 })],
      ['retry', (job) => retry(job, { now: at(), executionTimeSpan: 1, errorCode: 1, until: at(9) })],
    ])('counts once when it is a %s', async (_what, planOf) => {
      const job = await inserted(aRunningJob());
      const step = planOf(job);
      expect(await store.make(step)).toEqual(await store.make(step));
    });

    it('counts once when it takes the row away', async () => {
      const job = await inserted(aJob({ statusCode: 30 }));
      const step = STEPS['delete a Succeeded one']?.(job);
      if (step === undefined || !isRemoval(step)) throw new Error('There is no such removal.');
      await store.remove(step);
      await store.remove(step);
      expect(await store.get(job.jobId)).toBeUndefined();
    });
  });

  describe('sixteen workers that claim a job at once', () => {
    it('leave one with the claim, and the others know who has it', async () => {
      const { jobId } = await inserted(aJob());
      const hosts = Array.from({ length: 16 }, (_, n) => `host-${n}`);
      const claims = hosts.map((hostId) =>
        store.make(claim({ jobId }, { now: at(), leaseEndsAt: at(60_000), hostId })),
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
      const job = await inserted(aRunningJob({ claimNumber: 7, leaseEndsAt: at() }));
      const steps = Array.from({ length: 16 }, (_, n) =>
        recover(job, { now: at(1), leaseEndsAt: at(9), hostId: `${n}` }),
      );
      const outcomes = await Promise.allSettled(steps.map((step) => store.make(step)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await store.get(job.jobId)).toMatchObject({ claimNumber: 8, crashCount: 1 });
    });
  });

  describe('a worker that ends its job while a person cancels it', () => {
    it('leaves it ended once, by one of the two', async () => {
      const jobs = await Promise.all(
        Array.from({ length: 24 }, () => inserted(aRunningJob({ claimNumber: 3 }))),
      );
      await Promise.allSettled(
        jobs.flatMap((job) => [
          store.make(stepOf('succeed', job)),
          store.make(stepOf('cancel one that runs', job)),
        ]),
      );
      const rows = await Promise.all(jobs.map(({ jobId }) => store.get(jobId)));
      for (const row of rows) {
        const isOver = row?.statusCode === 30;
        expect([row?.statusCode, row?.hasResult, row?.completedOn === undefined]).toEqual(
          isOver ? [30, true, false] : [22, undefined, true],
        );
      }
    });
  });

  describe('a job of which others must be told first', () => {
    it('is canceled at once as long as no worker has had it', async () => {
      const job = await inserted(aJob());
      await store.make(onlyIfNever(job));
      expect(await store.get(job.jobId)).toMatchObject({ statusCode: 32 });
    });

    it('is not once one has, though it waits again', async () => {
      const job = await inserted(aJob({ claimNumber: 1 }));
      await expect(store.make(onlyIfNever(job))).rejects.toThrow(TransitionRefused);
    });
  });

  describe('an inserted job', () => {
    it('is the same when it is read, every column of it', async () => {
      const job = await inserted(A_FULL_JOB);
      expect(await store.get(job.jobId)).toEqual(job);
    });

    it('may be inserted again, as by a client that repeats a write whose answer was lost', async () => {
      const job = await inserted(aJob());
      await store.make(claim(job, { now: at(), leaseEndsAt: at(1), hostId: 'host-1' }));
      await store.insert(job);
      expect((await store.get(job.jobId))?.claimNumber).toBe(1);
    });

    it.each<[string, Partial<Job>]>([
      ['of another moment', { sequence: 1 }],
      ['of another creator', { createdBy: 'adam' }],
      ['of another order', { requestHash: 'another' }],
      ['of the same order, sent again', { createdOn: at(1) }],
    ])('is not overwritten by another one of the same id: %s', async (_what, facts) => {
      const job = await inserted(aJob());
      const refused = store.insert({ ...job, name: 'Another', ...facts });
      await expect(refused).rejects.toThrow(JobExists);
      await expect(refused).rejects.toMatchObject({ current: job });
      expect(await store.get(job.jobId)).toEqual(job);
    });
  });

  describe('many jobs', () => {
    it('are inserted at once, a thousand of them, and it is said which were', async () => {
      const jobs = Array.from({ length: 1_000 }, (_, n) => aJob({ name: `Job ${n}` }));
      const written = await store.insertAll(jobs);
      expect(written).toEqual(new Set(jobs.map(({ jobId }) => jobId)));
      expect(await store.getAll(jobs.map(({ jobId }) => jobId))).toEqual(jobs);
    });

    it('may be none', async () => {
      expect([await store.insertAll([]), await store.getAll([])]).toEqual([new Set(), []]);
    });

    it('come in the order asked for, those that are not there left out', async () => {
      const jobs = Array.from({ length: 230 }, () => aJob());
      await store.insertAll(jobs);
      const backwards = jobs.toReversed();
      const ids = backwards.flatMap(({ jobId }, n) => (n % 10 === 0 ? [aJob().jobId, jobId] : [jobId]));
      expect(await store.getAll(ids)).toEqual(backwards);
    });
  });
}

const onlyIfNever = (job: Job): Transition => onlyIf(cancel(job, { now: at(), by: 'adam' }), 'neverClaimed');

const A_FULL_JOB = aRunningJob({
  name: 'Zürich – 日本 😀 "quoted"\n',
  description: '\u0000 and \u007f',
  ownerId: 'adam',
  modifiedBy: 'anna',
  longTexts: ['name', 'dependencyToken'],
  dependencyToken: 'sha256:0',
  postponeUntil: at(5),
  isRetrying: true,
  isWaitingForEvent: true,
  deleteOnSuccess: true,
  expiresAt: 1_795_435_200,
  lane: 'bulk',
  maxRetries: 0,
  crashCount: 2,
  progressDone: 0,
  executionTimeSpan: 0.01,
  errorCode: -2_147_483_648,
  message: '',
  hasResult: true,
  result: '{"counted":3}',
  inputBlobId: 'abcdef00-0000-7000-8000-000000000001',
  requestHash: 'abc',
  rerunOf: 'abcdef00-0000-7000-8000-000000000002',
  deleteWhenOver: true,
  isPlatformGenerated: true,
});

/** What the store did with each of the jobs, checked against the rows that it holds afterwards. */
async function outcomesOf(
  store: JobStore,
  jobs: readonly Job[],
  plan: (job: Job) => Transition | Removal,
): Promise<string[]> {
  await store.insertAll(jobs);
  const answers = await eachOf(jobs, AT_ONCE, (job) => answerTo(store, plan(job)));
  const rows = await store.getAll(jobs.map(({ jobId }) => jobId));
  const rowOf = new Map(rows.map((row) => [row.jobId, row]));
  return jobs.map((job, place) =>
    outcomeOf(job, plan(job), { answer: answers[place], row: rowOf.get(job.jobId) }),
  );
}

function answerTo(store: JobStore, step: Transition | Removal): Promise<unknown> {
  const making: Promise<unknown> = isRemoval(step) ? store.remove(step) : store.make(step);
  return making.catch((error: unknown) => error);
}

function outcomeOf(
  job: Job,
  step: Transition | Removal,
  { answer, row }: { answer: unknown; row: Job | undefined },
): string {
  if (answer instanceof TransitionRefused) {
    expect([answer.current, row]).toEqual([job, job]);
    return 'refused';
  }
  // A transaction does not tell the row.
  const mayBeSilent = isRemoval(step) || step.note !== undefined;
  if (answer !== undefined || !mayBeSilent) expect(answer).toEqual(row);
  if (isRemoval(step)) return row === undefined ? 'moves' : 'stands';
  const moved = row?.modifiedOn === step.now;
  expect(row).toEqual(moved ? applied(job, step) : job);
  return moved ? 'moves' : 'stands';
}
