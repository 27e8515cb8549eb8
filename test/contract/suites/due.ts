import { describe, expect, it } from '@jest/globals';
import type { JobStore } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { stepOf } from '../../support/all-steps.ts';

/** All pages, as the scan asks for them. */
async function dueIn(store: JobStore, by: string, limit = 100): Promise<string[]> {
  const found: string[] = [];
  let from: string | undefined;
  do {
    const page = await store.due({ by, from, limit });
    expect(page.jobIds.length).toBeLessThanOrEqual(limit);
    found.push(...page.jobIds);
    from = page.next;
  } while (from !== undefined);
  return found;
}

/** The open jobs of a store by when they are to be looked at: what the scan walks. */
export function dueSuite(freshStore: () => Promise<JobStore>): void {
  describe('the jobs to be looked at', () => {
    it('are those whose date has come, each of them once, whatever the size of the pages', async () => {
      const store = await freshStore();
      const jobs = Array.from({ length: 60 }, (_, n) => aJob({ watchAt: at(n) }));
      await store.insertAll(jobs);
      const due = jobs.slice(0, 31).map(({ jobId }) => jobId);
      for (const limit of [1, 7, 100]) {
        expect((await dueIn(store, at(30), limit)).toSorted()).toEqual(due.toSorted());
      }
    });

    it('are none in an empty store', async () => {
      expect(await dueIn(await freshStore(), '9999-12-31T23:59:59.998Z')).toEqual([]);
    });

    it('are looked at by the date of the last step that set one, and never when they are over', async () => {
      const store = await freshStore();
      const [over, scheduled, same] = [
        aRunningJob({ claimNumber: 3 }),
        aJob(),
        aRunningJob({ claimNumber: 3 }),
      ];
      await store.insertAll([over, scheduled, same]);
      await store.make(stepOf('succeed', over));
      await store.make(stepOf('postpone one that waits', scheduled));
      await store.make(stepOf('checkpoint', same));
      expect(await dueIn(store, at(60_000))).toEqual([same.jobId]);
      expect((await dueIn(store, at(10_000_000))).toSorted()).toEqual(
        [scheduled.jobId, same.jobId].toSorted(),
      );
    });
  });
}
