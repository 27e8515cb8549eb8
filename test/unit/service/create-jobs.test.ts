import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { type BatchOrder, createJobs } from '../../../shared/service/create-jobs.ts';
import type { BatchAnswer } from '../../../shared/service/place-batch.ts';
import type { LineEntry } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, theJob, type World } from '../../support/a-world.ts';
import { OPERATOR, READER } from '../../support/callers.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';

const chosen = (n: number): string => idOf(900_000 + n);

const anOrder = (facts: Partial<BatchOrder['order']> = {}, chosenId?: string): BatchOrder => ({
  order: { operation: 'count-to', input: { to: 3 }, ...facts },
  chosenId,
});
const inLine = (n: number, token = 'orders'): BatchOrder =>
  anOrder({ dependencyToken: token, input: n }, chosen(n));
const many = (count: number, order: (n: number) => BatchOrder): BatchOrder[] =>
  Array.from({ length: count }, (_, n) => order(n));

const create = (world: World, ...orders: BatchOrder[]) => createJobs(orders, OPERATOR, world);
const aCounter = () => aWorld(anOperation());

const wordOf = (answer: BatchAnswer): string => {
  if ('refused' in answer) return answer.refused.code;
  return answer.isNew ? 'new' : 'there';
};
const jobOf = (answer: BatchAnswer | undefined): Job => {
  if (answer === undefined || 'refused' in answer) throw new Error('This order was refused.');
  return answer.job;
};

describe('a batch of orders', () => {
  it('makes a job of each, a thousand of them, answered in their order', async () => {
    const world = aCounter();
    const orders = many(1_000, (n) => anOrder({ name: `Job ${n}` }));
    const answers = await create(world, ...orders);
    expect(answers.map((answer) => jobOf(answer).name)).toEqual(orders.map(({ order }) => order.name));
    for (const answer of answers) expect(await theJob(jobOf(answer).jobId, world)).toEqual(jobOf(answer));
    expect([world.doorbell.rings.length, world.logged]).toEqual([1_000, []]);
  });

  it('gives sequences in its order', async () => {
    const answers = await create(aCounter(), ...many(40, (n) => (n % 2 === 0 ? anOrder() : inLine(n))));
    const sequences = answers.map((answer) => jobOf(answer).sequence);
    expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
  });

  it('may be empty', async () => {
    expect(await create(aCounter())).toEqual([]);
  });

  it('refuses those that are wrong, and no others', async () => {
    const world = aCounter();
    const answers = await create(
      world,
      anOrder(),
      anOrder({ operation: 'gone' }),
      inLine(1),
      anOrder({ inputBlobId: chosen(7) }),
      inLine(2),
    );
    expect(answers.map(wordOf)).toEqual(['new', 'InvalidInput', 'new', 'InvalidInput', 'new']);
    expect(world.jobs.rows()).toHaveLength(3);
  });

  it('refuses all of a caller who may not order', async () => {
    const answers = await createJobs([anOrder(), inLine(1)], READER, aCounter());
    expect(answers.map(wordOf)).toEqual(['NotAllowed', 'NotAllowed']);
  });
});

