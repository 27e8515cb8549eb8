import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import {
  type JobFilter,
  JobQuery,
  listJobs,
  MAX_EXAMINED,
  startOf,
  walkJobs,
} from '../../../shared/service/list-jobs.ts';
import { pageCursor } from '../../../shared/service/page-cursor.ts';
import { parse } from '../../../shared/service/parse.ts';
import { byAge, type TimelineRange } from '../../../shared/service/ports.ts';
import { tokenKey } from '../../../shared/service/token-key.ts';
import { aJob, at } from '../../support/a-job.ts';
import { idOf } from '../../support/memory/counting-ids.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

/** Jobs of which the first is the oldest, a millisecond apart if nothing else is said. */
function storeWith(...jobs: Partial<Job>[]): MemoryJobStore {
  const store = new MemoryJobStore();
  for (const [index, facts] of jobs.entries()) {
    store.put(aJob({ jobId: idOf(index + 1), sequence: sequenceAt(NOON + index), ...facts }));
  }
  return store;
}

const list = (store: MemoryJobStore, query: Record<string, string> = {}) =>
  listJobs(parse(JobQuery, query, { in: 'query' }), store);

/** All pages, as a client would ask for them. */
async function pagesOf(store: MemoryJobStore, query: Record<string, string>): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = await list(store, { ...query, ...(cursor !== '' && { cursor }) });
    pages.push(page.items.map(({ jobId }) => jobId));
    cursor = page.nextCursor;
    if (pages.length > 1_000) throw new Error('The list never ends.');
  }
  return pages;
}

describe('a list of jobs', () => {
  it('is newest first', async () => {
    const { items, nextCursor } = await list(storeWith({}, {}, {}));
    expect([items.map(({ jobId }) => jobId), nextCursor]).toEqual([[idOf(3), idOf(2), idOf(1)], undefined]);
  });

  it('of nothing is empty, and has no next page', async () => {
    expect(await list(storeWith())).toEqual({ items: [] });
  });

  it('has pages of 50 if nothing else is said', async () => {
    const pages = await pagesOf(storeWith(...Array.from({ length: 101 }, () => ({}))), {});
    expect(pages.map((page) => page.length)).toEqual([50, 50, 1]);
  });

  it('has no empty page at its end when the last one is just full', async () => {
    const pages = await pagesOf(storeWith({}, {}, {}, {}), { limit: '2' });
    expect(pages).toEqual([
      [idOf(4), idOf(3)],
      [idOf(2), idOf(1)],
    ]);
  });

  it('shows every job once, whatever the size of the pages, also where sequences are the same', async () => {
    const sequences = fc.array(fc.integer({ min: 1, max: 10 }), { maxLength: 40 });
    const filters = fc.constantFrom<Record<string, string>>({}, { owner: 'olga' });
    await fc.assert(
      fc.asyncProperty(sequences, fc.integer({ min: 1, max: 9 }), filters, async (numbers, limit, filter) => {
        const store = storeWith(...numbers.map((sequence) => ({ sequence })));
        const pages = await pagesOf(store, { ...filter, limit: String(limit) });
        expect(pages.flat()).toEqual(
          store
            .rows()
            .toSorted(byAge)
            .map(({ jobId }) => jobId),
        );
      }),
    );
  });

  it('does not show again, nor leave out, when jobs come in between', async () => {
    const store = storeWith({}, {}, {}, {});
    const first = await list(store, { limit: '2' });
    store.put(aJob({ jobId: idOf(9), sequence: sequenceAt(NOON + 99) }));
    const second = await list(store, { limit: '2', cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ jobId }) => jobId)).toEqual([idOf(2), idOf(1)]);
  });
});

describe('the filters of a list', () => {
  const store = storeWith(
    { statusCode: Status.Succeeded },
    { statusCode: Status.Failed, operation: 'purge' },
    { statusCode: Status.Waiting, ownerId: 'adam' },
    { statusCode: Status.InProgress, operation: 'purge', ownerId: 'adam' },
  );

  it.each([
    [{ state: '3' }, [2, 1]],
    [{ state: '0' }, []],
    [{ status: '10' }, [3]],
    [{ operation: 'purge' }, [4, 2]],
    [{ owner: 'adam' }, [4, 3]],
    [{ owner: 'adam', operation: 'purge', state: '2', status: '20' }, [4]],
    [{ createdAfter: at(1) }, [4, 3]],
    [{ createdBefore: at(1) }, [1]],
    [{ createdAfter: at(0), createdBefore: at(3) }, [3, 2]],
    [{ createdAfter: '2026-11-22T13:00:00.001+01:00' }, [4, 3]],
    [{ createdAfter: at(2), createdBefore: at(2) }, []],
    [{ createdBefore: '0001-01-01T00:00:00Z' }, []],
    [{ createdAfter: '9999-12-31T23:59:59.999Z' }, []],
  ])('%o finds %o', async (query, found) => {
    const { items, nextCursor } = await list(store, query);
    expect([items.map(({ jobId }) => jobId), nextCursor]).toEqual([found.map(idOf), undefined]);
  });

  it.each([
    [{ state: '4' }, 'Must be one of 0, 1, 2, 3.'],
    [{ status: '5' }, 'Must be one of 0, 10, 20, 21, 22, 30, 31, 32.'],
    [{ createdAfter: 'yesterday' }, 'Must be an ISO 8601 date and time with offset.'],
    [{ createdBefore: '2026-11-22T12:00:00' }, 'Must be an ISO 8601 date and time with offset.'],
    [{ limit: '0' }, expect.any(String)],
    [{ limit: '1001' }, expect.any(String)],
    [{ limit: '1.5' }, expect.any(String)],
    [{ owner: '' }, expect.any(String)],
    [{ colour: 'red' }, 'There is no such field; leave it out.'],
  ])('%o is refused', (query, detail) => {
    const [pointer] = Object.keys(query).map((name) => `/${name}`);
    expect(() => parse(JobQuery, query, { in: 'query' })).toThrow(
      expect.objectContaining({ faults: [{ in: 'query', pointer, detail }] }),
    );
  });
});

