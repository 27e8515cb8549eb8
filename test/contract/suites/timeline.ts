import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../shared/job/job.ts';
import { remove } from '../../../shared/job/person-transitions.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { byAge, type JobStore, type TimelineEntry } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const NEWEST: TimelineEntry = { sequence: Number.MAX_SAFE_INTEGER, jobId: '' };
const DAY_MS = 24 * 3_600_000;

const entryOf = ({ sequence, jobId }: Job): TimelineEntry => ({ sequence, jobId });

/** Jobs of several days, some in the same millisecond, some with the very same sequence. */
const JOBS: readonly Job[] = [-400, -31, -2, -1, 0, 0, 0, 3].flatMap((day, burst) =>
  Array.from({ length: 12 }, (_, n) =>
    aJob({ sequence: sequenceAt(NOON + day * DAY_MS + burst) + Math.floor(n / 2) }),
  ),
);
const ALL: readonly TimelineEntry[] = JOBS.map(entryOf).toSorted(byAge);

/** The timeline of a store of jobs: what lists walk. */
export function timelineSuite(freshStore: () => Promise<JobStore>): void {
  let filled: Promise<JobStore> | undefined;
  const aFilledStore = (): Promise<JobStore> =>
    (filled ??= freshStore().then(async (store) => {
      await Promise.all(JOBS.map((job) => store.insert(job)));
      return store;
    }));

  describe('the timeline', () => {
    it('is newest first, over days and partitions', async () => {
      const store = await aFilledStore();
      expect(await store.timeline({ before: NEWEST, limit: 1_000 })).toEqual(ALL);
    });

    it('gives as many as asked for, and fewer only at its end', async () => {
      const store = await aFilledStore();
      const counts = [1, 13, ALL.length - 1, ALL.length, ALL.length + 1].map(async (limit) => {
        const entries = await store.timeline({ before: NEWEST, limit });
        return entries.length;
      });
      expect(await Promise.all(counts)).toEqual([1, 13, ALL.length - 1, ALL.length, ALL.length]);
    });

    it('goes on strictly behind any of its entries, also where two share a sequence', async () => {
      const store = await aFilledStore();
      for (const [index, before] of ALL.entries()) {
        expect(await store.timeline({ before, limit: 7 })).toEqual(ALL.slice(index + 1, index + 8));
      }
    });

    it('gives every job once, page by page, whatever the size of the pages', async () => {
      const store = await aFilledStore();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 2, max: 40 }), { minLength: 60, maxLength: 60 }),
          async (sizes) => {
            const seen: TimelineEntry[] = [];
            for (const limit of sizes) {
              const page = await store.timeline({ before: seen.at(-1) ?? NEWEST, limit });
              seen.push(...page);
              if (page.length < limit) break;
            }
            expect(seen).toEqual(ALL);
          },
        ),
        { numRuns: 10 },
      );
    });

    it('ends at the lowest sequence of interest, and holds it', async () => {
      const store = await aFilledStore();
      for (const { sequence: notBefore } of ALL.filter((_, index) => index % 11 === 0)) {
        const entries = await store.timeline({ before: NEWEST, notBefore, limit: 1_000 });
        expect(entries).toEqual(ALL.filter(({ sequence }) => sequence >= notBefore));
      }
    });

    it('is empty where its end lies behind its beginning', async () => {
      const store = await aFilledStore();
      const [newest = NEWEST] = ALL;
      expect(await store.timeline({ before: newest, notBefore: newest.sequence + 1, limit: 9 })).toEqual([]);
      expect(await store.timeline({ before: { sequence: -1, jobId: '' }, limit: 9 })).toEqual([]);
    });

    it('of a store without jobs is empty', async () => {
      const store = await freshStore();
      expect(await store.timeline({ before: NEWEST, limit: 9 })).toEqual([]);
    });

    it('does not show a job that was removed', async () => {
      const store = await freshStore();
      const [kept, gone] = [aJob(), aJob()];
      await store.insert(kept);
      await store.insert(gone);
      await store.remove(remove(gone, { now: at(), by: 'olga' }));
      expect(await store.timeline({ before: NEWEST, limit: 9 })).toEqual([entryOf(kept)]);
    });
  });
}
