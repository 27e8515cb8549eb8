import { describe, expect, it } from '@jest/globals';
import type { Page } from '../../../../shared/service/page.ts';
import { pageCursor } from '../../../../shared/service/page-cursor.ts';
import {
  askOfSeries,
  askToDeleteSeries,
  askToPatchSeries,
} from '../../../../shared/service/series/ask-series.ts';
import {
  getSeries,
  listOccurrences,
  listSeries,
  seriesOfJobs,
} from '../../../../shared/service/series/list-series.ts';
import { presentSeries } from '../../../../shared/service/series/present-series.ts';
import { previewRecurrence } from '../../../../shared/service/series/preview-recurrence.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { aSeries } from '../../../support/a-series.ts';
import { anOperation, aWorld } from '../../../support/a-world.ts';
import { ADMIN, READER } from '../../../support/callers.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';
import { begin, DAY, HOUR, OLGA, passTo, theSeries } from '../../../support/series-world.ts';

const NO_SERIES = 'abcdef00-0000-4000-8000-000000000001';

/** All pages of a list; none of them may be empty. */
async function whole<T>(limit: number, read: (query: object) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit: `${limit}`, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeGreaterThan(0);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}

/** A series each, the oldest first. */
async function someSeries(many: number) {
  const world = aWorld(anOperation());
  const ids: string[] = [];
  for (let n = 0; n < many; n++) ids.push((await begin(world)).seriesId);
  return { world, ids };
}

/** A series whose three first occurrences have come. */
async function aPast() {
  const world = aWorld(anOperation());
  const { seriesId } = await begin(world, {}, { dependencyToken: 'x'.repeat(200) });
  for (const day of [0, 1, 2]) await passTo(HOUR + day * DAY, seriesId, world);
  return { world, seriesId };
}

describe('the list of series', () => {
  it.each([1, 2, 4, 5, 50])('has each once, newest first, by pages of %s', async (limit) => {
    const { world, ids } = await someSeries(5);
    const all = await whole(limit, (query) => listSeries(query, world));
    expect(all.map(({ seriesId }) => seriesId)).toEqual(ids.toReversed());
  });

  it('leaves out a series that is gone while it is read', async () => {
    const { world, ids } = await someSeries(3);
    const read = world.series.list.bind(world.series);
    world.series.list = async (page) => {
      const entries = await read(page);
      await askToDeleteSeries({ params: { seriesId: ids[1] }, caller: OLGA, headers: {} }, world);
      return entries;
    };
    const { items } = await listSeries({}, world);
    expect(items.map(({ seriesId }) => seriesId)).toEqual([ids[2], ids[0]]);
  });

  it.each([
    [{ limit: '0' }, '/limit'],
    [{ owner: 'olga' }, '/owner'],
    [{ cursor: 'x' }, '/cursor'],
    [{ cursor: pageCursor('series', 'x/y') }, '/cursor'],
    [{ cursor: pageCursor('others', '1/y') }, '/cursor'],
  ])('does not understand %j', async (query, pointer) => {
    await expect(listSeries(query, aWorld())).rejects.toMatchObject({ faults: [{ in: 'query', pointer }] });
  });
});

describe('the occurrences of a series', () => {
  it.each([1, 2, 4, 50])('are those that came and the one to come, by pages of %s', async (limit) => {
    const { world, seriesId } = await aPast();
    await begin(world);
    const all = await whole(limit, (query) => listOccurrences({ seriesId }, query, world));
    expect(all.map(({ shownAs }) => shownAs)).toEqual(['Scheduled', 'Success', 'Success', 'Success']);
    expect(all[0]).toMatchObject({
      seriesId,
      recurrencePattern: 'FREQ=DAILY;',
      postponeUntil: at(HOUR + 3 * DAY),
    });
    // People read the token, rows have a hash of it.
    expect(new Set(all.map(({ dependencyToken }) => dependencyToken))).toEqual(new Set(['x'.repeat(200)]));
  });

  it('do not go on by the cursor of another series', async () => {
    const { world, seriesId } = await aPast();
    const other = await begin(world);
    const { nextCursor } = await listOccurrences({ seriesId }, { limit: '1' }, world);
    await expect(
      listOccurrences({ seriesId: other.seriesId }, { cursor: nextCursor }, world),
    ).rejects.toMatchObject({ faults: [{ in: 'query', pointer: '/cursor' }] });
  });

  it('are none of a series that is not there', async () => {
    await expect(listOccurrences({ seriesId: NO_SERIES }, {}, aWorld())).rejects.toThrow(
      'There is no series',
    );
  });
});

