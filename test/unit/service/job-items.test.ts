import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import type { Json } from '../../../shared/job/json.ts';
import { Status } from '../../../shared/job/status.ts';
import { downloadItems, listItems } from '../../../shared/service/job-items.ts';
import { pageCursor } from '../../../shared/service/page-cursor.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation } from '../../support/a-world.ts';
import { OPERATOR, READER } from '../../support/callers.ts';
import { MemoryExports } from '../../support/memory/memory-exports.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';
import { parseCsv } from '../../support/parse-csv.ts';

const LINES = Array.from({ length: 250 }, (_, n) => ({ jobId: `job-${n}` }));
const { watchAt: _none, ...OVER } = aJob({
  statusCode: Status.Succeeded,
  completedOn: at(),
  operation: 'lists',
});

async function aHouse(job: Job = OVER) {
  const [jobs, pages] = [new MemoryJobStore(), new MemoryJobDetails()];
  jobs.put(job);
  for (let page = 0; page < 3; page++) {
    await pages.put({ ...job, claimNumber: 1 }, 'items', page, LINES.slice(page * 100, (page + 1) * 100));
  }
  const operations = new Map(
    [anOperation(), anOperation({ name: 'lists', itemColumns: ['jobId'] })].map((one) => [one.name, one]),
  );
  return { jobs, pages, operations, exports: new MemoryExports(), clock: settableClock() };
}

const of = ({ jobId }: Job) => ({ jobId });

describe('the items of a job', () => {
  it.each(['1', '7', '99', '100', '101', '249', '250', '1000'])(
    'come each once, in order, by pages of %s',
    async (limit) => {
      const house = await aHouse();
      const seen: Json[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit, ...(cursor !== undefined && { cursor }) };
        const page = await listItems({ params: of(OVER), query }, OPERATOR, house);
        expect(page.items.length).toBeLessThanOrEqual(Number(limit));
        seen.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      expect(seen).toEqual(LINES);
    },
  );

  it('are no other list’s: its cursor is refused', async () => {
    const house = await aHouse();
    const { nextCursor = '' } = await listItems({ params: of(OVER), query: { limit: '1' } }, OPERATOR, house);
    const other = { ...OVER, jobId: aJob().jobId };
    house.jobs.put(other);
    const asked = listItems({ params: of(other), query: { cursor: nextCursor } }, OPERATOR, house);
    await expect(asked).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/cursor' }] });
  });

  it.each(['x', '', '1', 'x/1', '1/x', '1.5/0', '0.5/0.5', '1/1e300'])(
    'do not begin at a place that no page has told, forged into a cursor: "%s"',
    async (place) => {
      const house = await aHouse();
      const cursor = pageCursor({ jobId: OVER.jobId, items: OVER.createdOn }, place);
      const asked = listItems({ params: of(OVER), query: { cursor } }, OPERATOR, house);
      await expect(asked).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/cursor' }] });
    },
  );

  it('are asked for in a way that is understood, or the fault is told', async () => {
    const house = await aHouse();
    const asked = listItems({ params: of(OVER), query: { limit: '0' } }, OPERATOR, house);
    await expect(asked).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/limit' }] });
    await expect(downloadItems({ jobId: 'x' }, OPERATOR, house)).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/jobId' }],
    });
  });

  it('are a payload: a reader sees those of own jobs alone', async () => {
    const house = await aHouse();
    const mine = { ...OVER, jobId: aJob().jobId, ownerId: READER.id };
    house.jobs.put(mine);
    for (const ask of [
      (job: Job) => listItems({ params: of(job), query: {} }, READER, house),
      (job: Job) => downloadItems(of(job), READER, house),
    ]) {
      await expect(ask(OVER)).rejects.toThrow('This needs the role operator; you have reader.');
      await expect(ask(mine)).resolves.toBeDefined();
    }
  });

  it('are none of a job that is not there, and of one whose operation keeps no list', async () => {
    const house = await aHouse();
    const without = { ...OVER, jobId: aJob().jobId, operation: 'count-to' };
    const unknown = { ...OVER, jobId: aJob().jobId, operation: 'of-yesterday' };
    for (const job of [without, unknown]) house.jobs.put(job);
    for (const [job, what] of [
      [without, /^There is no list of items of the job/],
      [unknown, /^There is no list of items of the job/],
      [aJob(), /^There is no job/],
    ] as const) {
      const asked = listItems({ params: of(job), query: {} }, OPERATOR, house);
      await expect(asked).rejects.toMatchObject({ code: 'NotFound', message: expect.stringMatching(what) });
      await expect(downloadItems(of(job), OPERATOR, house)).rejects.toMatchObject({ code: 'NotFound' });
    }
    const noId = listItems({ params: { jobId: 'x' }, query: {} }, OPERATOR, house);
    await expect(noId).rejects.toMatchObject({ faults: [{ in: 'path', pointer: '/jobId' }] });
  });

  it('can be downloaded when the job is over, for they change until then', async () => {
    const running = aRunningJob({ operation: 'lists' });
    const house = await aHouse(running);
    expect(await downloadItems(of(running), OPERATOR, house)).toBeUndefined();
    house.jobs.put({ ...running, statusCode: Status.Canceled });
    expect(await downloadItems(of(running), OPERATOR, house)).toMatch(/^data:text\/csv/);
  });

  it('are downloaded whole, as a file that has the name of their job', async () => {
    const house = await aHouse();
    const names: string[] = [];
    const begin = house.exports.begin.bind(house.exports);
    house.exports.begin = (exportId, fileName, contentType) => {
      names.push(fileName);
      return begin(exportId, fileName, contentType);
    };
    const url = (await downloadItems(of(OVER), OPERATOR, house)) ?? '';
    expect(names).toEqual([`items-of-${OVER.jobId}.csv`]);
    expect(parseCsv(house.exports.textAt(url))).toEqual([['jobId'], ...LINES.map(({ jobId }) => [jobId])]);
  });
});
