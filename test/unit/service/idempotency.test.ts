import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../shared/job/status.ts';
import type { Caller } from '../../../shared/service/caller.ts';
import { type Created, createJob } from '../../../shared/service/create-job.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { JobExists } from '../../../shared/service/ports.ts';
import { at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';

const CHOSEN = 'abcdef00-0000-7000-8000-00000000000c';
const ORDER: NewJob = { operation: 'count-to', input: { to: 3, by: 1 }, name: 'To three' };

const order = (world: World, facts: Partial<NewJob> = {}, caller: Caller = OPERATOR): Promise<Created> =>
  createJob({ ...ORDER, ...facts }, caller, world, CHOSEN);
const aCounter = () => aWorld(anOperation());

describe('an order with an id of the client’s choice', () => {
  it('is a job of that id', async () => {
    const world = aCounter();
    const { job, isNew } = await order(world);
    expect([job.jobId, isNew, await theJob(CHOSEN, world)]).toEqual([CHOSEN, true, job]);
  });

  it('that is sent again is the same job, as it is by now', async () => {
    const world = aCounter();
    const first = await order(world);
    await hear({ jobId: CHOSEN, lane: 'bulk' }, world);
    const second = await order(world);
    expect([second.isNew, second.job]).toEqual([false, await theJob(CHOSEN, world)]);
    expect(second.job).toMatchObject({ statusCode: Status.Succeeded, sequence: first.job.sequence });
  });

  it('is the same whatever the order of its fields', async () => {
    const world = aCounter();
    await order(world);
    const { name, operation } = ORDER;
    const turned = { name, input: { by: 1, to: 3 }, operation };
    const again = await createJob({ ...turned, name: name ?? '' }, OPERATOR, world, CHOSEN);
    expect(again.isNew).toBe(false);
  });

  it.each<[string, Partial<NewJob>, Caller]>([
    ['another input', { input: { to: 4, by: 1 } }, OPERATOR],
    ['another name', { name: 'To four' }, OPERATOR],
    ['another token', { dependencyToken: 'orders' }, OPERATOR],
    ['another date', { postponeUntil: at(60_000) }, OPERATOR],
    ['another creator', {}, ADMIN],
  ])('is not that of %s: that is a conflict, and changes nothing', async (_what, facts, caller) => {
    const world = aCounter();
    const { job } = await order(world);
    await expect(order(world, facts, caller)).rejects.toMatchObject({ code: 'Conflict' });
    expect(world.jobs.rows()).toEqual([job]);
  });

  it('is rung for again if it waits to be run, for the first ring may be lost', async () => {
    const world = aCounter();
    await order(world, { dependencyToken: 'orders' });
    world.doorbell.take();
    await order(world, { dependencyToken: 'orders' });
    expect(world.doorbell.take()).toEqual([{ jobId: CHOSEN, token: 'orders', lane: 'bulk' }]);
  });

  it('is not rung for again if it is over, or if it is not its turn', async () => {
    const world = aCounter();
    await createJob({ ...ORDER, dependencyToken: 'orders' }, OPERATOR, world);
    await order(world, { dependencyToken: 'orders' });
    world.doorbell.take();
    await order(world, { dependencyToken: 'orders' });
    expect(world.doorbell.take()).toEqual([]);
  });

  it('may be sent sixteen times at once: one job, and one order that made it', async () => {
    const world = aCounter();
    const created = await Promise.all(
      Array.from({ length: 16 }, () => order(world, { dependencyToken: 'orders' })),
    );
    expect(created.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect([world.jobs.rows().length, world.jobs.linksOf('orders').length]).toEqual([1, 1]);
  });

  it('has a timer again if it waits for a near date', async () => {
    const world = aCounter();
    await order(world, { postponeUntil: at(60_000) });
    await order(world, { postponeUntil: at(60_000) });
    expect(world.timers.timers).toHaveLength(2);
  });
});

describe('what an order keeps beside its row', () => {
  const LARGE = 'x'.repeat(500);

  it('is not touched by another order that wants the same id, and nothing of that one stays', async () => {
    const world = aCounter();
    const { job } = await order(world, { input: LARGE, name: LARGE.slice(0, 200) });
    const kept = world.details.partsOf(CHOSEN);
    world.clock.advance(5);
    await expect(order(world, { input: `${LARGE}y` })).rejects.toMatchObject({ code: 'Conflict' });
    expect([await world.details.getInput(job), world.details.partsOf(CHOSEN)]).toEqual([LARGE, kept]);
  });

  it.each([0, 5])('is kept once, however often the order is sent: %d ms later', async (ms) => {
    const world = aCounter();
    const { job } = await order(world, { input: LARGE });
    const kept = world.details.partsOf(CHOSEN);
    world.clock.advance(ms);
    await order(world, { input: LARGE });
    expect([await world.details.getInput(job), world.details.partsOf(CHOSEN)]).toEqual([LARGE, kept]);
  });
});

describe('an id of our own that is taken, which cannot be', () => {
  it('is an error, not somebody else’s job', async () => {
    const world = { ...aCounter(), newId: () => CHOSEN };
    await createJob(ORDER, OPERATOR, world);
    await expect(createJob(ORDER, OPERATOR, world)).rejects.toMatchObject({ code: 'JobExists' });
  });
});

describe('an id that another job had a moment ago', () => {
  it('is a conflict: nobody can say any more whether it was the same order', async () => {
    const world = aCounter();
    world.jobs.insert = (job) => Promise.reject(new JobExists(job.jobId, undefined));
    await expect(order(world)).rejects.toThrow(`There is another job with the id ${CHOSEN}`);
  });
});

describe('an order that is refused for another with its id', () => {
  it('leaves nothing behind, be only its texts too long for the row', async () => {
    const world = aCounter();
    await order(world);
    world.clock.advance(5);
    const kept = world.details.partsOf(CHOSEN);
    await expect(order(world, { description: 'd'.repeat(900) })).rejects.toThrow('another order');
    expect(world.details.partsOf(CHOSEN)).toEqual(kept);
  });
});

describe('a job that was run before its creator looks whether to ring', () => {
  it('needs no ring, and that is no failure', async () => {
    const world = aCounter();
    world.jobs.head = async () => undefined;
    await order(world, { dependencyToken: 'orders' });
    expect([world.doorbell.rings, world.logged]).toEqual([[], []]);
  });
});

describe('two inputs that are alike to a careless eye', () => {
  it.each<[string, NewJob['input'], NewJob['input']]>([
    ['other items', [1, 2], [1, 3]],
    ['items that run together', [1, 2], [12]],
    ['another order of items', ['a', 'b'], ['b', 'a']],
    ['null and its word', null, 'null'],
    ['a list and its only item', [1], 1],
    ['an empty list and an empty object', [], {}],
    ['a null within', { to: null }, {}],
    ['deeper down', { a: [{ b: [1] }] }, { a: [{ b: [2] }] }],
  ])('are two orders: %s', async (_what, one, other) => {
    const world = aCounter();
    await order(world, { input: one });
    expect((await order(world, { input: one })).isNew).toBe(false);
    await expect(order(world, { input: other })).rejects.toMatchObject({ code: 'Conflict' });
  });
});
