import { describe, expect, it } from '@jest/globals';
import { type BatchItem, createBatch } from '../../../shared/service/create-batch.ts';
import { Conflict, InvalidInput } from '../../../shared/service/errors.ts';
import { anOperation, aWorld, type World } from '../../support/a-world.ts';
import { OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';

const aCounter = () => aWorld(anOperation());
const chosen = (n: number): string => idOf(900_000 + n);
const anItem = (facts: object = {}) => ({ operation: 'count-to', input: { to: 3 }, ...facts });
const order = (world: World, ...jobs: unknown[]) => createBatch({ jobs }, OPERATOR, world);

const wordOf = (item: BatchItem): string => {
  if ('refused' in item) return item.refused.code;
  return item.isNew ? 'new' : 'there';
};
const faultsIn = (item: BatchItem | undefined): InvalidInput['faults'] | undefined => {
  if (item === undefined || !('refused' in item)) return undefined;
  const { refused } = item;
  return refused instanceof InvalidInput || refused instanceof Conflict ? refused.faults : undefined;
};

describe('a batch as a whole', () => {
  it.each<[string, unknown, string]>([
    ['is no object', 'jobs', ''],
    ['has no jobs', {}, '/jobs'],
    ['is empty', { jobs: [] }, '/jobs'],
    ['is too long', { jobs: Array.from({ length: 1_001 }, () => anItem()) }, '/jobs'],
    ['says more than its jobs', { jobs: [anItem()], owner: 'adam' }, ''],
  ])('is refused where it %s', async (_what, body, pointer) => {
    const world = aCounter();
    await expect(createBatch(body, OPERATOR, world)).rejects.toMatchObject({
      code: 'InvalidInput',
      faults: [{ pointer: expect.stringContaining(pointer) }],
    });
    expect(world.jobs.rows()).toEqual([]);
  });

  it('is refused to a caller who may not order', async () => {
    const refused = createBatch({ jobs: [anItem()] }, READER, aCounter());
    await expect(refused).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it('of a thousand jobs is none too many', async () => {
    const items = await order(aCounter(), ...Array.from({ length: 1_000 }, () => anItem()));
    expect(new Set(items.map(wordOf))).toEqual(new Set(['new']));
  });
});

describe('an order of a batch', () => {
  it('that is wrong is no fault of the others, and says where in the batch it is wrong', async () => {
    const world = aCounter();
    const items = await order(world, anItem(), null, anItem({ operation: 'gone' }), anItem({ name: 7 }));
    expect(items.map(wordOf)).toEqual(['new', 'InvalidInput', 'InvalidInput', 'InvalidInput']);
    const pointers = items.map((item) => faultsIn(item)?.map(({ pointer }) => pointer));
    expect(pointers).toEqual([undefined, ['/jobs/1'], ['/jobs/2/operation'], ['/jobs/3/name']]);
    expect(world.jobs.rows()).toHaveLength(1);
  });

  it('shows ten of its faults at most: those of a thousand must fit into one answer', async () => {
    const unknown = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`field${n}`, n]));
    const wrong = { name: 1, description: 2, maxRetries: 'x', postponeUntil: 3, dependencyToken: 4 };
    const [item] = await order(aCounter(), { ...anItem(), ...unknown, ...wrong });
    expect(faultsIn(item)).toHaveLength(10);
  });

  it.each<[string, object]>([
    ['an id', { jobId: chosen(1) }],
    ['a key', { idempotencyKey: 'first-of-may' }],
  ])('that brings %s may be sent again', async (_what, facts) => {
    const world = aCounter();
    expect((await order(world, anItem(facts))).map(wordOf)).toEqual(['new']);
    expect((await order(world, anItem(facts))).map(wordOf)).toEqual(['there']);
  });

  it.each<[string, object, string]>([
    ['an id and a key', { jobId: chosen(1), idempotencyKey: 'k' }, 'idempotencyKey'],
    ['a key with spaces', { idempotencyKey: 'first of may' }, 'idempotencyKey'],
    ['a key beyond ASCII', { idempotencyKey: 'käse' }, 'idempotencyKey'],
    ['a key that is too long', { idempotencyKey: 'k'.repeat(257) }, 'idempotencyKey'],
    ['an id that is none', { jobId: 'first' }, 'jobId'],
    ['a date without an offset', { postponeUntil: '2026-12-01T12:00:00' }, 'postponeUntil'],
    ['more tries than may be', { maxRetries: 1_000_000 }, 'maxRetries'],
    ['a token that is too long', { dependencyToken: 'x'.repeat(257) }, 'dependencyToken'],
  ])('that brings %s is refused', async (_what, facts, field) => {
    const [item] = await order(aCounter(), anItem(facts));
    expect(faultsIn(item)?.map(({ pointer }) => pointer)).toEqual([`/jobs/0/${field}`]);
  });

  it('may name its job in any case, and its date in any zone', async () => {
    const facts = { jobId: chosen(1).toUpperCase(), postponeUntil: '2026-12-01T12:00:00+02:00' };
    const [item] = await order(aCounter(), anItem(facts));
    expect(item).toMatchObject({ job: { jobId: chosen(1), postponeUntil: '2026-12-01T10:00:00.000Z' } });
  });

  it('tells whether it named its job, as PUT does', async () => {
    const items = await order(
      aCounter(),
      anItem({ jobId: chosen(1) }),
      anItem({ idempotencyKey: 'k' }),
      anItem(),
    );
    expect(items.map((item) => 'namesJob' in item && item.namesJob)).toEqual([true, false, false]);
  });

  it('is answered with its whole token, of which the row may keep a hash', async () => {
    const token = 'x'.repeat(200);
    const [inLine, free] = await order(aCounter(), anItem({ dependencyToken: token }), anItem());
    expect(inLine).toHaveProperty('job.dependencyToken', token);
    expect(free).not.toHaveProperty('job.dependencyToken');
  });

  it('that was sent before with another body is a conflict', async () => {
    const world = aCounter();
    await order(world, anItem({ jobId: chosen(1) }));
    const items = await order(world, anItem({ jobId: chosen(1), input: 'another' }), anItem());
    expect(items.map(wordOf)).toEqual(['Conflict', 'new']);
  });
});

