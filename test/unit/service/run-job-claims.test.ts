import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { claim } from '../../../shared/job/worker-transitions.ts';
import type { Checkpoint, Outcome, RunContext } from '../../../shared/service/operation.ts';
import { type Invocation, runJob } from '../../../shared/service/run-job.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anInvocation, anOperation, aWorld, runOnce, type World } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { abortedBy, stepsOf } from '../../support/steps.ts';

describe('a ring for a job', () => {
  it('that another worker holds must come back, for that worker may be dead', async () => {
    const world = aWorld(anOperation());
    const before = aRunningJob();
    expect(await runOnce(before, world)).toEqual({ answer: 'held', job: before });
  });

  it.each([
    ['Pausing', Status.Pausing],
    ['Canceling', Status.Canceling],
  ])('that is %s must come back', async (_status, statusCode) => {
    const before = aRunningJob({ statusCode });
    expect(await runOnce(before, aWorld(anOperation()))).toEqual({ answer: 'held', job: before });
  });

  it.each([
    ['Succeeded', { statusCode: Status.Succeeded }],
    ['Failed', { statusCode: Status.Failed }],
    ['Canceled', { statusCode: Status.Canceled }],
    ['Waiting for a person', { statusCode: Status.Waiting }],
    ['Waiting for a date that lies ahead', { statusCode: Status.Waiting, postponeUntil: at(1) }],
  ])('that is %s does nothing', async (_status, facts: Partial<Job>) => {
    const before = aJob(facts);
    expect(await runOnce(before, aWorld(anOperation()))).toEqual({ answer: 'done', job: before });
  });

  it('that does not exist does nothing', async () => {
    const world = aWorld(anOperation());
    expect(await runJob('gone', world, anInvocation(world))).toBe('done');
  });

  it('whose date has come runs it', async () => {
    const { job } = await runOnce(
      aJob({ statusCode: Status.Waiting, postponeUntil: at() }),
      aWorld(anOperation()),
    );
    expect(job).toMatchObject({ statusCode: Status.Succeeded, claimNumber: 1 });
  });

  it('whose worker is dead runs it by a higher claim', async () => {
    const dead = aRunningJob({ claimNumber: 4, leaseEndsAt: at(), startedOn: at(-5_000) });
    const { answer, job } = await runOnce(dead, aWorld(anOperation()));
    expect(answer).toBe('done');
    expect(job).toMatchObject({ statusCode: Status.Succeeded, claimNumber: 5, startedOn: at(-5_000) });
  });

  it('may arrive any number of times: the work is done once', async () => {
    let runs = 0;
    const run = () => {
      runs++;
      return stepsOf([]);
    };
    const world = aWorld(anOperation({ run }));
    const job = aJob();
    const answers = [await runOnce(job, world), await runOnce(job, world), await runOnce(job, world)];
    expect([runs, answers.map(({ answer }) => answer)]).toEqual([1, ['done', 'done', 'done']]);
  });
});

describe('a claim', () => {
  it('holds until the end that the invocation gives it', async () => {
    const world = aWorld();
    const seen: (Job | undefined)[] = [];
    const operation = anOperation({
      run: (_input, { jobId }) =>
        stepsOf([], async () => {
          seen.push(await world.jobs.get(jobId));
          return {};
        }),
    });
    const watching = { ...world, operations: new Map([[operation.name, operation]]) };
    await runOnce(aJob(), watching, { hostId: 'host-7', leaseEndsAt: NOON + 42_000 });
    expect(seen).toMatchObject([{ hostId: 'host-7', leaseEndsAt: at(42_000), statusCode: 20 }]);
  });
});

/** How an operation goes on after another worker has claimed its job. */
type Ending = (world: World, context: RunContext<unknown>) => AsyncGenerator<Checkpoint, Outcome, void>;

const SUCCESSORS = { statusCode: 20, claimNumber: 2, hostId: 'successor', leaseEndsAt: at(1_800_000) };

/** The lease ends while the operation works, and another worker claims the job. */
async function overtaken(ending: Ending, invocation: Partial<Invocation> = {}) {
  const world = aWorld();
  const operation = anOperation({
    run: async function* (_input, context) {
      world.clock.advance(900_000);
      const terms = { now: at(900_000), leaseEndsAt: at(1_800_000), hostId: 'successor' };
      await world.jobs.make(claim(context.jobId, terms));
      return yield* ending(world, context);
    },
  });
  const slow = { ...world, operations: new Map([[operation.name, operation]]) };
  return { world, ...(await runOnce(aJob(), slow, invocation)) };
}

describe('a worker that has lost its claim', () => {
  it.each<[string, Ending]>([
    ['when it succeeds', () => stepsOf([], () => ({ friendlyMessage: 'Done.' }))],
    ['when it succeeds with a result', () => stepsOf([], () => ({ result: 1 }))],
    [
      'when it fails',
      () =>
        stepsOf([], async () => {
          throw new Error('Too late.');
        }),
    ],
    ['at a checkpoint', () => stepsOf([{ done: 1, total: 2, cursor: 'mine' }])],
    ['when it yields', (_world, { signal }) => stepsOf([], () => abortedBy(signal))],
  ])('stops silently %s: the row is its successor’s', async (_when, ending) => {
    const { answer, job, world } = await overtaken(ending, { sliceEndsAt: NOON + 10 });
    expect(answer).toBe('done');
    expect(job).toEqual({ ...job, ...SUCCESSORS });
    expect([job.completedOn, job.progressDone, job.message]).toEqual([undefined, undefined, undefined]);
    expect(world.doorbell.rings).toEqual([]);
    expect(world.logged).toContainEqual({ text: 'claim lost', facts: { jobId: job.jobId, claimNumber: 1 } });
  });

  it('does not overwrite what its successor has saved', async () => {
    const { job, world } = await overtaken(async function* ({ details }, { jobId }) {
      await details.saveCursor({ jobId, claimNumber: 2 }, 'theirs');
      await details.putResult({ jobId, claimNumber: 2 }, 'theirs');
      yield { done: 1, cursor: 'mine' };
      return { result: 'mine' };
    });
    const kept = [await world.details.getCursor(job.jobId), await world.details.getResult(job.jobId)];
    expect(kept).toEqual(['theirs', 'theirs']);
  });
});
