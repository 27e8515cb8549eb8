import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { type History, OLDEST } from '../../../shared/service/history.ts';
import { byAge, type Chains, type JobStore, type TimelineEntry } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const DAY_MS = 24 * 3_600_000;
const EVER = Number.MAX_SAFE_INTEGER;

export interface Past {
  readonly jobs: JobStore;
  readonly chains: Chains;
  readonly history: History;
}

const over = (facts: Partial<Job> = {}): Job => {
  const { watchAt: _none, ...job } = aJob({ statusCode: Status.Succeeded, completedOn: at(), ...facts });
  return job;
};
const entryOf = ({ sequence, jobId }: Job): TimelineEntry => ({ sequence, jobId });

/** Jobs of several days, some in the same millisecond, some with the very same sequence. */
const JOBS: readonly Job[] = [-400, -31, -1, 0, 0, 3].flatMap((day, burst) =>
  Array.from({ length: 11 }, (_, n) =>
    over({ sequence: sequenceAt(NOON + day * DAY_MS + burst) + Math.floor(n / 2) }),
  ),
);
const ALL = JOBS.map(entryOf).toSorted((a, b) => byAge(b, a));

const inLine = async ({ chains, jobs }: Past, token: string) => {
  const job = { ...aJob(), dependencyToken: token };
  await chains.append([{ job, lane: 'bulk' }], at());
  return { job, jobs };
};

/** The past of a store of jobs: what the purge walks and takes away. */
export function historySuite(fresh: () => Promise<Past>): void {
  let filled: Promise<Past> | undefined;
  const filledPast = (): Promise<Past> =>
    (filled ??= fresh().then(async (past) => {
      for (const job of JOBS) await past.jobs.insert(job);
      return past;
    }));

  describe('the past', () => {
    it('is oldest first, over days and partitions', async () => {
      const { history } = await filledPast();
      expect(await history.oldest({ after: OLDEST, upTo: EVER, limit: 1_000 })).toEqual(ALL);
    });

    it('goes on strictly behind any of its entries, also where two share a sequence', async () => {
      const { history } = await filledPast();
      for (const [index, after] of ALL.entries()) {
        expect(await history.oldest({ after, upTo: EVER, limit: 5 })).toEqual(
          ALL.slice(index + 1, index + 6),
        );
      }
    });

    it('ends at the highest sequence of interest, and holds it', async () => {
      const { history } = await filledPast();
      for (const { sequence: upTo } of ALL.filter((_, index) => index % 7 === 0)) {
        const entries = await history.oldest({ after: OLDEST, upTo, limit: 1_000 });
        expect(entries).toEqual(ALL.filter(({ sequence }) => sequence <= upTo));
      }
    });

    it('is counted, all of it and any part', async () => {
      const { history } = await filledPast();
      expect(await history.count({ from: 0, to: EVER })).toBe(ALL.length);
      const [from = 0, to = 0] = [ALL[5]?.sequence, ALL[40]?.sequence];
      const within = ALL.filter(({ sequence }) => sequence >= from && sequence <= to).length;
      expect(await history.count({ from, to })).toBe(within);
      expect(await history.count({ from: to, to: from })).toBe(0);
    });

    it('of a store without jobs is empty', async () => {
      const { history } = await fresh();
      expect(await history.oldest({ after: OLDEST, upTo: EVER, limit: 9 })).toEqual([]);
      expect([await history.count({ from: 0, to: EVER }), await history.countOpen()]).toEqual([0, 0]);
    });
  });

  describe('open jobs', () => {
    it('are counted, those of tokens too, and completed ones are not', async () => {
      const { jobs, chains, history } = await fresh();
      for (const job of [aJob(), aJob({ statusCode: Status.Waiting }), over()]) await jobs.insert(job);
      const job = { ...aJob(), dependencyToken: 'orders' };
      await chains.append([{ job, lane: 'bulk' }], at());
      expect(await history.countOpen()).toBe(3);
    });
  });

  describe('rows that are taken away', () => {
    it('are gone, any number of them, and are no part of the past any more', async () => {
      const { jobs, history } = await fresh();
      const going = Array.from({ length: 60 }, (_, n) => over(n % 3 === 0 ? { requestHash: 'hash' } : {}));
      const kept = over();
      for (const job of [...going, kept]) await jobs.insert(job);
      expect(await history.removeRows(going)).toBe(60);
      expect(await history.oldest({ after: OLDEST, upTo: EVER, limit: 99 })).toEqual([entryOf(kept)]);
      expect(await jobs.getAll(going.map(({ jobId }) => jobId))).toEqual([]);
    });

    it('may be gone already', async () => {
      const { history } = await fresh();
      await history.removeRows([over()]);
      expect(
        await history.removeRows([over({ requestHash: 'hash' }), over({ isPlatformGenerated: true })]),
      ).toBe(0);
    });

    it.each<[string, Partial<Job>]>([
      ['an id that its client chose', { requestHash: 'hash' }],
      ['the id of a turn', { isPlatformGenerated: true }],
    ])('are not others that came under %s meanwhile', async (_whose, facts) => {
      const { jobs, history } = await fresh();
      const read = over(facts);
      const anew = aJob({ jobId: read.jobId, sequence: read.sequence + 1, ...facts });
      await jobs.insert(anew);
      expect(await history.removeRows([read])).toBe(0);
      expect(await jobs.get(read.jobId)).toEqual(anew);
    });
  });

  describe('the tail of a token', () => {
    it('goes when its line is empty and nobody watches it, and the token begins anew', async () => {
      const past = await fresh();
      const { chains, history } = past;
      const { job } = await inLine(past, 'orders');
      await chains.removeOrphan({ token: 'orders', sequence: job.sequence, jobId: job.jobId, lane: 'bulk' });
      expect(await chains.watch({ token: 'orders', watchAt: at() }, { tail: job.sequence })).toBe(true);
      expect(await history.forgetTokens(['orders', 'orders', 'never used'], job.sequence)).toBe(1);
      expect(await chains.tail('orders')).toBe(0);
      await inLine(past, 'orders');
      expect(await chains.tail('orders')).toBeGreaterThan(0);
    });

    it('stays while it is watched', async () => {
      const past = await fresh();
      const { job } = await inLine(past, 'orders');
      expect(await past.history.forgetTokens(['orders'], job.sequence)).toBe(0);
      expect(await past.chains.tail('orders')).toBe(job.sequence);
    });

    it('stays while it has given out a sequence above those that go', async () => {
      const past = await fresh();
      const { job } = await inLine(past, 'orders');
      await past.chains.watch({ token: 'orders', watchAt: at() }, { tail: job.sequence });
      expect(await past.history.forgetTokens(['orders'], job.sequence - 1)).toBe(0);
      expect(await past.chains.tail('orders')).toBe(job.sequence);
    });
  });
}