describe('orders that the tables do not take', () => {
  it('are refused one and all, each by an answer of its own', async () => {
    const world = aCounter();
    world.jobs.insertAll = () => Promise.reject(new Error('Throttled.'));
    const items = await order(world, anItem(), anItem(), anItem({ jobId: chosen(1) }));
    expect(items.map(wordOf)).toEqual(['Unavailable', 'Unavailable', 'new']);
    const message = 'The tables do not answer. Nothing was kept; send the same request again.';
    expect(items[1]).toHaveProperty('refused.message', message);
  });

  it('are refused alone where the others are taken', async () => {
    const world = aCounter();
    const insertAll = world.jobs.insertAll.bind(world.jobs);
    world.jobs.insertAll = (jobs) => insertAll(jobs.slice(1));
    const items = await order(world, anItem(), anItem());
    expect(items.map(wordOf)).toEqual(['Unavailable', 'new']);
    const message = 'The table does not answer. Nothing was kept; send the same request again.';
    expect(items[0]).toHaveProperty('refused.message', message);
  });
});

describe('two orders of a batch', () => {
  it('without ids are two jobs, be they alike', async () => {
    const world = aCounter();
    expect((await order(world, anItem(), anItem())).map(wordOf)).toEqual(['new', 'new']);
    expect(world.jobs.rows()).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['id', { jobId: chosen(1) }],
    ['key', { idempotencyKey: 'k' }],
  ])('with one %s are one job, the second of them not new', async (_what, facts) => {
    const world = aCounter();
    expect((await order(world, anItem(facts), anItem(facts))).map(wordOf)).toEqual(['new', 'there']);
    expect(world.jobs.rows()).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['id', { jobId: chosen(1) }, 'jobId'],
    ['key', { idempotencyKey: 'k' }, 'idempotencyKey'],
  ])('with one %s and two bodies are one job and a conflict, which names it', async (_what, facts, field) => {
    const items = await order(aCounter(), anItem(facts), anItem({ ...facts, input: 'another' }));
    expect(items.map(wordOf)).toEqual(['new', 'Conflict']);
    const detail = `Another order before this one in the batch has the same ${field}.`;
    expect(faultsIn(items[1])).toEqual([{ pointer: `/jobs/1/${field}`, detail }]);
  });

  it('with one id of which the first is refused are refused both', async () => {
    const wrong = anItem({ jobId: chosen(1), operation: 'gone' });
    const items = await order(aCounter(), wrong, wrong);
    expect(items.map((item) => faultsIn(item)?.[0]?.pointer)).toEqual([
      '/jobs/0/operation',
      '/jobs/1/operation',
    ]);
  });
});

describe('a batch whose tables do not answer', () => {
  it('says so of each order, that it can be sent again', async () => {
    const world = aCounter();
    world.jobs.insertAll = () => Promise.reject(new Error('Throttled.'));
    expect((await order(world, anItem(), anItem())).map(wordOf)).toEqual(['Unavailable', 'Unavailable']);
  });
});