describe('the orders of a token in a batch', () => {
  it('stand in line in their order, however many, and only the head is rung for', async () => {
    const world = aCounter();
    const answers = await create(world, ...many(60, (n) => inLine(n)));
    expect(world.jobs.linksOf('orders').map(({ jobId }) => jobId)).toEqual(
      many(60, inLine).map(({ chosenId }) => chosenId),
    );
    expect(world.doorbell.rings).toEqual([{ jobId: chosen(0), token: 'orders', lane: 'bulk' }]);
    expect(answers.map(wordOf)).toEqual(Array.from({ length: 60 }, () => 'new'));
  });

  it('stand behind those that were there: then nobody is rung for', async () => {
    const world = aCounter();
    put(aJob({ dependencyToken: 'orders', sequence: 1 }), world);
    await create(world, ...many(30, (n) => inLine(n)));
    expect(world.doorbell.rings).toEqual([]);
    expect(world.jobs.linksOf('orders')).toHaveLength(31);
  });

  it('do not wait for those of other tokens', async () => {
    const world = aCounter();
    await create(world, ...many(30, (n) => inLine(n, `token ${n % 3}`)));
    expect(world.doorbell.rings.map(({ token }) => token)).toEqual(['token 0', 'token 1', 'token 2']);
  });

  it('take sequences above those that others have given out meanwhile', async () => {
    const world = aCounter();
    const ahead = put(aJob({ dependencyToken: 'orders', sequence: Number.MAX_SAFE_INTEGER - 99 }), world);
    const answers = await create(world, ...many(3, (n) => inLine(n)));
    expect(answers.map((answer) => jobOf(answer).sequence)).toEqual([1, 2, 3].map((n) => ahead.sequence + n));
  });

  it('of which the first is postponed to a near date have its timer, and no ring', async () => {
    const world = aCounter();
    await create(world, anOrder({ dependencyToken: 'orders', postponeUntil: at(60_000) }), inLine(1));
    expect([world.timers.timers.length, world.doorbell.rings]).toEqual([1, []]);
  });
});

describe('a batch that is sent again', () => {
  const ORDERS = [...many(55, (n) => inLine(n)), ...many(5, (n) => anOrder({}, chosen(100 + n)))];

  it('is answered with the same jobs, and writes none', async () => {
    const world = aCounter();
    const first = await create(world, ...ORDERS);
    const rows = world.jobs.rows();
    const second = await create(world, ...ORDERS);
    expect(second.map(wordOf)).toEqual(ORDERS.map(() => 'there'));
    expect(second.map(jobOf)).toEqual(first.map(jobOf));
    expect([world.jobs.rows(), world.jobs.linksOf('orders').length]).toEqual([rows, 55]);
  });

  it('is answered from a read: nothing is tried but its three transactions', async () => {
    const world = aCounter();
    await create(world, ...ORDERS.slice(0, 55));
    let writes = 0;
    const append = world.jobs.append.bind(world.jobs);
    world.jobs.append = (entries, watchAt) => {
      writes++;
      return append(entries, watchAt);
    };
    expect((await create(world, ...ORDERS.slice(0, 55))).map(wordOf)).toEqual(Array(55).fill('there'));
    expect(writes).toBe(3);
  });

  it('after its read failed is refused, and can be sent once more', async () => {
    const world = aCounter();
    await create(world, ...ORDERS.slice(0, 3));
    world.jobs.getAll = () => Promise.reject(new Error('Throttled.'));
    expect((await create(world, ...ORDERS.slice(0, 3))).map(wordOf)).toEqual(Array(3).fill('Unavailable'));
  });

  it('rings for what waits again: head and free ones', async () => {
    const world = aCounter();
    await create(world, ...ORDERS);
    world.doorbell.take();
    await create(world, ...ORDERS);
    const rung = world.doorbell.take().map(({ jobId }) => jobId);
    expect(rung.toSorted()).toEqual([
      chosen(0),
      ...many(5, (n) => anOrder({}, chosen(100 + n))).map(({ chosenId }) => chosenId),
    ]);
  });

  it('after only a part of it was kept is completed, in its order', async () => {
    const world = aCounter();
    await create(world, ...ORDERS.slice(0, 30));
    const answers = await create(world, ...ORDERS);
    expect(answers.map(wordOf)).toEqual(ORDERS.map((_, n) => (n < 30 ? 'there' : 'new')));
    expect(world.jobs.linksOf('orders').map(({ jobId }) => jobId)).toEqual(
      ORDERS.slice(0, 55).map(({ chosenId }) => chosenId),
    );
  });

  it('refuses an order that another body had the id of, and keeps nothing of it', async () => {
    const world = aCounter();
    await create(world, inLine(1), inLine(2));
    const kept = world.details.partsOf(chosen(1));
    world.clock.advance(5);
    const changed = anOrder({ dependencyToken: 'orders', input: 'x'.repeat(500) }, chosen(1));
    expect((await create(world, changed, inLine(2), inLine(3))).map(wordOf)).toEqual([
      'Conflict',
      'there',
      'new',
    ]);
    expect(world.details.partsOf(chosen(1))).toEqual(kept);
  });

  it('rings for a new one whose fellow of the same token is over', async () => {
    const world = aCounter();
    await create(world, inLine(1));
    await hear({ jobId: chosen(1), token: 'orders', lane: 'bulk' }, world);
    world.doorbell.take();
    await create(world, inLine(1), inLine(2));
    expect(world.doorbell.take()).toEqual([{ jobId: chosen(2), token: 'orders', lane: 'bulk' }]);
  });
});

