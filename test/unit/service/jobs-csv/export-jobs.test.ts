import { describe, expect, it } from '@jest/globals';
import { sequenceAt } from '../../../../shared/job/sequence.ts';
import { Status } from '../../../../shared/job/status.ts';
import { InvalidInput, NotFound } from '../../../../shared/service/errors.ts';
import { exportJobs, resumeExport } from '../../../../shared/service/jobs-csv/export-jobs.ts';
import { aJob } from '../../../support/a-job.ts';
import { ADMIN, OPERATOR } from '../../../support/callers.ts';
import { idOf } from '../../../support/memory/counting-ids.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';
import { recordsOf } from '../../../support/parse-csv.ts';
import { aHouse } from './house.ts';

const idsIn = (text = '') => recordsOf(text).map((row) => row['AsyncOperationId']);
const newestFirst = (count: number) => Array.from({ length: count }, (_, place) => idOf(count - place));

/** So many jobs of 12 KB each. */
const large = (count: number) =>
  aHouse(...Array.from({ length: count }, () => ({ input: JSON.stringify('x'.repeat(12_000)) })));

/** Each look at the clock takes two seconds, so a request has time for a few hundred jobs. */
function slow(house: ReturnType<typeof aHouse>) {
  let now = NOON;
  return { ...house, clock: () => (now += 2_000) };
}

describe('the list of jobs as CSV', () => {
  it('is whole, newest first, and answered at once where it is short', async () => {
    const { text } = await exportJobs({}, OPERATOR, aHouse(...Array.from({ length: 250 }, () => ({}))));
    expect(idsIn(text)).toEqual(newestFirst(250));
  });

  it('of nothing is a head', async () => {
    expect(idsIn((await exportJobs({}, OPERATOR, aHouse())).text)).toEqual([]);
  });

  it('takes the filters of the list', async () => {
    const house = aHouse({ statusCode: Status.Failed }, {}, { statusCode: Status.Failed, ownerId: 'adam' });
    const { text } = await exportJobs({ status: '31', owner: 'olga' }, OPERATOR, house);
    expect(idsIn(text)).toEqual([idOf(1)]);
  });

  it.each(['limit', 'cursor'])('has no pages: %s is refused with a pointer', async (name) => {
    await expect(exportJobs({ [name]: '5' }, OPERATOR, aHouse())).rejects.toMatchObject({
      faults: [{ in: 'query', pointer: `/${name}`, detail: expect.stringContaining('whole list') }],
    });
    await expect(exportJobs({ state: '7' }, OPERATOR, aHouse())).rejects.toThrow(InvalidInput);
  });

  it('lies elsewhere where it is long', async () => {
    const house = large(500);
    const { url = '' } = await exportJobs({}, OPERATOR, house);
    expect(idsIn(house.exports.textAt(url))).toEqual(newestFirst(500));
  });
});

/** Asks until it is ready; what happens in between each time. */
async function exported(house: ReturnType<typeof slow>, between: () => void = () => {}) {
  let answer = await exportJobs({}, OPERATOR, house);
  const { exportId } = answer;
  let requests = 1;
  for (; answer.url === undefined && requests < 20; requests++) {
    between();
    answer = await resumeExport({ exportId }, OPERATOR, house);
  }
  return { ids: idsIn(house.exports.textAt(answer.url ?? '')), requests, exportId };
}

describe('a list that takes longer than a request', () => {
  it('goes on where the request before stopped, and what is created meanwhile is no part of it', async () => {
    const house = slow(large(1_200));
    let created = 2_000;
    const create = () =>
      house.jobs.put(aJob({ jobId: idOf(++created), sequence: sequenceAt(NOON + created) }));
    const { ids, requests } = await exported(house, create);
    expect(ids).toEqual(newestFirst(1_200));
    expect(requests).toBeGreaterThan(2);
  });

  it('keeps what it has found where that is little', async () => {
    const house = slow(aHouse(...Array.from({ length: 1_200 }, () => ({}))));
    expect((await exported(house)).ids).toEqual(newestFirst(1_200));
  });

  it('is found again', async () => {
    const house = slow(large(900));
    const { exportId } = await exported(house);
    expect((await resumeExport({ exportId }, OPERATOR, house)).url).toBeDefined();
  });

  it('begins anew where its upload is lost', async () => {
    const house = slow(large(1_200));
    let lost = false;
    const { ids } = await exported(house, () => {
      if (!lost) house.exports.expire();
      lost = true;
    });
    expect(ids).toEqual(newestFirst(1_200));
  });

  it('is whole also where two requests at once go on with it', async () => {
    const house = slow(large(1_200));
    const { exportId } = await exportJobs({}, OPERATOR, house);
    for (let asked = 0; asked < 10; asked++) {
      await Promise.all([1, 2].map(() => resumeExport({ exportId }, OPERATOR, house)));
    }
    const { url = '' } = await resumeExport({ exportId }, OPERATOR, house);
    expect(idsIn(house.exports.textAt(url))).toEqual(newestFirst(1_200));
  });

  it.each([
    ['to somebody else', ADMIN],
    ['to somebody who has lost a role', { ...OPERATOR, role: 'reader' } as const],
  ])('is not shown %s', async (_who, caller) => {
    const house = slow(large(900));
    const { exportId } = await exportJobs({}, OPERATOR, house);
    await expect(resumeExport({ exportId }, caller, house)).rejects.toThrow(NotFound);
  });

  it.each([
    ['is unknown', idOf(99), NotFound],
    ['is no id', '../x', InvalidInput],
  ])('is refused where its id %s', async (_what, exportId, refusal) => {
    await expect(resumeExport({ exportId }, OPERATOR, aHouse())).rejects.toThrow(refusal);
  });
});
