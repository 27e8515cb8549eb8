import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import type { Json } from '../../../shared/job/json.ts';
import type { JobDetails } from '../../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';

/** The text of a JSON string with so many bytes. */
const sized = (bytes: number): string => 'x'.repeat(bytes - 2);
const ITEM_LIMIT = 256 * 1024;

const VALUES: readonly (readonly [string, Json])[] = [
  ['null', null],
  ['false', false],
  ['zero', 0],
  ['an empty text', ''],
  ['an empty list', []],
  ['an empty object', {}],
  ['a small number', 5e-324],
  ['text of all kinds', 'Zürich 日本 😀 \u0000 \u2028 "\\'],
  ['names of all kinds', { '': 1, 'a/b': 2, $ref: 3, constructor: 4 }],
  ['a deep value', { a: [{ b: [[{ c: null }]] }] }],
  ['256 KiB', sized(ITEM_LIMIT)],
  ['a byte more than 256 KiB', sized(ITEM_LIMIT + 1)],
  ['256 KiB of two bytes a character', 'ü'.repeat(ITEM_LIMIT / 2 - 1)],
  ['2 MiB', { rows: Array.from({ length: 2_048 }, (_, n) => `${n}`.padEnd(1_000, '😀')) }],
];

const KINDS = ['cursor', 'result', 'text'] as const;

