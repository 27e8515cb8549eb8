import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { LOG_SLOTS, type LogStore } from '../../../shared/service/log-store.ts';
import type { JobDetails } from '../../../shared/service/ports.ts';
import { aRunningJob, at } from '../../support/a-job.ts';
import { aLogHouse, downwards, numbersOf, textsOf, upTo, upwards } from '../../support/a-log.ts';

interface Stores {
  readonly logs: LogStore;
  readonly details: JobDetails;
}

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);
const chunk = (first: number, length = 10) => ({ first, count: 5, packed: bytes(length), most: 1_000 });
const by = (job: Job, claimNumber: number): Job => ({ ...job, claimNumber });
const ALL = { from: 1, to: Number.MAX_SAFE_INTEGER } as const;

/** What every store of logs must do. */
export function logsSuite(fresh: () => Promise<Stores>): void {
  let logs: LogStore;
  let details: JobDetails;
  beforeAll(async () => {
    ({ logs, details } = await fresh());
  });

  describe('a job without a log', () => {
    it('has no pages and no segments', async () => {
      const job = aRunningJob();
      expect(await logs.pages(job)).toEqual([]);
      expect(await logs.segments(job, { ...ALL, order: 'up', limit: 5 })).toEqual([]);
    });
  });

  describe('a page', () => {
    it('comes back as it was put, and another one takes its place', async () => {
      const job = aRunningJob();
      await logs.putPage(job, 3, chunk(1));
      await logs.putPage(job, 3, chunk(9, 8_000));
      await logs.putPage(job, 0, { first: 20, count: 1, packed: bytes(1) });
      expect(await logs.pages(job)).toEqual([
        { slot: 0, claimNumber: 1, first: 20, count: 1, packed: bytes(1) },
        { slot: 3, claimNumber: 1, ...chunk(9, 8_000) },
      ]);
    });

    it('is not overwritten by a worker that was replaced, but by its successors', async () => {
      const job = aRunningJob();
      await logs.putPage(by(job, 2), 0, chunk(1));
      await expect(logs.putPage(by(job, 1), 0, chunk(6))).rejects.toMatchObject({
        code: 'TransitionRefused',
      });
      await logs.putPage(by(job, 3), 0, chunk(11));
      expect((await logs.pages(job)).map(({ first, claimNumber }) => [first, claimNumber])).toEqual([
        [11, 3],
      ]);
    });

    it('may lie in each of the slots', async () => {
      const job = aRunningJob();
      for (let slot = 0; slot < LOG_SLOTS; slot++) await logs.putPage(job, slot, chunk(1 + 5 * slot, 8_000));
      expect((await logs.pages(job)).map(({ slot }) => slot)).toEqual(
        Array.from({ length: LOG_SLOTS }, (_, n) => n),
      );
    });
  });

  describe('segments', () => {
    it('are found by their first lines, in either order, some at a time', async () => {
      const job = aRunningJob();
      for (const first of [1, 9, 10, 99, 100, 1_000_000]) await logs.putSegment(job, chunk(first, 300_000));
      const firsts = async (range: Parameters<LogStore['segments']>[1]) =>
        (await logs.segments(job, range)).map(({ first }) => first);
      expect(await firsts({ ...ALL, order: 'up', limit: 9 })).toEqual([1, 9, 10, 99, 100, 1_000_000]);
      expect(await firsts({ ...ALL, order: 'down', limit: 2 })).toEqual([1_000_000, 100]);
      expect(await firsts({ from: 10, to: 99, order: 'up', limit: 9 })).toEqual([10, 99]);
      expect(await firsts({ from: 1, to: 98, order: 'down', limit: 1 })).toEqual([10]);
      expect(await firsts({ from: 11, to: 98, order: 'up', limit: 9 })).toEqual([]);
      expect(await firsts({ from: 11, to: 10, order: 'up', limit: 9 })).toEqual([]);
    });

    it('have their lines, until they are dropped', async () => {
      const job = aRunningJob();
      await logs.putSegment(job, chunk(1, 300_000));
      const [segment] = await logs.segments(job, { ...ALL, order: 'up', limit: 1 });
      if (segment === undefined) throw new Error('There is one.');
      expect(segment).toMatchObject({ first: 1, count: 5, most: 1_000, claimNumber: 1 });
      expect(Buffer.compare((await logs.readSegment(segment)) ?? bytes(0), bytes(300_000))).toBe(0);
      await logs.dropSegment(job, segment);
      await logs.dropSegment(job, segment);
      expect(await logs.readSegment(segment)).toBeUndefined();
      expect(await logs.segments(job, { ...ALL, order: 'up', limit: 1 })).toEqual([]);
    });

    it('are not overwritten by a worker that was replaced, but by its successors, who leave no lines of it', async () => {
      const job = aRunningJob();
      await logs.putSegment(by(job, 2), chunk(1));
      const [second] = await logs.segments(job, { ...ALL, order: 'up', limit: 1 });
      await expect(logs.putSegment(by(job, 1), chunk(1))).rejects.toMatchObject({
        code: 'TransitionRefused',
      });
      await logs.putSegment(by(job, 3), chunk(1, 77));
      const [third] = await logs.segments(job, { ...ALL, order: 'up', limit: 1 });
      if (second === undefined || third === undefined) throw new Error('There are two.');
      expect(await logs.readSegment(second)).toBeUndefined();
      expect(await logs.readSegment(third)).toEqual(bytes(77));
    });
  });

  describe('a log', () => {
    it('goes with the details of its job, segments and all, and no other goes', async () => {
      const [job, other] = [aRunningJob({ requestHash: 'one' }), aRunningJob()];
      for (const each of [job, other]) {
        await logs.putPage(each, 0, chunk(6));
        await logs.putSegment(each, chunk(1));
      }
      const [segment] = await logs.segments(job, { ...ALL, order: 'up', limit: 1 });
      if (segment === undefined) throw new Error('There is one.');
      await details.removeAll(job);
      expect([await logs.pages(job), await logs.readSegment(segment)]).toEqual([[], undefined]);
      expect([(await logs.pages(other)).length, (await upwardsOf(other)).length]).toEqual([1, 1]);
    });

    it('belongs to one creation of a job: another one with its id begins at nothing', async () => {
      const job = aRunningJob({ jobId: 'chosen', requestHash: 'one' });
      await logs.putPage(job, 0, chunk(1));
      expect(await logs.pages({ ...job, createdOn: at(1) })).toEqual([]);
    });

    it('is the same from either end, over claims, long and short ones', async () => {
      const { writerOf } = aLogHouse({ logs });
      const job = aRunningJob();
      let said = 0;
      for (const [claim, lines] of [5, 60, 700, 3, 2_500, 40, 2_000, 1].entries()) {
        const writer = writerOf(job, claim + 1);
        for (let n = 1; n <= lines; n++) writer.add('info', `Zeile ${++said}: 日本 😀 "\u0000`);
        await writer.close();
      }
      const lines = await upwards(job, logs);
      expect(numbersOf(lines)).toEqual(upTo(said));
      expect(textsOf(lines)).toEqual(upTo(said).map((n) => `Zeile ${n}: 日本 😀 "\u0000`));
      expect(await downwards(job, logs)).toEqual(lines.toReversed());
    });
  });

  const upwardsOf = (job: Job) => logs.segments(job, { ...ALL, order: 'up', limit: 9 });
}
