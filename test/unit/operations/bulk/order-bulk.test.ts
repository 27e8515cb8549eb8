import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../../shared/job/job.ts';
import { sequenceAt } from '../../../../shared/job/sequence.ts';
import { ALL_STATUSES, isCompleted, Status } from '../../../../shared/job/status.ts';
import { BULK_VERBS } from '../../../../shared/operations/bulk/bulk-input.ts';
import { parseBulkOrder, tryBulk } from '../../../../shared/operations/bulk/order-bulk.ts';
import type { Caller } from '../../../../shared/service/caller.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { anOperation, aWorld, put } from '../../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../../support/callers.ts';
import { MemoryHistory } from '../../../support/memory/memory-history.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';

function aHouse(...jobs: Job[]) {
  const world = aWorld(anOperation());
  for (const job of jobs) put(job, world);
  return { ...world, history: new MemoryHistory(world.jobs) };
}

const jobIn = (statusCode: Job['statusCode'], place: number, facts: Partial<Job> = {}): Job => {
  const { watchAt, ...job } = aJob({ statusCode, sequence: sequenceAt(NOON - 1_000) + place, ...facts });
  return isCompleted(statusCode) ? { ...job, completedOn: at(-1) } : { ...job, watchAt: watchAt ?? at() };
};

const tried = (verb: string, body: object, house: ReturnType<typeof aHouse>, caller: Caller = OPERATOR) =>
  tryBulk(parseBulkOrder({ verb }, { filter: 'depth eq 1', ...body }), caller, house);

describe('a dry run', () => {
  it.each<[string, object, number]>([
    ['cancel', {}, 5],
    ['pause', {}, 2],
    ['resume', {}, 1],
    ['postpone', { until: at(1) }, 3],
    ['delete', {}, 4],
    ['delete', { force: true }, 8],
    ['rerun', {}, 3],
  ])('of "%s" %j counts all that match, and those whose state allows it', async (verb, body, possible) => {
    const house = aHouse(...ALL_STATUSES.map((status, place) => jobIn(status, place)));
    expect(await tried(verb, body, house)).toMatchObject({ count: 8, countIsExact: true, possible });
  });

  it('shows some of them, in the order in which they would be worked off, and changes nothing', async () => {
    const jobs = Array.from({ length: 30 }, (_, n) => jobIn(Status.Succeeded, n));
    const house = aHouse(...jobs);
    const rows = house.jobs.rows();
    const ids = async (verb: string) => (await tried(verb, {}, house)).sample.map(({ jobId }) => jobId);
    const oldestFirst = jobs.map(({ jobId }) => jobId);
    expect(await ids('rerun')).toEqual(oldestFirst.slice(0, 20));
    expect(await ids('delete')).toEqual(oldestFirst.toReversed().slice(0, 20));
    expect(house.jobs.rows()).toEqual(rows);
  });

  it('means the jobs that the order would mean: own ones, for an admin all', async () => {
    const house = aHouse(
      jobIn(0, 0),
      jobIn(0, 1, { createdBy: 'otto', ownerId: 'otto' }),
      jobIn(0, 2, { isPlatformGenerated: true }),
    );
    const counts = [
      tried('cancel', {}, house),
      tried('cancel', {}, house, ADMIN),
      tried('cancel', { asAdmin: false }, house, ADMIN),
    ];
    expect((await Promise.all(counts)).map(({ count }) => count)).toEqual([1, 2, 0]);
    await expect(tried('cancel', { asAdmin: true }, house)).rejects.toMatchObject({ code: 'NotAllowed' });
    await expect(tried('cancel', {}, house, READER)).rejects.toMatchObject({ code: 'NotAllowed' });
  });

  it('looks at so many rows and no more, and then says that there may be others', async () => {
    const house = aHouse(...Array.from({ length: 5_200 }, (_, n) => jobIn(Status.Succeeded, n)));
    expect(await tried('delete', {}, house)).toMatchObject({ count: 5_000, countIsExact: false });
  });
});

describe('an order of a bulk verb', () => {
  it.each(BULK_VERBS)('is read with what belongs to the verb: %s', (verb) => {
    const extras = {
      postpone: { until: '2026-01-01T00:00:00+01:00' },
      delete: { force: true },
      rerun: { fromCheckpoint: true },
    };
    const own = Object.entries(extras).find(([name]) => name === verb)?.[1] ?? {};
    const body = { filter: 'depth eq 1', reason: 'because', dryRun: true, ...own };
    expect(parseBulkOrder({ verb }, body)).toMatchObject({
      verb,
      dryRun: true,
      input: { filter: 'depth eq 1', reason: 'because' },
    });
    const foreign = verb === 'delete' ? { until: at() } : { force: true };
    expect(() => parseBulkOrder({ verb }, { ...body, ...foreign })).toThrow('no such field');
  });
});
