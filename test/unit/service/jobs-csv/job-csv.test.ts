import { describe, expect, it } from '@jest/globals';
import { jobCsv } from '../../../../shared/service/jobs-csv/job-csv.ts';
import { knownSeries } from '../../../../shared/service/jobs-csv/known-series.ts';
import { CSV_HEAD, csvRows } from '../../../../shared/service/jobs-csv/rows.ts';
import { aSeries } from '../../../support/a-series.ts';
import { OPERATOR, READER } from '../../../support/callers.ts';
import { idOf } from '../../../support/memory/counting-ids.ts';
import { aHouse } from './house.ts';

describe('one job as CSV', () => {
  it.each([OPERATOR, READER])('is the first line and its own, as $id may see it', async (caller) => {
    const house = aHouse({}, {});
    expect(await jobCsv({ jobId: idOf(2) }, caller, house)).toEqual({
      text: CSV_HEAD + (await csvRows(house.all.slice(1), caller, house)),
      fileName: `job-${idOf(2)}.csv`,
    });
  });

  it.each([
    [idOf(3), { message: `There is no job "${idOf(3)}".` }],
    ['../x', { faults: [{ in: 'path', pointer: '/jobId' }] }],
  ])('is refused where there is none: %s', async (jobId, refusal) => {
    await expect(jobCsv({ jobId }, OPERATOR, aHouse({}, {}))).rejects.toMatchObject(refusal);
  });
});

describe('series that an export has read', () => {
  it('are known without their inputs', async () => {
    const store = { getAll: async () => [aSeries()] };
    const { seriesId, order } = aSeries();
    const known = knownSeries(store);
    const bare = [{ ...aSeries(), order: { ...order, input: null } }];
    expect([await known.getAll([seriesId]), await known.getAll([seriesId])]).toEqual([bare, bare]);
  });

  it('are forgotten when they are two thousand', async () => {
    const asked: number[] = [];
    const known = knownSeries({
      async getAll(ids) {
        asked.push(ids.length);
        return [];
      },
    });
    const ids = Array.from({ length: 2_001 }, (_, n) => `series ${n}`);
    for (const some of [
      ids.slice(0, 1_999),
      ids.slice(0, 1_999),
      ids.slice(1_998, 2_000),
      ids.slice(0, 1),
      ids.slice(0, 1),
    ])
      await known.getAll(some);
    expect(asked).toEqual([1_999, 1, 1]);
  });
});
