import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Job } from '../../../shared/job/job.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { MemoryInputs } from '../../support/memory/memory-inputs.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const ORDER: NewJob = { operation: 'count-to', input: { to: 3 } };
const create = async (world: World, order: Partial<NewJob> = {}): Promise<Job> =>
  (await createJob({ ...ORDER, ...order }, OPERATOR, world)).job;

const laneOf = (input: unknown) => (input === 'large' ? 'bulk' : undefined);

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
    const order = { name: 'To three', description: 'Nightly', maxRetries: 0 };
    const job = await create(world, order);
    expect(job).toEqual(await theJob(job.jobId, world));
    expect(job).toMatchObject(order);
  });

  it('is rung for once, in the lane of its operation, when its row is there', async () => {
    const world = aWorld(anOperation());
    const seen: unknown[] = [];
    const ring = world.doorbell.ring.bind(world.doorbell);
    world.doorbell.ring = async (one) => {
      seen.push(await world.jobs.get(one.jobId));
      await ring(one);
    };
    const job = await create(world);
    expect([seen, world.doorbell.rings]).toEqual([[job], [{ jobId: job.jobId, lane: 'bulk' }]]);
  });

  it('runs in the lane that its operation chooses for its input', async () => {
    const world = aWorld(anOperation({ lane: 'standard', laneOf }));
    const [small, large] = [await create(world, { input: 'small' }), await create(world, { input: 'large' })];
    expect([small.lane, large.lane]).toEqual([undefined, 'bulk']);
    expect(world.doorbell.rings.map(({ lane }) => lane)).toEqual(['standard', 'bulk']);
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

describe('a job that is postponed', () => {
  it('to a far date is Suspended, found by the scan in time, and not rung', async () => {
    const world = aWorld(anOperation());
    const job = await create(world, { postponeUntil: at(3_600_000) });
    expect(job).toMatchObject({ statusCode: 10, postponeUntil: at(3_600_000), watchAt: at(2_640_000) });
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[], []]);
  });

  it('to a near date has its timer', async () => {
    const world = aWorld(anOperation());
    const { jobId } = await create(world, { postponeUntil: at(60_000) });
    expect(world.timers.timers).toEqual([{ ring: { jobId, lane: 'bulk' }, at: NOON + 60_000 }]);
  });

  it('to a date that has passed is Ready', async () => {
    const world = aWorld(anOperation());
    const job = await create(world, { postponeUntil: at() });
    expect([job.statusCode, job.postponeUntil, world.doorbell.rings.length]).toEqual([0, undefined, 1]);
  });
});

describe('a job with a token', () => {
  it('stands at the end of its line, and is rung for if it is the head', async () => {
    const world = aWorld(anOperation());
    const [first, second] = [
      await create(world, { dependencyToken: 'orders' }),
      await create(world, { dependencyToken: 'orders' }),
    ];
    expect(world.jobs.linksOf('orders').map(({ jobId }) => jobId)).toEqual([first.jobId, second.jobId]);
    expect(world.doorbell.rings).toEqual([{ jobId: first.jobId, token: 'orders', lane: 'bulk' }]);
    expect(world.jobs.watchAtOf('orders')).toBe(at(60_000));
  });

  it('that is long stands there by its hash, and keeps the whole of it', async () => {
    const world = aWorld(anOperation());
    const token = 'x'.repeat(200);
    const job = await create(world, { dependencyToken: token });
    expect(job.dependencyToken).toMatch(/^sha256:/);
    expect(await world.details.getText(job, 'dependencyToken')).toBe(token);
    expect(world.jobs.linksOf(job.dependencyToken ?? '')).toHaveLength(1);
  });

  it('takes a sequence above the tail where another creator, or its clock, is ahead', async () => {
    const world = aWorld(anOperation());
    const ahead = put(
      aJob({ jobId: 'ahead', dependencyToken: 'orders', sequence: NOON * 2048 + 5_000_000 }),
      world,
    );
    const job = await create(world, { dependencyToken: 'orders' });
    expect(job.sequence).toBe(ahead.sequence + 1);
    expect(await theJob(job.jobId, world)).toEqual(job);
  });
});

