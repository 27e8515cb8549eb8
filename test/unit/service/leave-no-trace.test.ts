import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { leaveNoTrace, stubExpiry } from '../../../shared/service/leave-no-trace.ts';
import type { Operation } from '../../../shared/service/operation.ts';
import { ringOf } from '../../../shared/service/ring-of.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, type World } from '../../support/a-world.ts';
import { OPERATOR } from '../../support/callers.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { stepsOf } from '../../support/steps.ts';

const CHOSEN = '01234567-89ab-7000-8000-0123456789ab';
const DAY_SECONDS = 86_400;
const ORDER = {
  operation: 'count-to',
  input: 'x'.repeat(1_000),
  name: 'n'.repeat(200),
  deleteOnSuccess: true,
};

const worldOf = (run: Operation<unknown>['run']): World => aWorld(anOperation({ run }));
const succeeding = () => worldOf(() => stepsOf([{ done: 1, cursor: 1 }], () => ({ result: 'done' })));

async function ran(world: World, chosenId?: string, order: object = {}): Promise<string> {
  const { job } = await createJob({ ...ORDER, ...order }, OPERATOR, world, chosenId);
  await hear(ringOf(job, world.operations), world);
  return job.jobId;
}

describe('a job that deletes itself', () => {
  it('is gone when it has succeeded, with all that belonged to it', async () => {
    const world = succeeding();
    const jobId = await ran(world);
    expect([await world.jobs.get(jobId), world.details.partsOf(jobId)]).toEqual([undefined, []]);
  });

  it('leaves its line to the next one', async () => {
    const world = succeeding();
    await ran(world, undefined, { dependencyToken: 't' });
    const next = await createJob({ ...ORDER, dependencyToken: 't' }, OPERATOR, world);
    expect(await world.chains.head('t')).toMatchObject({ jobId: next.job.jobId });
  });

  it('stays as it is if it fails', async () => {
    const world = worldOf(() => stepsOf([], () => Promise.reject(new Error('No.'))));
    const jobId = await ran(world, undefined, { maxRetries: 0 });
    expect(await world.jobs.get(jobId)).toMatchObject({ statusCode: 31, deleteOnSuccess: true });
    expect(world.details.partsOf(jobId)).not.toEqual([]);
  });

  it('leaves a stub for a day where its client chose the id: the same order again is the same job', async () => {
    const world = succeeding();
    const jobId = await ran(world, CHOSEN);
    expect(world.details.partsOf(jobId)).toEqual([]);
    world.doorbell.take();
    const again = await createJob(ORDER, OPERATOR, world, CHOSEN);
    expect(again).toMatchObject({
      isNew: false,
      job: { jobId, statusCode: 30, completedOn: at(), expiresAt: NOON / 1_000 + DAY_SECONDS },
    });
    expect([again.job.input, again.job.hasResult, world.doorbell.take()]).toEqual([undefined, undefined, []]);
  });

  it('forgets an input that lay on its row', async () => {
    const world = succeeding();
    const jobId = await ran(world, CHOSEN, { input: 'small', name: 'short' });
    expect(await world.jobs.get(jobId)).not.toHaveProperty('input');
  });

  it.each([undefined, CHOSEN])(
    'goes at the next ring if its worker died after its success: %s',
    async (id) => {
      const world = succeeding();
      const { job } = await createJob(ORDER, OPERATOR, world, id);
      const { details } = world;
      const removeAll = details.removeAll.bind(details);
      details.removeAll = () => Promise.reject(new Error('It dies.'));
      await expect(hear(ringOf(job, world.operations), world)).rejects.toThrow('It dies.');
      expect(await world.jobs.get(job.jobId)).toMatchObject({ statusCode: 30 });
      details.removeAll = removeAll;
      await hear(ringOf(job, world.operations), world);
      expect(details.partsOf(job.jobId)).toEqual([]);
      expect((await world.jobs.get(job.jobId)) === undefined).toBe(id === undefined);
    },
  );
});

describe('leaving no trace', () => {
  const GOING = { deleteOnSuccess: true, statusCode: Status.Succeeded } as const;

  it.each<[string, Partial<Job>]>([
    ['has failed', { ...GOING, statusCode: Status.Failed }],
    ['was canceled', { ...GOING, statusCode: Status.Canceled }],
    ['runs', { ...GOING, statusCode: Status.InProgress }],
    ['is to stay', { statusCode: Status.Succeeded }],
  ])('takes nothing of a job that %s', async (_what, facts) => {
    const world = succeeding();
    const job = put(aJob(facts), world);
    await world.details.putInput(job, 'input');
    await leaveNoTrace(job, world);
    expect([await world.jobs.get(job.jobId), world.details.partsOf(job.jobId).length]).toEqual([job, 1]);
  });

  it('may be done again', async () => {
    const world = succeeding();
    const job = put(aJob(GOING), world);
    for (let times = 0; times < 2; times++) await leaveNoTrace(job, world);
    expect(world.jobs.rows()).toEqual([]);
  });
});

describe('the stub of a job', () => {
  it.each<[string, Partial<Job>, number | undefined]>([
    [
      'that deletes itself, by an id of its client, goes after a day',
      { deleteOnSuccess: true, requestHash: 'h' },
      NOON / 1_000 + DAY_SECONDS,
    ],
    ['is none where we chose the id', { deleteOnSuccess: true }, undefined],
    ['is none where it stays', { requestHash: 'h' }, undefined],
  ])('%s', (_what, facts, expiry) => {
    expect(stubExpiry(aJob(facts), NOON)).toBe(expiry);
  });

  it('never goes early: seconds are rounded up', () => {
    expect(stubExpiry(aJob({ deleteOnSuccess: true, requestHash: 'h' }), NOON + 1)).toBe(
      NOON / 1_000 + DAY_SECONDS + 1,
    );
  });
});