describe('a list whose filter finds little', () => {
  const many = storeWith(...Array.from({ length: 2 * MAX_EXAMINED + 1 }, () => ({})), { ownerId: 'adam' });

  it('comes back short after 2,000 rows, with a cursor to look on', async () => {
    const pages = await pagesOf(many, { owner: 'adam', limit: '1' });
    expect(pages).toEqual([[idOf(2 * MAX_EXAMINED + 2)], [], []]);
  });

  /** How many rows each read of one page asks for. */
  async function readsOf(query: Record<string, string>): Promise<number[]> {
    const asked: number[] = [];
    class WatchedStore extends MemoryJobStore {
      override getAll = many.getAll.bind(many);
      override timeline(range: TimelineRange) {
        asked.push(range.limit);
        return many.timeline(range);
      }
    }
    await list(new WatchedStore(), query);
    return asked;
  }

  it.each([
    { owner: 'nobody' },
    { state: '1' },
    { status: '10' },
    { operation: 'none' },
    { dependencyToken: 'none' },
    { owner: 'nobody', limit: '1000' },
  ])('never looks at more rows than that for one page, by reads of 200: %j', async (query) => {
    expect(await readsOf(query)).toEqual(Array.from({ length: 10 }, () => 200));
  });

  it.each([
    [{ limit: '7' }, 8],
    [{ limit: '3', createdBefore: at(9), createdAfter: at(1) }, 4],
    [{ limit: '1000' }, 1_001],
  ])('looks at one more than the page where every row belongs to it: %j', async (query, rows) => {
    expect(await readsOf(query)).toEqual([rows]);
  });
});

describe('a list of the jobs of a token', () => {
  const LONG = 'x'.repeat(200);

  it.each(['orders', LONG])('has these and no others, also where rows have its hash: %s', async (token) => {
    const dependencyToken = tokenKey(token);
    const store = storeWith({ dependencyToken }, {}, { dependencyToken: 'others' }, { dependencyToken });
    const { items } = await list(store, { dependencyToken: token });
    expect(items.map(({ jobId }) => jobId)).toEqual([idOf(4), idOf(1)]);
  });
});

describe('a cursor that no page has told', () => {
  it.each(['x', 'x/y', '1.5/y', '1e300/y'])('is refused: "%s"', async (place) => {
    await expect(list(storeWith({}), { cursor: pageCursor({}, place) })).rejects.toMatchObject({
      faults: [{ in: 'query', pointer: '/cursor', detail: expect.stringContaining('with the same filters') }],
    });
  });
});

/** The pieces of a walk over so many jobs, every other one Otto's. */
const walked = async (count: number, filter: JobFilter = {}, from = startOf(filter)) => {
  const store = storeWith(
    ...Array.from({ length: count }, (_, n) => (n % 2 === 0 ? {} : { ownerId: 'otto' })),
  );
  const pieces = [];
  for await (const piece of walkJobs(filter, from, store)) pieces.push(piece);
  return pieces;
};
const numbers = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => idOf(from - n));

describe('a walk over all jobs', () => {
  it.each([
    [0, [0]],
    [99, [99]],
    [100, [100, 0]],
    [250, [100, 100, 50]],
  ])('of %d jobs sees each once, newest first, in pieces of %j', async (count, sizes) => {
    const pieces = await walked(count);
    expect(pieces.map(({ found }) => found.length)).toEqual(sizes);
    expect(pieces.flatMap(({ found }) => found.map(({ jobId }) => jobId))).toEqual(numbers(count, 1));
  });

  it('can go on from the place after any piece', async () => {
    const [first] = await walked(150);
    const rest = await walked(150, {}, first?.next);
    expect(rest.flatMap(({ found }) => found.map(({ jobId }) => jobId))).toEqual(numbers(50, 1));
  });

  it('shows what matches, and goes on over what does not', async () => {
    const pieces = await walked(250, { owner: 'otto', createdAfter: at(49), createdBefore: at(151) });
    const found = pieces.flatMap((piece) => piece.found);
    expect([found.length, found[0]?.jobId, found.at(-1)?.jobId]).toEqual([50, idOf(150), idOf(52)]);
    expect(new Set(found.map(({ ownerId }) => ownerId))).toEqual(new Set(['otto']));
  });
});
