import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../shared/job/json.ts';
import type { JobDetails } from '../../../shared/service/ports.ts';
import { aJob } from '../../support/a-job.ts';

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

/** What every store of payloads must do. */
export function jobDetailsSuite(freshDetails: () => Promise<JobDetails>): void {
  let details: JobDetails;
  beforeAll(async () => {
    details = await freshDetails();
  });

  /** The three payloads of a job, written by its n-th claim and read again. */
  const PAYLOADS = [
    [
      'cursor',
      (jobId: string, n: number, value: string) => details.saveCursor({ jobId, claimNumber: n }, value),
    ],
    [
      'result',
      (jobId: string, n: number, value: string) => details.putResult({ jobId, claimNumber: n }, value),
    ],
    [
      'text',
      (jobId: string, n: number, value: string) =>
        details.putText({ jobId, claimNumber: n }, 'message', value),
    ],
  ] as const;
  const READ: Readonly<Record<(typeof PAYLOADS)[number][0], (jobId: string) => Promise<Json | undefined>>> = {
    cursor: (jobId) => details.getCursor(jobId),
    result: (jobId) => details.getResult(jobId),
    text: (jobId) => details.getText(jobId, 'message'),
  };

  describe.each(VALUES)('%s', (_what, value) => {
    it('comes back as an input', async () => {
      const { jobId } = aJob();
      await details.putInput(jobId, value);
      expect(await details.getInput(jobId)).toEqual(value);
    });

    it('comes back as a cursor and as a result', async () => {
      const own = { jobId: aJob().jobId, claimNumber: 1 };
      await details.saveCursor(own, value);
      await details.putResult(own, value);
      expect([await details.getCursor(own.jobId), await details.getResult(own.jobId)]).toEqual([
        value,
        value,
      ]);
    });
  });

  describe('a job without payloads', () => {
    it('has none: that is not the same as null', async () => {
      const { jobId } = aJob();
      const all = [details.getInput(jobId), details.getCursor(jobId), details.getResult(jobId)];
      expect(await Promise.all(all)).toEqual([undefined, undefined, undefined]);
      expect(await details.getText(jobId, 'name')).toBeUndefined();
    });
  });

  describe('the payloads of a job', () => {
    it('do not get in the way of each other, nor of those of other jobs', async () => {
      const [one, other] = [aJob().jobId, aJob().jobId];
      for (const [jobId, mark] of [
        [one, 1],
        [other, 2],
      ] as const) {
        await details.putInput(jobId, `input ${mark}`);
        await details.saveCursor({ jobId, claimNumber: 1 }, `cursor ${mark}`);
        await details.putResult({ jobId, claimNumber: 1 }, `result ${mark}`);
        await details.putText({ jobId, claimNumber: 1 }, 'name', `name ${mark}`);
        await details.putText({ jobId, claimNumber: 1 }, 'message', `message ${mark}`);
      }
      const read = [details.getInput(one), details.getCursor(one), details.getResult(one)];
      const texts = [
        details.getText(one, 'name'),
        details.getText(one, 'message'),
        details.getText(other, 'name'),
      ];
      expect(await Promise.all([...read, ...texts])).toEqual([
        'input 1',
        'cursor 1',
        'result 1',
        'name 1',
        'message 1',
        'name 2',
      ]);
    });
  });

  describe.each(PAYLOADS)('the %s of a worker', (kind, write) => {
    it('is overwritten by the same worker and by its successors', async () => {
      const { jobId } = aJob();
      for (const [claimNumber, value] of [
        [1, 'first'],
        [1, 'second'],
        [3, 'third'],
      ] as const) {
        await write(jobId, claimNumber, value);
        expect(await READ[kind](jobId)).toBe(value);
      }
    });

    it.each([
      ['small over small', 'old', 'new'],
      ['large over small', sized(ITEM_LIMIT + 1), 'new'],
      ['small over large', 'old', sized(ITEM_LIMIT + 1)],
      ['large over large', `old${sized(ITEM_LIMIT + 1)}`, `new${sized(ITEM_LIMIT + 1)}`],
    ])('is not overwritten by one that was replaced: %s', async (_how, old, latest) => {
      const { jobId } = aJob();
      await write(jobId, 2, latest);
      await expect(write(jobId, 1, old)).rejects.toMatchObject({ code: 'TransitionRefused' });
      expect((await READ[kind](jobId)) === latest).toBe(true);
    });

    it('of sixteen successive workers writing at once is that of the last', async () => {
      const { jobId } = aJob();
      const writes = Array.from({ length: 16 }, (_, n) => write(jobId, n + 1, `claim ${n + 1}`));
      await Promise.allSettled(writes);
      expect(await READ[kind](jobId)).toBe('claim 16');
    });
  });
}
