import { describe, expect, it } from '@jest/globals';
import { sequenceAt } from '../../../../shared/job/sequence.ts';
import { Status } from '../../../../shared/job/status.ts';
import { NotFound } from '../../../../shared/service/errors.ts';
import { ExportLost } from '../../../../shared/service/exports.ts';
import { exportJobs, resumeExport } from '../../../../shared/service/jobs-csv/export-jobs.ts';
import { CSV_HEAD } from '../../../../shared/service/jobs-csv/rows.ts';
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

/** A job whose name is whole in its details, and so long. */
function named(length: number) {
  const house = aHouse({ longTexts: ['name'] });
  const [job] = house.all;
  if (job !== undefined) void house.details.putOrderText(job, 'name', 'x'.repeat(length));
  return house;
}

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
    expect(await exportJobs({}, OPERATOR, aHouse())).toEqual({ text: CSV_HEAD });
  });

  it('takes the filters of the list', async () => {
    const house = aHouse({ statusCode: Status.Failed }, {}, { statusCode: Status.Failed, ownerId: 'adam' });
    const { text } = await exportJobs({ status: '31', owner: 'olga' }, OPERATOR, house);
    expect(idsIn(text)).toEqual([idOf(1)]);
  });

  it('has no pages: what asks for one is refused', async () => {
    const detail = 'A CSV is the whole list as filtered, not a page of it; leave it out.';
    await expect(exportJobs({ cursor: '5', limit: '5' }, OPERATOR, aHouse())).rejects.toMatchObject({
      faults: [
        { in: 'query', pointer: '/limit', detail },
        { in: 'query', pointer: '/cursor', detail },
      ],
    });
  });

  it('is refused with a pointer where a filter is none', async () => {
    await expect(exportJobs({ state: '7' }, OPERATOR, aHouse())).rejects.toMatchObject({
      faults: [{ in: 'query', pointer: '/state' }],
    });
  });

  it.each([
    [0, 'text'],
    [1, 'url'],
  ])('is answered at once up to 4 MB, as they are quoted: %i bytes more', async (more, answered) => {
    const { text } = await exportJobs({}, OPERATOR, named(10_000));
    const others = Buffer.byteLength(JSON.stringify(text)) - 10_000;
    const house = named(4_000_000 - others + more);
    expect(Object.keys(await exportJobs({}, OPERATOR, house))).toEqual([answered]);
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

/** A house, and how its file is uploaded. */
function watched(house: ReturnType<typeof aHouse>) {
  const seen: unknown[] = [];
  const { exports } = house;
  const begin = exports.begin.bind(exports);
  const putPart = exports.putPart.bind(exports);
  exports.begin = (id, ...facts) => {
    seen.push('begin', ...facts);
    return begin(id, ...facts);
  };
  exports.putPart = (upload, part, text) => {
    seen.push(part);
    return putPart(upload, part, text);
  };
  return { house, seen };
}

/** How many pieces a request reads, of which each takes so long. */
const pieces = async (ms: number) => {
  const house = aHouse(...Array.from({ length: 1_200 }, () => ({})));
  const timeline = house.jobs.timeline.bind(house.jobs);
  let reads = 0;
  house.jobs.timeline = (range) => {
    reads++;
    house.clock.advance(ms);
    return timeline(range);
  };
  await exportJobs({}, OPERATOR, house);
  return reads;
};

describe('the file of a long list', () => {
  it('has a name, and parts of 5 MB', async () => {
    const { house, seen } = watched(large(1_001));
    const answer = await exportJobs({}, OPERATOR, house);
    expect(Object.keys(answer)).toEqual(['url']);
    expect(seen).toEqual(['begin', 'jobs.csv', 1, 2, 3]);
  });

  it('is one part where it is shorter than that', async () => {
    const { house, seen } = watched(large(350));
    await exportJobs({}, OPERATOR, house);
    expect(seen).toEqual(['begin', 'jobs.csv', 1]);
  });

  it('has no empty part at its end', async () => {
    // 500 of them are the first part, and what comes after does not match.
    const failed = { statusCode: Status.Failed, input: JSON.stringify('x'.repeat(12_000)) };
    const all = Array.from({ length: 600 }, (_, place) => (place < 100 ? {} : failed));
    const { house, seen } = watched(aHouse(...all));
    const { url = '' } = await exportJobs({ status: '31' }, OPERATOR, house);
    expect(seen).toEqual(['begin', 'jobs.csv', 1]);
    expect(idsIn(house.exports.textAt(url))).toEqual(newestFirst(600).slice(0, 500));
  });

  it('fails where the bucket does not answer', async () => {
    const house = slow(large(1_200));
    const { exportId } = await exportJobs({}, OPERATOR, house);
    house.exports.putPart = () => Promise.reject(new Error('Slow down.'));
    await expect(resumeExport({ exportId }, OPERATOR, house)).rejects.toThrow('Slow down.');
  });
});

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

  it('stays filtered as it was asked for', async () => {
    const facts = Array.from({ length: 1_200 }, (_, n) => (n % 2 === 0 ? {} : { statusCode: Status.Failed }));
    const house = slow(aHouse(...facts));
    const first = await exportJobs({ status: '31' }, OPERATOR, house);
    expect(first).toEqual({ exportId: expect.any(String) });
    let answer = first;
    for (let asked = 0; asked < 20 && answer.url === undefined; asked++)
      answer = await resumeExport({ exportId: first.exportId }, OPERATOR, house);
    expect(idsIn(house.exports.textAt(answer.url ?? ''))).toEqual(
      newestFirst(1_200).filter((_id, place) => place % 2 === 0),
    );
  });

  it('stops after ten seconds', async () => {
    expect([await pieces(5_000), await pieces(4_999)]).toEqual([2, 3]);
  });

  it('is found again', async () => {
    const house = slow(large(900));
    const { exportId } = await exported(house);
    house.jobs.timeline = () => Promise.reject(new Error('It is there.'));
    expect(await resumeExport({ exportId }, OPERATOR, house)).toEqual({ url: expect.any(String) });
  });

  it('is there where another request has finished it meanwhile', async () => {
    const house = large(900);
    const { exportId } = await exportJobs({}, OPERATOR, slow(house));
    const finish = house.exports.finish.bind(house.exports);
    house.exports.finish = async (...upload) => {
      await finish(...upload);
      throw new ExportLost('The upload is gone.');
    };
    const { url = '' } = await resumeExport({ exportId }, OPERATOR, house);
    expect(idsIn(house.exports.textAt(url))).toEqual(newestFirst(900));
  });

  it('begins anew where its upload is lost, filtered as it was', async () => {
    const { house, seen } = watched(large(1_200));
    house.jobs.put(aJob({ jobId: idOf(1_201), sequence: sequenceAt(NOON + 1_200), ownerId: 'adam' }));
    const hasty = slow(house);
    const { exportId } = await exportJobs({ owner: 'olga' }, OPERATOR, hasty);
    while (!seen.includes(1)) await resumeExport({ exportId }, OPERATOR, hasty);
    house.exports.expire();
    let answer = await resumeExport({ exportId }, OPERATOR, hasty);
    while (seen.filter((each) => each === 'begin').length < 2) {
      expect(answer).toEqual({ exportId });
      answer = await resumeExport({ exportId }, OPERATOR, hasty);
    }
    // The rest in one request.
    const { url = '' } = await resumeExport({ exportId }, OPERATOR, house);
    expect(idsIn(house.exports.textAt(url))).toEqual(newestFirst(1_200));
  });

  it('is asked for again where it is not there as soon as it is whole', async () => {
    const house = large(500);
    house.exports.urlOf = async () => undefined;
    expect(await exportJobs({}, OPERATOR, house)).toEqual({ exportId: expect.any(String) });
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
    ['is unknown', idOf(99), { code: 'NotFound', message: `There is no export of jobs "${idOf(99)}".` }],
    [
      'is no id',
      '../x',
      { faults: [{ in: 'path', pointer: '/exportId', detail: 'The id of an export is a UUID.' }] },
    ],
  ])('is refused where its id %s', async (_what, exportId, refusal) => {
    await expect(resumeExport({ exportId }, OPERATOR, aHouse())).rejects.toMatchObject(refusal);
  });

  it('is known by its id in any case', async () => {
    const house = slow(large(900));
    const { exportId = '' } = await exported(house);
    const again = await resumeExport({ exportId: exportId.toUpperCase() }, OPERATOR, house);
    expect(again).toEqual({ url: expect.any(String) });
  });
});
