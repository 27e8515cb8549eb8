import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../shared/job/json.ts';
import { ALL_STATUSES, isCompleted, Status } from '../../../shared/job/status.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { rerunJob } from '../../../shared/service/rerun-job.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, runOnce, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { stepsOf } from '../../support/steps.ts';

const BLOB = 'abcdef00-0000-7000-8000-00000000000b';

/** A world whose operation remembers what it was handed, and has counted to two. */
function counting(): World & { seen: { input: Json; cursor: Json | undefined }[] } {
  const seen: { input: Json; cursor: Json | undefined }[] = [];
  const operation = anOperation({
    run: (input, { cursor }) => {
      seen.push({ input, cursor });
      return stepsOf([{ done: 2, cursor: 'two' }]);
    },
  });
  return { ...aWorld(operation), seen };
}

/** A job of this order that has run to its end, and saved a cursor on its way. */
async function done(world: World, order: Partial<NewJob> = {}, chosenId?: string) {
  const whole = {
    operation: 'count-to',
    ...(order.inputBlobId === undefined && { input: { to: 3 } }),
    ...order,
  };
  const { job } = await createJob(whole, OPERATOR, world, chosenId);
  const over = await runOnce(job, world);
  await world.details.saveCursor(over, 'two');
  world.doorbell.take();
  return over;
}

describe('a rerun', () => {
  it('is a new job that does the same, says of which it is one, and is rung for', async () => {
    const world = counting();
    const old = await done(world, { name: 'To three', description: 'Nightly', maxRetries: 1 });
    world.clock.advance(5_000);
    const job = await rerunJob(old.jobId, ADMIN, world);
    expect(job).toEqual(await theJob(job.jobId, world));
    expect(job).toMatchObject({
      rerunOf: old.jobId,
      operation: 'count-to',
      name: 'To three',
      description: 'Nightly',
      maxRetries: 1,
      input: '{"to":3}',
      statusCode: Status.WaitingForResources,
      claimNumber: 0,
      createdBy: 'adam',
      createdOn: at(5_000),
    });
    expect(world.doorbell.rings).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
  });

  it('leaves the old job as it is', async () => {
    const world = counting();
    const old = await done(world);
    await rerunJob(old.jobId, ADMIN, world);
    expect(await theJob(old.jobId, world)).toEqual(old);
  });

  it('may be made again, and of a rerun too', async () => {
    const world = counting();
    const old = await done(world);
    const first = await rerunJob(old.jobId, OPERATOR, world);
    const second = await rerunJob(old.jobId, OPERATOR, world);
    const over = await runOnce(first, world);
    const third = await rerunJob(over.jobId, OPERATOR, world);
    expect(new Set([first, second, third].map(({ jobId }) => jobId)).size).toBe(3);
    expect(third.rerunOf).toBe(first.jobId);
  });

  it.each([
    ['from the start', false, undefined],
    ['from where the last checkpoint was', true, 'two'],
  ])('begins %s', async (_where, fromCheckpoint, cursor) => {
    const world = counting();
    const old = await done(world);
    await runOnce(await rerunJob(old.jobId, OPERATOR, world, { fromCheckpoint }), world);
    expect(world.seen.at(-1)).toEqual({ input: { to: 3 }, cursor });
  });

  it('stands at the end of the line of its token', async () => {
    const world = counting();
    const old = await done(world, { dependencyToken: 'orders' });
    const { job: before } = await createJob(
      { operation: 'count-to', input: 1, dependencyToken: 'orders' },
      OPERATOR,
      world,
    );
    world.doorbell.take();
    const job = await rerunJob(old.jobId, OPERATOR, world);
    expect(world.jobs.linksOf('orders').map(({ jobId }) => jobId)).toEqual([before.jobId, job.jobId]);
    expect(world.doorbell.rings).toEqual([]);
  });

  it('has the whole of what did not fit on the old row', async () => {
    const world = counting();
    const order = {
      input: 'i'.repeat(900),
      name: 'n'.repeat(200),
      description: 'd'.repeat(900),
      dependencyToken: 't'.repeat(200),
    };
    const old = await done(world, order, BLOB);
    const job = await rerunJob(old.jobId, OPERATOR, world);
    await world.details.removeAll(old);
    expect(await world.details.getInput(job)).toBe(order.input);
    for (const column of ['name', 'description', 'dependencyToken'] as const) {
      expect(await world.details.getText(job, column)).toBe(order[column]);
    }
    expect(job.dependencyToken).toBe(old.dependencyToken);
  });

  it('has a copy of what the old one had of the upload', async () => {
    const world = counting();
    world.inputs.put(BLOB, '{"to":3}');
    const old = await done(world, { inputBlobId: BLOB });
    world.inputs.put(BLOB, '{"to":9}');
    const job = await rerunJob(old.jobId, OPERATOR, world);
    await runOnce(job, world);
    expect([job.inputBlobId, world.seen.at(-1)?.input]).toEqual([BLOB, { to: 3 }]);
  });
});

describe('a rerun that is refused', () => {
  it.each(ALL_STATUSES.filter((status) => !isCompleted(status)))(
    'as the job is in status %d says what is open',
    async (statusCode) => {
      const world = counting();
      const { jobId } = put(aJob({ statusCode }), world);
      await expect(rerunJob(jobId, ADMIN, world)).rejects.toMatchObject({
        code: 'VerbRefused',
        verb: 'rerun',
      });
      expect(world.jobs.rows()).toHaveLength(1);
    },
  );

  it('as the job is one of the service itself says so', async () => {
    const world = counting();
    const { jobId } = put(aJob({ statusCode: Status.Succeeded, isPlatformGenerated: true }), world);
    await expect(rerunJob(jobId, ADMIN, world)).rejects.toThrow('was made by the service for itself');
  });

  it('as there is no such job says so', async () => {
    await expect(rerunJob('gone', ADMIN, counting())).rejects.toMatchObject({ code: 'NotFound' });
  });

  it.each([READER, { ...OPERATOR, id: 'otto' }])('as %o may not control the job says so', async (caller) => {
    const world = counting();
    const old = await done(world);
    await expect(rerunJob(old.jobId, caller, world)).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it('as this deployment does not have its operation says so', async () => {
    const world = counting();
    const { jobId } = put(aJob({ statusCode: Status.Failed, operation: 'gone' }), world);
    await expect(rerunJob(jobId, ADMIN, world)).rejects.toMatchObject({ code: 'UnknownOperation' });
  });
});