describe('a series', () => {
  it('is found by its id in any case, and by nothing that is none', async () => {
    const { world, ids } = await someSeries(1);
    expect(await getSeries({ seriesId: ids[0]?.toUpperCase() }, world)).toMatchObject({ seriesId: ids[0] });
    await expect(getSeries({ seriesId: '../x' }, world)).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/seriesId', detail: 'The id of a series is a UUID.' }],
    });
  });

  it('is found for jobs, each once; other jobs have none, and cost no read', async () => {
    const { world, seriesId } = await aPast();
    const asked: (readonly string[])[] = [];
    const read = world.series.getAll.bind(world.series);
    world.series.getAll = (ids) => {
      asked.push(ids);
      return read(ids);
    };
    expect((await seriesOfJobs([aJob(), aJob()], world)).size).toBe(0);
    const found = await seriesOfJobs([aJob(), ...world.jobs.rows()], world);
    expect([[...found.keys()], asked]).toEqual([[seriesId], [[seriesId]]]);
  });

  it('is shown without what only we need, and its input to those who may see it', async () => {
    const series = { ...aSeries(), requestHash: 'h' };
    const shown = presentSeries(series, ADMIN);
    for (const name of ['version', 'sequence', 'requestHash', 'order', 'occurrencesLeft'])
      expect(shown).not.toHaveProperty(name);
    expect(shown).toMatchObject({ seriesId: series.seriesId, shownAs: 'Active', isPaused: false });
    expect(shown['input']).toEqual(series.order.input);
    expect(presentSeries({ ...series, ownerId: 'otto', createdBy: 'otto' }, READER)).not.toHaveProperty(
      'input',
    );
    expect(presentSeries({ ...series, ownerId: READER.id }, READER)).toHaveProperty('input');
  });

  it.each([
    [{ isPaused: true }, { shownAs: 'Paused', isPaused: true }],
    [{ left: 3 }, { shownAs: 'Active', occurrencesLeft: 3 }],
    [
      { endedOn: at(), left: 3 },
      { shownAs: 'Ended', occurrencesLeft: 0 },
    ],
    [
      { endedOn: at(), isPaused: true },
      { shownAs: 'Ended', isPaused: true },
    ],
  ] as const)('that is %j is shown so', (facts, shown) => {
    expect(presentSeries({ ...aSeries(), ...facts }, ADMIN)).toMatchObject(shown);
  });
});

describe('what is asked of a series over HTTP', () => {
  it('is done to the series of the path, by its caller, over the version that was seen', async () => {
    const { world, ids } = await someSeries(1);
    const asking = { params: { seriesId: ids[0] }, caller: OLGA, headers: { 'if-match': '"1"' } };
    expect(await askOfSeries('pause', asking, world)).toMatchObject({ isPaused: true, version: 2 });
    const refused = { code: 'PreconditionFailed' };
    await expect(askOfSeries('resume', asking, world)).rejects.toMatchObject(refused);
    await expect(askToPatchSeries({ ...asking, body: {} }, world)).rejects.toMatchObject(refused);
    await expect(askToDeleteSeries(asking, world)).rejects.toMatchObject(refused);
    const seen = { ...asking, headers: { 'if-match': '"2"' } };
    const patched = await askToPatchSeries({ ...seen, body: { name: 'Other' } }, world);
    expect(patched).toMatchObject({ order: { name: 'Other' }, version: 3 });
    expect(await askOfSeries('resume', { ...seen, headers: {} }, world)).not.toHaveProperty('isPaused');
    expect(await theSeries(ids[0] ?? '', world)).toMatchObject({ version: 4 });
  });

  it('is refused with a pointer where it is not understood', async () => {
    const { world, ids } = await someSeries(1);
    const asking = { params: { seriesId: ids[0] }, caller: OLGA, headers: {} };
    await expect(async () =>
      askToPatchSeries({ ...asking, body: { colour: 'red' } }, world),
    ).rejects.toMatchObject({
      faults: [{ pointer: '/colour' }],
    });
    await expect(async () => askOfSeries('pause', { ...asking, params: {} }, world)).rejects.toMatchObject({
      faults: [{ in: 'path', pointer: '/seriesId' }],
    });
  });
});

describe('the preview of a recurrence', () => {
  it('has the next ten dates, as instants and as clocks show them', () => {
    const preview = previewRecurrence(
      { pattern: 'freq=daily', startTime: at(HOUR), timeZone: 'Asia/Tokyo' },
      NOON,
    );
    expect(preview).toMatchObject({
      pattern: 'FREQ=DAILY;',
      startTime: at(HOUR),
      timeZone: 'Asia/Tokyo',
      dates: Array.from({ length: 10 }, (_, n) => ({
        at: at(HOUR + n * DAY),
        local: at(10 * HOUR + n * DAY).slice(0, 19),
      })),
    });
  });

  it.each([
    [{ count: 1 }, 1],
    [{ count: 100 }, 100],
    [{ pattern: 'FREQ=DAILY;COUNT=3;' }, 3],
    [{ pattern: 'FREQ=DAILY;COUNT=30;', count: 4 }, 4],
  ])('has as many as are wanted, and as there are: %j', (said, many) => {
    const preview = previewRecurrence({ pattern: 'FREQ=DAILY;', ...said }, NOON);
    expect(preview).toHaveProperty('dates.length', many);
    expect(preview).not.toHaveProperty('timeZone');
    expect(preview).toHaveProperty('dates.0', { at: at(), local: at().slice(0, 19) });
  });

  it.each([
    [{ pattern: 'FREQ=OFTEN;' }, ['/pattern']],
    [{ pattern: 'FREQ=OFTEN;', timeZone: 'Nowhere' }, ['/timeZone', '/pattern']],
    [{ pattern: 'FREQ=DAILY;', count: 0 }, ['/count']],
    [{ pattern: 'FREQ=DAILY;', count: 101 }, ['/count']],
    [{ pattern: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;' }, ['/pattern']],
    [{}, ['/pattern']],
  ])('is refused where the order would be: %j', (said, pointers) => {
    expect(() => previewRecurrence(said, NOON)).toThrow(
      expect.objectContaining({ faults: pointers.map((pointer) => expect.objectContaining({ pointer })) }),
    );
  });
});
