import { describe, expect, it } from '@jest/globals';
import { placeInLine, placeJob } from '../../../shared/service/place-job.ts';
import { type LineEntry, TailAhead } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { aWorld, put } from '../../support/a-world.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const anEntry = (sequence: number): LineEntry => ({
  job: { ...aJob(), sequence, dependencyToken: 'orders' },
  lane: 'bulk',
});
const FIRST = NOON * 2_048;

describe('a job without a token', () => {
  it('stands in no line', async () => {
    const world = aWorld();
    const job = aJob();
    expect(await placeJob(job, 'bulk', world)).toBe(job);
    expect(world.jobs.rows()).toEqual([job]);
  });
});

describe('a place in line', () => {
  it('is that of the sequence where nobody was faster', async () => {
    const world = aWorld();
    const [placed] = await placeInLine([anEntry(FIRST)], world);
    expect([placed?.job.sequence, world.jobs.watchAtOf('orders')]).toEqual([FIRST, at(60_000)]);
  });

  it('is behind the tail where somebody was faster, also for several at once', async () => {
    const world = aWorld();
    put(aJob({ dependencyToken: 'orders', sequence: FIRST + 99_999_999 }), world);
    const placed = await placeInLine([anEntry(FIRST), anEntry(FIRST + 1)], world);
    expect(placed.map(({ job }) => job.sequence - FIRST)).toEqual([100_000_000, 100_000_001]);
  });

  it('is one of our own clock where that is ahead of the tail by now', async () => {
    const world = aWorld();
    put(aJob({ dependencyToken: 'orders', sequence: FIRST }), world);
    world.clock.advance(10);
    const [placed] = await placeInLine([anEntry(FIRST)], world);
    expect(placed?.job.sequence).toBe((NOON + 10) * 2_048);
  });
});

/** A line in which others are always faster. */
class CrowdedStore extends MemoryJobStore {
  turns = 0;
  readonly #free: number;

  constructor(free: number) {
    super();
    this.#free = free;
  }

  override async append(entries: readonly LineEntry[], watchAt: string): Promise<void> {
    if (++this.turns < this.#free) throw new TailAhead(FIRST + this.turns * 1_000);
    return super.append(entries, watchAt);
  }
}

const crowded = (free: number) => {
  const jobs = new CrowdedStore(free);
  const slept: number[] = [];
  const sleep = async (ms: number): Promise<void> => void slept.push(ms);
  return { world: { ...aWorld(), jobs, chains: jobs, sleep }, slept, jobs };
};

describe('many creators at one token', () => {
  it('take turns, with longer and longer pauses', async () => {
    const { world, slept, jobs } = crowded(20);
    const [placed] = await placeInLine([anEntry(FIRST)], world);
    expect([jobs.turns, placed?.job.sequence]).toEqual([20, FIRST + 19_001]);
    expect(slept).toEqual([1, 2, 4, 8, 16, 32, 64, ...Array.from({ length: 11 }, () => 125)]);
  });

  it('say so when it takes too long: nothing was kept, and it can be sent again', async () => {
    const { world, jobs } = crowded(1_000);
    await expect(placeInLine([anEntry(FIRST)], world)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('Too many jobs are being created for this token at once.'),
    });
    expect([jobs.turns, jobs.rows()]).toEqual([40, []]);
  });

  it('fail at once where the tables do not answer', async () => {
    const { world, jobs } = crowded(0);
    jobs.append = () => Promise.reject(new Error('Throttled.'));
    await expect(placeInLine([anEntry(FIRST)], world)).rejects.toThrow('Throttled.');
  });
});
