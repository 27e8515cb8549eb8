import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { NotAllowed } from '../../../shared/service/errors.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { at } from '../../support/a-job.ts';
import { anOperation, aWorld, type World } from '../../support/a-world.ts';
import { OPERATOR } from '../../support/callers.ts';
import { MemoryInputs } from '../../support/memory/memory-inputs.ts';

const CHOSEN = 'abcdef00-0000-7000-8000-00000000000c';
const BLOB = 'abcdef00-0000-7000-8000-00000000000b';
const ORDER: NewJob = { operation: 'count-to', input: { to: 3 } };

const create = async (world: World, order: Partial<NewJob> = {}, chosenId?: string): Promise<Job> =>
  (await createJob({ ...ORDER, ...order }, OPERATOR, world, chosenId)).job;

describe('the row of an order', () => {
  const EVERYTHING = {
    name: 'n',
    description: 'd',
    dependencyToken: 't',
    postponeUntil: at(60_000),
    maxRetries: 2,
    deleteOnSuccess: true,
  };

  it('has all that was ordered', async () => {
    expect(await create(aWorld(anOperation()), EVERYTHING)).toMatchObject(EVERYTHING);
  });

  it.each<[string, Partial<NewJob>]>([
    ['nothing else', {}],
    ['that it stays', { deleteOnSuccess: false }],
  ])('has no column for what was left out: %s', async (_what, order) => {
    const job = await create(aWorld(anOperation({ laneOf: () => undefined })), order);
    const empty = Object.entries(job).filter(([, value]) => value === undefined);
    expect(empty).toEqual([]);
    for (const name of [...Object.keys(EVERYTHING).slice(1), 'lane', 'inputBlobId', 'requestHash'])
      expect(job).not.toHaveProperty(name);
  });

  it('names a lane only where it is another than that of its operation', async () => {
    const same = aWorld(anOperation({ lane: 'bulk', laneOf: () => 'bulk' }));
    expect(await create(same)).not.toHaveProperty('lane');
    same.inputs.put(BLOB, '{}');
    const { job } = await createJob({ operation: 'count-to', inputBlobId: BLOB }, OPERATOR, same);
    expect(job).not.toHaveProperty('lane');
  });

  it('has 96 bits of a hash of the order where its client chose the id: the row is small', async () => {
    const { requestHash } = await create(aWorld(anOperation()), {}, CHOSEN);
    expect(requestHash).toMatch(/^[\w-]{16}$/);
  });

  it('has the same hash for an order that says nothing where another leaves out', async () => {
    const world = aWorld(anOperation());
    const first = await create(world, {}, CHOSEN);
    expect((await create(world, { name: undefined }, CHOSEN)).sequence).toBe(first.sequence);
  });

  it.each<[Partial<NewJob>, Partial<NewJob>]>([
    [{ input: [1, 23] }, { input: [12, 3] }],
    [{ input: [[1], 2] }, { input: [[1, 2]] }],
    [{ input: { a: 1 } }, { input: [['a', 1]] }],
    [{ input: null }, { input: 'null' }],
    [{ input: [1, 2] }, { input: [2, 1] }],
    [{ input: 'a' }, { input: 'a', name: 'a' }],
  ])('has another hash for another order: %j is not %j', async (one, other) => {
    const world = aWorld(anOperation());
    await create(world, one, CHOSEN);
    await expect(create(world, other, CHOSEN)).rejects.toMatchObject({ code: 'Conflict' });
  });
});

/** A world whose operation refuses one input, and keeps all others with who ordered them. */
const guarded = () =>
  aWorld(
    anOperation({
      authorize(input, { role }) {
        if (input === 'all') throw new NotAllowed('admin', role);
      },
      prepare: (input, { id }) => ({ input, by: id }),
    }),
  );

describe('an operation that says who may order what', () => {
  it('sees the input, and may keep it otherwise', async () => {
    expect((await create(guarded(), { input: 'some' })).input).toBe('{"input":"some","by":"olga"}');
  });

  it('may refuse it: then nothing is kept', async () => {
    const world = guarded();
    await expect(create(world, { input: 'all' })).rejects.toThrow(NotAllowed);
    expect(world.jobs.rows()).toEqual([]);
  });

  it.each([{ authorize: () => {} }, { prepare: () => null }])(
    'takes no input that nobody has read: %o',
    async (facts) => {
      const world = aWorld(anOperation(facts));
      world.inputs.put(BLOB, '{}');
      const asked = createJob({ operation: 'count-to', inputBlobId: BLOB }, OPERATOR, world);
      await expect(asked).rejects.toMatchObject({
        faults: [{ pointer: '/inputBlobId', detail: expect.stringContaining('send it with the order') }],
      });
    },
  );
});

describe('an upload', () => {
  it('may have 100 MB', async () => {
    const inputs = Object.assign(new MemoryInputs(), { sizeOf: async () => 100_000_000 });
    inputs.put(BLOB, '{}');
    const world = { ...aWorld(anOperation()), inputs };
    const asked = createJob({ operation: 'count-to', inputBlobId: BLOB }, OPERATOR, world);
    await expect(asked).resolves.toMatchObject({ isNew: true });
  });
});
