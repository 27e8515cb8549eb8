import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { InvalidInput } from '../../../shared/service/errors.ts';
import { JobQuery, listJobs } from '../../../shared/service/list-jobs.ts';
import { pageCursor, readPageCursor } from '../../../shared/service/page-cursor.ts';
import { parse } from '../../../shared/service/parse.ts';
import { aJob } from '../../support/a-job.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';

const LIST = { owner: 'olga' };

describe('a cursor', () => {
  it('leads back to its place, whatever the place is called', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        (place) => readPageCursor(LIST, pageCursor(LIST, place)) === place,
      ),
    );
  });

  it('can stand in a query as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (place) => /^[\w-]+$/.test(pageCursor(LIST, place))),
    );
  });

  it.each([
    ['of another list', pageCursor({ owner: 'adam' }, 'x')],
    ['that is empty', ''],
    ['that is no base64', '***'],
    ['that is no JSON', Buffer.from('{').toString('base64url')],
    ['that says something else', Buffer.from('{"of":"x"}').toString('base64url')],
    ['that says more', Buffer.from(JSON.stringify({ of: 'x', at: 'y', z: 1 })).toString('base64url')],
  ])('%s is refused', (_what, cursor) => {
    expect(() => readPageCursor(LIST, cursor)).toThrow(
      expect.objectContaining({ faults: [{ in: 'query', pointer: '/cursor', detail: expect.any(String) }] }),
    );
  });

  it('that somebody has tampered with is refused or leads somewhere, and breaks nothing', () => {
    const cursor = pageCursor(LIST, '12345/some-job');
    fc.assert(
      fc.property(
        fc.nat(cursor.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        (index, character) => {
          try {
            expect(
              readPageCursor(LIST, cursor.slice(0, index) + character + cursor.slice(index + 1)),
            ).toEqual(expect.any(String));
          } catch (error) {
            expect(error).toBeInstanceOf(InvalidInput);
          }
        },
      ),
    );
  });
});

const list = async (query: Record<string, string>) => {
  const store = new MemoryJobStore();
  for (let sequence = 1; sequence <= 3; sequence++) store.put(aJob({ sequence }));
  return listJobs(parse(JobQuery, query), store);
};

describe('the cursor of a list of jobs', () => {
  it.each([[{ owner: 'adam' }], [{ state: '0' }], [{ createdAfter: '2020-01-01T00:00:00Z' }]])(
    'is refused with other filters: %o',
    async (filter) => {
      const { nextCursor = '' } = await list({ limit: '1' });
      await expect(list({ ...filter, cursor: nextCursor })).rejects.toMatchObject({ code: 'InvalidInput' });
    },
  );

  it('goes with another limit', async () => {
    const { nextCursor = '' } = await list({ limit: '1' });
    expect((await list({ limit: '9', cursor: nextCursor })).items).toHaveLength(2);
  });

  it.each(['x/y', 'NaN/', '1.5/', '1e400/', '/'.repeat(9), '-9007199254740993/'])(
    'with the place %s leads nowhere or is refused, and breaks nothing',
    async (place) => {
      const cursor = pageCursor({}, place);
      const outcome = await list({ cursor }).then(
        () => 'a page',
        (refusal: unknown) => (refusal instanceof InvalidInput ? 'refused' : refusal),
      );
      expect(['a page', 'refused']).toContain(outcome);
    },
  );
});