/** What every store of payloads must do. */
export function jobDetailsSuite(freshDetails: () => Promise<JobDetails>): void {
  let details: JobDetails;
  beforeAll(async () => {
    details = await freshDetails();
  });

  /** The three payloads of a worker, written by its n-th claim and read again. */
  const write = (kind: (typeof KINDS)[number], job: Job, n: number, value: string): Promise<void> => {
    const own = { ...job, claimNumber: n };
    if (kind === 'cursor') return details.saveCursor(own, value);
    if (kind === 'result') return details.putResult(own, value);
    return details.putText(own, 'message', value);
  };
  const read = (kind: (typeof KINDS)[number], job: Job): Promise<Json | undefined> => {
    if (kind === 'cursor') return details.getCursor(job);
    if (kind === 'result') return details.getResult(job);
    return details.getText(job, 'message');
  };

  describe.each(VALUES)('%s', (_what, value) => {
    it('comes back as an input', async () => {
      const job = aJob();
      await details.putInput(job, value);
      expect(await details.getInput(job)).toEqual(value);
    });

    it('comes back as a cursor and as a result', async () => {
      const job = aRunningJob();
      await details.saveCursor(job, value);
      await details.putResult(job, value);
      expect([await details.getCursor(job), await details.getResult(job)]).toEqual([value, value]);
    });
  });

  describe('a job without payloads', () => {
    it('has none: that is not the same as null', async () => {
      expect(await allOf(aJob(), details)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    });
  });

  describe('the payloads of a job', () => {
    it('do not get in the way of each other, nor of those of other jobs', async () => {
      const [one, other] = [aRunningJob(), aRunningJob()];
      await fill(one, 'one', details);
      await fill(other, 'other', details);
      expect(await allOf(one, details)).toEqual(filled('one'));
      expect(await allOf(other, details)).toEqual(filled('other'));
    });
  });

  describe.each(KINDS)('the %s of a worker', (kind) => {
    it('is overwritten by the same worker and by its successors', async () => {
      const job = aJob();
      for (const [claimNumber, value] of [
        [1, 'first'],
        [1, 'second'],
        [3, 'third'],
      ] as const) {
        await write(kind, job, claimNumber, value);
        expect(await read(kind, job)).toBe(value);
      }
    });

    it.each([
      ['small over small', 'old', 'new'],
      ['large over small', sized(ITEM_LIMIT + 1), 'new'],
      ['small over large', 'old', sized(ITEM_LIMIT + 1)],
      ['large over large', `old${sized(ITEM_LIMIT + 1)}`, `new${sized(ITEM_LIMIT + 1)}`],
    ])('is not overwritten by one that was replaced: %s', async (_how, old, latest) => {
      const job = aJob();
      await write(kind, job, 2, latest);
      await expect(write(kind, job, 1, old)).rejects.toMatchObject({ code: 'TransitionRefused' });
      expect((await read(kind, job)) === latest).toBe(true);
    });

    it('of sixteen successive workers writing at once is that of the last', async () => {
      const job = aJob();
      const writes = Array.from({ length: 16 }, (_, n) => write(kind, job, n + 1, `claim ${n + 1}`));
      await Promise.allSettled(writes);
      expect(await read(kind, job)).toBe('claim 16');
    });
  });

  describe('a text of an order', () => {
    it('gives way to that of a worker', async () => {
      const job = aRunningJob();
      await details.putOrderText(job, 'message', 'ordered');
      expect(await details.getText(job, 'message')).toBe('ordered');
      await details.putText(job, 'message', 'done');
      expect(await details.getText(job, 'message')).toBe('done');
    });
  });

  describe('jobs with the same id, which a client has chosen', () => {
    const first = aRunningJob({ jobId: 'chosen', requestHash: 'one' });
    const OTHERS: readonly (readonly [string, Partial<Job>])[] = [
      ['of another order', { requestHash: 'other' }],
      ['of the same order at another moment, when the first was gone', { createdOn: at(1) }],
    ];

    it.each(OTHERS)('share nothing: %s', async (what, facts) => {
      const [one, other] = [first, { ...first, ...facts }].map((job) => ({ ...job, jobId: what }));
      if (one === undefined || other === undefined) throw new Error('There are two.');
      await fill({ ...one, claimNumber: 9 }, 'one', details);
      expect(await allOf(other, details)).toEqual([undefined, undefined, undefined, undefined, undefined]);
      await fill(other, 'other', details);
      expect(await allOf(one, details)).toEqual(filled('one'));
      await details.removeAll(one);
      expect(await allOf(other, details)).toEqual(filled('other'));
    });

    it('are the same where order and moment are: it may be put again, large or small', async () => {
      const input = sized(ITEM_LIMIT + 1);
      await details.putInput(first, input);
      await details.putInput(aRunningJob({ ...first, claimNumber: 7 }), input);
      expect((await details.getInput(first)) === input).toBe(true);
    });
  });

  describe('the payloads of a job that goes', () => {
    const NONE = [undefined, undefined, undefined, undefined, undefined];

    it.each([
      ['small', 'x'],
      ['large', sized(ITEM_LIMIT + 1)],
    ])('are all gone, those of others stay: %s', async (_size, text) => {
      const [job, other] = [aRunningJob({ requestHash: 'one' }), aRunningJob()];
      await fill(job, text, details);
      await fill(other, 'other', details);
      await details.removeAll(job);
      expect(await allOf(job, details)).toEqual(NONE);
      expect(await allOf(other, details)).toEqual(filled('other'));
    });

    it('may be none, and may be taken away again', async () => {
      const job = aJob();
      await details.removeAll(job);
      await expect(details.removeAll(job)).resolves.toBeUndefined();
    });
  });
}

/** One payload of each kind. */
async function fill(job: Job, mark: string, details: JobDetails): Promise<void> {
  await details.putInput(job, `input ${mark}`);
  await details.saveCursor(job, `cursor ${mark}`);
  await details.putResult(job, `result ${mark}`);
  await details.putOrderText(job, 'name', `name ${mark}`);
  await details.putText(job, 'message', `message ${mark}`);
}

const filled = (mark: string): string[] =>
  ['input', 'cursor', 'result', 'name', 'message'].map((what) => `${what} ${mark}`);

const allOf = (job: Job, details: JobDetails): Promise<(Json | undefined)[]> =>
  Promise.all([
    details.getInput(job),
    details.getCursor(job),
    details.getResult(job),
    details.getText(job, 'name'),
    details.getText(job, 'message'),
  ]);
