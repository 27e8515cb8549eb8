import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { claim } from '../../../shared/job/worker-transitions.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { at } from '../../support/a-job.ts';
import { anOperation, aWorld, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const ORDER: NewJob = { operation: 'count-to', input: { to: 3 } };
const create = (world: World, order: Partial<NewJob> = {}) =>
  createJob({ ...ORDER, ...order }, OPERATOR, world);

describe('a created job', () => {
  it('is Ready, belongs to its creator and is watched for a minute', async () => {
    const world = aWorld(anOperation());
    await create(world);
    expect(await theJob(idOf(1), world)).toEqual({
      jobId: idOf(1),
      sequence: NOON * 2048,
      operation: 'count-to',
      name: 'Count',
      statusCode: 0,
      createdOn: at(),
      createdBy: 'olga',
      ownerId: 'olga',
      modifiedOn: at(),
      modifiedBy: 'olga',
      depth: 1,
      claimNumber: 0,
      retryCount: 0,
      watchAt: at(60_000),
      input: '{"to":3}',
    });
  });

  it('is the one that is answered', async () => {
    const world = aWorld(anOperation());
    const job = await create(world, { name: 'To three', description: 'Nightly' });
    expect(job).toEqual(await theJob(job.jobId, world));
    expect(job).toMatchObject({ name: 'To three', description: 'Nightly' });
  });

  it('is rung for once, in the lane of its operation, when its row is there', async () => {
    const world = aWorld(anOperation());
    const seen: unknown[] = [];
    const doorbell = {
      ring: async (ring: { jobId: string }) =>
        void seen.push({ ...ring, row: await world.jobs.get(ring.jobId) }),
    };
    const row = await createJob(ORDER, OPERATOR, { ...world, doorbell });
    expect(seen).toEqual([{ jobId: row.jobId, lane: 'bulk', row }]);
  });

  it('has the input as the operation reads it, defaults filled in', async () => {
    const input = z.object({ to: z.number(), step: z.number().default(1) });
    const world = aWorld(anOperation({ input }));
    expect((await create(world)).input).toBe('{"to":3,"step":1}');
  });

  it('dates from its sequence, so that the two can never contradict each other', async () => {
    const world = aWorld(anOperation());
    await create(world);
    world.clock.advance(-5_000);
    const { sequence, createdOn } = await create(world);
    expect([sequence, createdOn]).toEqual([NOON * 2048 + 1, at()]);
  });
});

/** A text whose JSON has so many bytes. */
const inputOf = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('the input of a job', () => {
  const NAMED = { name: 'x'.repeat(50), description: 'y'.repeat(50) };

  it('lies on the row as long as it and the texts of the order have 300 bytes together', async () => {
    const world = aWorld(anOperation());
    const { jobId, input } = await create(world, { ...NAMED, input: inputOf(200) });
    expect([input?.length, await world.details.getInput(jobId)]).toEqual([200, undefined]);
  });

  it('lies beside the row above that', async () => {
    const world = aWorld(anOperation());
    const { jobId, input } = await create(world, { ...NAMED, input: inputOf(201) });
    expect([input, await world.details.getInput(jobId)]).toEqual([undefined, inputOf(201)]);
  });

  it('is measured in bytes and not in characters', async () => {
    const world = aWorld(anOperation());
    expect((await create(world, { ...NAMED, input: 'ü'.repeat(100) })).input).toBeUndefined();
  });

  it('may have 2 MiB and not a byte more', async () => {
    const world = aWorld(anOperation());
    await expect(create(world, { input: inputOf(2 * 1024 ** 2) })).resolves.toBeDefined();
    await expect(create(world, { input: inputOf(2 * 1024 ** 2 + 1) })).rejects.toMatchObject({
      code: 'InvalidInput',
      faults: [{ pointer: '/input', detail: expect.stringContaining('2097153 bytes') }],
    });
  });
});

describe('an order that is refused', () => {
  it('names the operations there are', async () => {
    const world = aWorld(anOperation(), anOperation({ name: 'purge' }));
    await expect(create(world, { operation: 'purrge' })).rejects.toMatchObject({
      faults: [{ pointer: '/operation', detail: 'There is no such operation. Known: count-to, purge.' }],
    });
  });

  it('points to every fault of the input', async () => {
    const input = z.strictObject({ to: z.number(), steps: z.array(z.number()) });
    const world = aWorld(anOperation({ input }));
    const refused = create(world, { input: { to: 'x', steps: [1, 'y'], 'a/b': 1 } });
    await expect(refused).rejects.toMatchObject({
      faults: [{ pointer: '/input/to' }, { pointer: '/input/steps/1' }, { pointer: '/input/a~1b' }],
    });
  });

  it('needs the role of an operator', async () => {
    const world = aWorld(anOperation());
    await expect(createJob(ORDER, READER, world)).rejects.toMatchObject({ code: 'NotAllowed' });
    await expect(createJob(ORDER, ADMIN, world)).resolves.toBeDefined();
  });

  it.each([
    ['for the role', READER, ORDER],
    ['for the operation', OPERATOR, { ...ORDER, operation: 'purrge' }],
  ])('%s leaves nothing behind', async (_why, caller, order) => {
    const world = aWorld(anOperation());
    await expect(createJob(order, caller, world)).rejects.toThrow();
    expect([world.jobs.rows(), world.doorbell.rings]).toEqual([[], []]);
  });
});

describe('an order whose ring fails', () => {
  it('is taken back, and may be sent again', async () => {
    const world = aWorld(anOperation());
    world.doorbell.breaks();
    await expect(create(world)).rejects.toMatchObject({ code: 'Unavailable', cause: expect.any(Error) });
    expect(world.jobs.rows()).toEqual([]);
  });

  it('stands if the ring has arrived all the same and a worker has claimed the job', async () => {
    const world = aWorld(anOperation());
    const doorbell = {
      async ring({ jobId }: { jobId: string }) {
        await world.jobs.make(claim(jobId, { now: at(), leaseEndsAt: at(60_000), hostId: 'quick' }));
        throw new Error('The answer is lost.');
      },
    };
    const { jobId } = await createJob(ORDER, OPERATOR, { ...world, doorbell });
    expect((await theJob(jobId, world)).hostId).toBe('quick');
  });
});
