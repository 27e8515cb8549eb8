import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../shared/job/json.ts';
import { type JobPages, pagesFrom } from '../../../shared/service/job-pages.ts';
import type { JobDetails } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob } from '../../support/a-job.ts';

export interface ListStore {
  readonly pages: JobPages;
  readonly details: JobDetails;
}

/** Texts that no packing makes small. */
const random = (bytes: number): string => {
  let state = 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length: bytes }, () => String.fromCharCode(33 + (next() % 90))).join('');
};

/** What every store of pages must do. */
export function jobPagesSuite(freshStore: () => Promise<ListStore>): void {
  let pages: JobPages;
  let details: JobDetails;
  beforeAll(async () => {
    ({ pages, details } = await freshStore());
  });

  describe('a page of a list', () => {
    it.each<[string, Json[]]>([
      ['without lines', []],
      ['of all kinds of lines', [null, 'Zürich 日本 😀', { a: [1, { b: '\u0000' }] }, 0.1]],
      ['of 1,000 lines', Array.from({ length: 1_000 }, (_, n) => ({ jobId: `job-${n}`, outcome: 'done' }))],
      ['too large for an item', Array.from({ length: 8 }, () => random(64 * 1024))],
    ])('%s comes back as it was written', async (_what, lines) => {
      const job = aRunningJob();
      await pages.put(job, 'items', 0, lines);
      expect(await pages.get(job, 'items', 0)).toEqual(lines);
    });

    it('that was not written is none, and not one without lines', async () => {
      const job = aRunningJob();
      await pages.put(job, 'items', 1, [1]);
      expect([await pages.get(job, 'items', 0), await pages.get(job, 'export-items', 1)]).toEqual([
        undefined,
        undefined,
      ]);
      expect(await pages.get(aJob(), 'items', 1)).toBeUndefined();
    });

    it('is overwritten by the same worker and its successors, and not by one that was replaced', async () => {
      const large = [random(600 * 1024)];
      for (const [old, latest] of [
        [[1], [2]],
        [large, [2]],
        [[1], large],
      ] as const) {
        const job = aJob();
        await pages.put({ ...job, claimNumber: 1 }, 'items', 7, old);
        await pages.put({ ...job, claimNumber: 2 }, 'items', 7, latest);
        await expect(pages.put({ ...job, claimNumber: 1 }, 'items', 7, old)).rejects.toMatchObject({
          code: 'TransitionRefused',
        });
        expect(await pages.get(job, 'items', 7)).toEqual(latest);
      }
    });

    it('belongs to one creation of a job: another one under the same id has none', async () => {
      const job = aRunningJob({ requestHash: 'one' });
      await pages.put(job, 'items', 0, [1]);
      expect(await pages.get({ ...job, requestHash: 'other' }, 'items', 0)).toBeUndefined();
    });

    it('goes with the details of its job, small or large; that of others stays', async () => {
      const [job, other] = [aRunningJob(), aRunningJob()];
      for (const [page, lines] of [[1], [random(600 * 1024)]].entries())
        await pages.put(job, 'items', page, lines);
      await pages.put(other, 'items', 0, ['stays']);
      await details.removeAll(job);
      expect([await pages.get(job, 'items', 0), await pages.get(job, 'items', 1)]).toEqual([
        undefined,
        undefined,
      ]);
      expect(await pages.get(other, 'items', 0)).toEqual(['stays']);
    });
  });

  describe('the pages of a list', () => {
    it.each([0, 1, 16, 33])('come in order, up to one without lines: %d of them', async (count) => {
      const job = aRunningJob();
      for (let page = 0; page < count; page++) await pages.put(job, 'items', page, [page]);
      await pages.put(job, 'items', count, []);
      await pages.put(job, 'items', count + 1, ['left by an earlier try']);
      const seen: Json[] = [];
      for await (const { lines } of pagesFrom(0, (page) => pages.get(job, 'items', page)))
        seen.push(...lines);
      expect(seen).toEqual(Array.from({ length: count }, (_, page) => page));
    });
  });
}