describe('the same id twice in a batch', () => {
  it.each([
    ['in line', inLine(1)],
    ['free', anOrder({}, chosen(1))],
  ])('is one job: %s', async (_where, order) => {
    const world = aCounter();
    const answers = await create(world, order, order);
    expect(answers.map(wordOf).toSorted()).toEqual(['new', 'there']);
    expect(world.jobs.rows()).toHaveLength(1);
  });

  it('with two bodies is one job and a conflict', async () => {
    const world = aCounter();
    const other = anOrder({ dependencyToken: 'orders', input: 'another' }, chosen(1));
    expect((await create(world, inLine(1), other)).map(wordOf)).toEqual(['new', 'Conflict']);
  });
});

describe('a batch whose writes fail', () => {
  class HalfBrokenStore extends MemoryJobStore {
    override async insertAll(jobs: readonly Job[]): Promise<ReadonlySet<string>> {
      return super.insertAll(jobs.filter((_, place) => place % 2 === 0));
    }

    override async append(entries: readonly LineEntry[], watchAt: string): Promise<void> {
      if (entries.some(({ job }) => job.jobId === chosen(30))) throw new Error('Throttled.');
      return super.append(entries, watchAt);
    }
  }
  const aBroken = () => {
    const jobs = new HalfBrokenStore();
    return { ...aCounter(), jobs, chains: jobs };
  };

  it('says which of the free ones were kept, and rings for these', async () => {
    const world = aBroken();
    const answers = await create(world, ...many(4, () => anOrder()));
    expect(answers.map(wordOf)).toEqual(['new', 'Unavailable', 'new', 'Unavailable']);
    expect(world.doorbell.rings).toHaveLength(2);
  });

  it('keeps the other orders of a line, those of one transaction together', async () => {
    const world = aBroken();
    const answers = await create(world, ...many(60, (n) => inLine(n)));
    const words = answers.map(wordOf);
    expect(words.slice(0, 25)).toEqual(Array.from({ length: 25 }, () => 'new'));
    expect(words.slice(25, 50)).toEqual(Array.from({ length: 25 }, () => 'Unavailable'));
    expect(words.slice(50)).toEqual(Array.from({ length: 10 }, () => 'new'));
  });
});

describe('a line that has drained before its head is looked for', () => {
  it('needs no ring, and that is no failure', async () => {
    const world = aCounter();
    world.jobs.head = async () => undefined;
    expect((await create(world, inLine(1))).map(wordOf)).toEqual(['new']);
    expect([world.doorbell.rings, world.logged]).toEqual([[], []]);
  });
});

describe('rings that fail', () => {
  it('are logged: the scan finds the jobs', async () => {
    const world = aCounter();
    world.doorbell.breaks();
    const answers = await create(world, anOrder(), anOrder(), inLine(1));
    expect(answers.map(wordOf)).toEqual(['new', 'new', 'new']);
    expect(world.logged).toMatchObject([
      { text: 'rings failed, the scan will find the jobs', facts: { count: '2' } },
      { text: 'ring failed, the scan will find the job', facts: { jobId: chosen(1) } },
    ]);
    expect(world.jobs.rows().every(({ statusCode }) => statusCode === Status.WaitingForResources)).toBe(true);
  });
});