/** A text whose JSON has so many bytes. */
const inputOf = (bytes: number): string => 'x'.repeat(bytes - 2);

describe('the input of a job', () => {
  const NAMED = { name: 'x'.repeat(50), maxRetries: 9 };
  /** The name of a name costs nothing: every row has one. */
  const BESIDE = 50 + 'maxRetries'.length + 1;

  it('lies on the row as long as all that the order brings has 288 bytes together', async () => {
    const world = aWorld(anOperation());
    const job = await create(world, { ...NAMED, input: inputOf(288 - BESIDE) });
    expect([job.input?.length, await world.details.getInput(job)]).toEqual([288 - BESIDE, undefined]);
  });

  it('lies beside the row above that', async () => {
    const world = aWorld(anOperation());
    const input = inputOf(289 - BESIDE);
    const job = await create(world, { ...NAMED, input });
    expect([job.input, await world.details.getInput(job)]).toEqual([undefined, input]);
  });

  it('is measured in bytes and not in characters', async () => {
    const world = aWorld(anOperation());
    expect((await create(world, { ...NAMED, input: 'ü'.repeat(140) })).input).toBeUndefined();
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

describe('an input that was uploaded', () => {
  const BLOB = 'abcdef00-0000-7000-8000-00000000000b';
  const UPLOADED = { operation: 'count-to', inputBlobId: BLOB };

  it('is pointed to, and its job runs where there is time for it', async () => {
    const world = aWorld(anOperation({ lane: 'standard' }));
    world.inputs.put(BLOB, '{"to":3}');
    const { job } = await createJob(UPLOADED, OPERATOR, world);
    expect([job.inputBlobId, job.input, job.lane]).toEqual([BLOB, undefined, 'bulk']);
    expect(await world.details.getInput(job)).toBeUndefined();
  });

  it('must be there', async () => {
    const world = aWorld(anOperation());
    await expect(createJob(UPLOADED, OPERATOR, world)).rejects.toMatchObject({
      faults: [{ pointer: '/inputBlobId', detail: expect.stringContaining('Nothing was uploaded') }],
    });
  });

  it('may have 100 MB and not a byte more', async () => {
    const inputs = Object.assign(new MemoryInputs(), { sizeOf: async () => 100_000_001 });
    const world = { ...aWorld(anOperation()), inputs };
    await expect(createJob(UPLOADED, OPERATOR, world)).rejects.toMatchObject({
      faults: [{ pointer: '/inputBlobId', detail: expect.stringContaining('100000001 bytes') }],
    });
  });

  it('is no way around who may order what', async () => {
    const world = aWorld(anOperation({ authorize: () => {} }));
    world.inputs.put(BLOB, '{"to":3}');
    await expect(createJob(UPLOADED, OPERATOR, world)).rejects.toMatchObject({
      faults: [{ pointer: '/inputBlobId' }],
    });
  });
});

describe('an order that is refused', () => {
  it('names the operations there are, but for those of the service itself', async () => {
    const own = anOperation({ name: 'reprocess', isPlatformGenerated: true });
    const world = aWorld(anOperation(), anOperation({ name: 'purge' }), own);
    for (const operation of ['purrge', 'reprocess']) {
      await expect(create(world, { operation })).rejects.toMatchObject({
        faults: [{ pointer: '/operation', detail: 'There is no such operation. Known: count-to, purge.' }],
      });
    }
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

describe('an order whose ring or timer fails', () => {
  it.each([
    ['ring', {}],
    ['timer', { postponeUntil: at(60_000) }],
  ])('stands: the %s is logged, and the scan finds the job', async (_what, order) => {
    const world = aWorld(anOperation());
    world.doorbell.breaks();
    world.timers.breaks();
    const job = await create(world, order);
    expect(await theJob(job.jobId, world)).toEqual(job);
    expect(world.logged).toMatchObject([
      { text: 'ring failed, the scan will find the job', facts: { jobId: job.jobId } },
    ]);
    expect((job.watchAt ?? '') <= at(120_000)).toBe(true);
  });
});
