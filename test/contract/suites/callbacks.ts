import { beforeAll, describe, expect, it } from '@jest/globals';
import type { NewCallback } from '../../../shared/service/callback.ts';
import type { JobDetails } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

const LARGE = 'x'.repeat(300 * 1024);

const fresh = (facts: Partial<NewCallback> = {}): NewCallback => ({
  key: 'one',
  secret: 'secret-1',
  deadline: at(60_000),
  ...facts,
});

/** What every store of callbacks must do: of each there is one end, whoever comes when. */
export function callbacksSuite(freshDetails: () => Promise<JobDetails>): void {
  let details: JobDetails;
  beforeAll(async () => {
    details = await freshDetails();
  });

  describe('a callback', () => {
    it('is not there before somebody asks for it', async () => {
      expect(await details.getCallback(aJob())).toBeUndefined();
    });

    it('is the same whenever it is asked for, by later claims too', async () => {
      const job = aRunningJob();
      const first = await details.openCallback(job, fresh());
      expect(first).toEqual({ ...fresh(), claimNumber: 1, isOver: false });
      const again = fresh({ secret: 'secret-2', deadline: at(90_000) });
      expect(await details.openCallback(job, again)).toEqual(first);
      const later = { ...first, claimNumber: 4 };
      expect(await details.openCallback({ ...job, claimNumber: 4 }, again)).toEqual(later);
      expect(await details.getCallback(job)).toEqual(later);
    });

    it('gives way to one of another name, and takes its answer with it', async () => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      await details.answerCallback(job, 'secret-1', LARGE);
      const next = fresh({ key: 'two', secret: 'secret-2' });
      expect(await details.openCallback(job, next)).toEqual({ ...next, claimNumber: 1, isOver: false });
      expect(await details.answerCallback(job, 'secret-1', LARGE)).toEqual({ is: 'none' });
    });

    it.each(['one', 'two'])('is not opened by a worker that was replaced: %s', async (key) => {
      const job = aRunningJob({ claimNumber: 3 });
      const kept = await details.openCallback(job, fresh());
      const late = details.openCallback({ ...job, claimNumber: 2 }, fresh({ key, secret: 'late' }));
      await expect(late).rejects.toMatchObject({ code: 'TransitionRefused' });
      expect(await details.getCallback(job)).toEqual(kept);
    });

    it('of sixteen workers that ask at once is one, and the last of them has it', async () => {
      const job = aJob();
      const asked = Array.from({ length: 16 }, (_, n) =>
        details.openCallback({ ...job, claimNumber: n + 1 }, fresh({ secret: `secret-${n}` })),
      );
      const given = (await Promise.allSettled(asked)).flatMap((one) =>
        one.status === 'fulfilled' ? [one.value.secret] : [],
      );
      expect(new Set(given).size).toBe(1);
      expect(await details.getCallback(job)).toMatchObject({ claimNumber: 16, secret: given[0] });
    });

    it('goes with the job', async () => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      await details.answerCallback(job, 'secret-1', LARGE);
      await details.removeAll(job);
      expect(await details.getCallback(job)).toBeUndefined();
      expect(await details.answerCallback(job, 'secret-1', 1)).toEqual({ is: 'none' });
    });

    it('is none of a later job with the same id', async () => {
      const job = aRunningJob({ requestHash: 'one' });
      await details.openCallback(job, fresh());
      expect(await details.getCallback({ ...job, createdOn: at(1) })).toBeUndefined();
    });
  });

  describe('the answer to a callback', () => {
    it.each([
      ['nothing', null],
      ['an object', { result: { n: 1, text: 'Zürich' } }],
      ['a text that no item can hold', { result: LARGE }],
    ])('is kept and shown: %s', async (_what, answer) => {
      const job = aRunningJob({ claimNumber: 5 });
      await details.openCallback(job, fresh());
      expect(await details.answerCallback(job, 'secret-1', answer)).toEqual({ is: 'kept', claimNumber: 5 });
      const kept = { ...fresh(), claimNumber: 5, isOver: false, answer };
      expect(await details.getCallback(job)).toEqual(kept);
      expect(await details.openCallback(job, fresh())).toEqual(kept);
    });

    it.each([
      ['small', 'another'],
      [LARGE, `${LARGE}${LARGE}`],
    ])('may be given twice, but not another one', async (first, second) => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      const kept = { is: 'kept', claimNumber: 1 };
      expect(await details.answerCallback(job, 'secret-1', first)).toEqual(kept);
      expect(await details.answerCallback(job, 'secret-1', first)).toEqual(kept);
      expect(await details.answerCallback(job, 'secret-1', second)).toEqual({ is: 'another' });
      expect((await details.getCallback(job))?.answer).toBe(first);
    });

    it('is not taken from whoever does not know the secret', async () => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      expect(await details.answerCallback(job, 'secret-2', 1)).toEqual({ is: 'none' });
      expect(await details.answerCallback(aJob(), 'secret-1', 1)).toEqual({ is: 'none' });
      expect(await details.getCallback(job)).not.toHaveProperty('answer');
    });

    it('of sixteen at once is one, and only that is acknowledged', async () => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      const given = await Promise.all(
        Array.from({ length: 16 }, (_, n) => details.answerCallback(job, 'secret-1', n)),
      );
      const kept = given.flatMap(({ is }, n) => (is === 'kept' ? [n] : []));
      expect(kept).toEqual([(await details.getCallback(job))?.answer]);
    });
  });

  describe('the end of a wait', () => {
    it('comes before an answer: then there is none any more', async () => {
      const job = aRunningJob();
      const callback = await details.openCallback(job, fresh());
      const over = { ...callback, isOver: true };
      expect(await details.endCallback(job, 'one')).toEqual(over);
      expect(await details.endCallback(job, 'one')).toEqual(over);
      expect(await details.answerCallback(job, 'secret-1', 1)).toEqual({ is: 'none' });
      expect(await details.getCallback(job)).toEqual(over);
    });

    it('or after it: then the answer counts', async () => {
      const job = aRunningJob();
      await details.openCallback(job, fresh());
      await details.answerCallback(job, 'secret-1', 1);
      expect(await details.endCallback(job, 'one')).toMatchObject({ answer: 1, isOver: false });
    });

    it('is one of the two, where they come at once', async () => {
      const jobs = Array.from({ length: 24 }, () => aRunningJob());
      for (const job of jobs) await details.openCallback(job, fresh());
      const ends = await Promise.all(
        jobs.map((job) =>
          Promise.all([details.answerCallback(job, 'secret-1', 1), details.endCallback(job, 'one')]),
        ),
      );
      expect(ends.filter(([{ is }, { isOver }]) => (is === 'kept') === isOver)).toEqual([]);
    });

    it('is not made by a worker that was replaced, nor of another callback', async () => {
      const job = aRunningJob({ claimNumber: 3 });
      const kept = await details.openCallback(job, fresh());
      const refused = { code: 'TransitionRefused' };
      await expect(details.endCallback({ ...job, claimNumber: 2 }, 'one')).rejects.toMatchObject(refused);
      await expect(details.endCallback(job, 'two')).rejects.toMatchObject(refused);
      expect(await details.getCallback(job)).toEqual(kept);
    });
  });
}
