import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import * as z from 'zod';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { isCompleted, Status } from '../../../shared/job/status.ts';
import { purge } from '../../../shared/operations/purge.ts';
import { previewPurge } from '../../../shared/service/preview-purge.ts';
import type { Retention } from '../../../shared/service/retention.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation } from '../../support/a-world.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { MemoryHistory } from '../../support/memory/memory-history.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON, settableClock } from '../../support/memory/settable-clock.ts';
import { runOperation } from '../../support/run-operation.ts';

const HOUR_MS = 3_600_000;

const aHouse = (retention: Retention, ...rows: Job[]) => {
  const jobs = new MemoryJobStore();
  for (const row of rows) jobs.put(row);
  return {
    jobs,
    details: new MemoryJobDetails(),
    history: new MemoryHistory(jobs),
    retention: async () => retention,
    clock: settableClock(),
    operations: new Map([['count-to', anOperation()]]),
  };
};

let sequences = 0;
interface Past {
  /** In hours. */
  readonly overFor?: number;
  readonly statusCode?: Job['statusCode'];
}
/** Created so many hours before noon; over since then, if nothing else is said. */
function job(hoursAgo: number, { overFor = hoursAgo, statusCode = Status.Succeeded }: Past = {}): Job {
  const { watchAt, ...row } = aJob({
    sequence: sequenceAt(NOON - hoursAgo * HOUR_MS) + ++sequences,
    createdOn: at(-hoursAgo * HOUR_MS),
    statusCode,
  });
  return isCompleted(statusCode)
    ? { ...row, completedOn: at(-overFor * HOUR_MS) }
    : { ...row, watchAt: watchAt ?? at() };
}
const open = (hoursAgo: number): Job => job(hoursAgo, { statusCode: Status.Waiting });
const many = (count: number, make: () => Job): Job[] => Array.from({ length: count }, make);
const idsOf = (jobs: readonly Job[]) => jobs.map(({ jobId }) => expect.objectContaining({ jobId }));

describe('the preview of a purge', () => {
  it.each([OPERATOR, READER])('is for admins: $role', async (caller) => {
    await expect(previewPurge(caller, aHouse({ retentionDays: 1 }))).rejects.toMatchObject({
      code: 'NotAllowed',
    });
  });

  it('says how many would go and why, how many would stay, and shows which go first', async () => {
    const due = [job(49), job(48), job(3), job(2)];
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 1 }, open(50), open(5), job(1), ...due);
    expect(await previewPurge(ADMIN, house)).toEqual({
      count: 4,
      isEstimate: false,
      pastRetention: 2,
      aboveMaximum: 2,
      completedLeft: 1,
      cutoff: at(-24 * HOUR_MS),
      retentionDays: 1,
      maxCompletedJobs: 1,
      oldest: at(-49 * HOUR_MS),
      sample: idsOf(due),
    });
    expect(house.jobs.rows()).toHaveLength(7);
  });

  it('has nothing to show where nothing is due', async () => {
    const preview = await previewPurge(ADMIN, aHouse({ retentionDays: 1 }, open(50), job(23.9), job(1)));
    expect(preview).toMatchObject({ count: 0, completedLeft: 2, maxCompletedJobs: null, sample: [] });
    expect(preview).not.toHaveProperty('oldest');
  });

  it('leaves as many as the maximum says, and no fewer', async () => {
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 5 }, job(3), job(2), open(2), job(1));
    expect(await previewPurge(ADMIN, house)).toMatchObject({ count: 0, aboveMaximum: 0, completedLeft: 3 });
  });

  it('shows jobs as the lists do', async () => {
    const preview = await previewPurge(ADMIN, aHouse({ retentionDays: 1 }, job(30)));
    expect(preview).toMatchObject({ sample: [{ operation: 'count-to', shownAs: 'Success', stateCode: 3 }] });
  });

  it('shows the twenty oldest of those that are too old', async () => {
    const due = many(30, () => job(40));
    const preview = await previewPurge(ADMIN, aHouse({ retentionDays: 1 }, ...due));
    expect(preview).toMatchObject({ count: 30, sample: idsOf(due.slice(0, 20)) });
  });

  it('shows of those above the maximum the oldest, as long as there is room', async () => {
    const [old, young] = [many(15, () => job(40)), many(250, () => job(3))];
    const waiting = many(250, () => open(4));
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 10 }, open(39), ...old, ...waiting, ...young);
    expect(await previewPurge(ADMIN, house)).toMatchObject({
      count: 15 + 240,
      sample: idsOf([...old, ...young.slice(0, 5)]),
    });
  });

  it('shows a job that waited long before it ran where its age puts it', async () => {
    const waited = job(9_000, { overFor: 1 });
    const old = job(40);
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 0 }, old, waited);
    expect(await previewPurge(ADMIN, house)).toMatchObject({
      pastRetention: 1,
      aboveMaximum: 1,
      oldest: at(-9_000 * HOUR_MS),
      sample: idsOf([waited, old]),
    });
  });
});

const manyOld = (count: number) => many(count, () => job(40));

describe('the preview of a large purge', () => {
  it('is exact as long as it can look at every row that is old enough', async () => {
    const house = aHouse({ retentionDays: 1 }, ...manyOld(5_000), job(1));
    expect(await previewPurge(ADMIN, house)).toMatchObject({
      count: 5_000,
      isEstimate: false,
      completedLeft: 1,
    });
  });

  it('counts beyond 5,000 rows on the index, and says so: what it has not seen may be open', async () => {
    const house = aHouse({ retentionDays: 1 }, open(41), ...manyOld(5_100), open(40), job(1));
    expect(await previewPurge(ADMIN, house)).toMatchObject({
      count: 5_101,
      isEstimate: true,
      pastRetention: 5_101,
      aboveMaximum: 0,
    });
  });

  it('does not search beyond 5,000 rows for what it could show, but counts it', async () => {
    const waiting = many(5_000, () => open(30));
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 1 }, ...waiting, job(3), job(2));
    expect(await previewPurge(ADMIN, house)).toMatchObject({ aboveMaximum: 1, sample: [] });
  });
});

const Counts = z.object({
  pastRetention: z.number(),
  aboveMaximum: z.number(),
  completedLeft: z.number(),
});
const Said = Counts.extend({
  count: z.number(),
  oldest: z.string().optional(),
  sample: z.array(z.object({ jobId: z.string() })),
});
const Done = Counts.extend({ removed: z.number(), oldestRemoved: z.string().nullish() });

describe('a purge', () => {
  const hours = fc.integer({ min: 1, max: 60 });
  const rows = fc.array(
    fc.record({
      born: hours,
      overFor: hours,
      statusCode: fc.constantFrom<Job['statusCode'][]>(0, 10, 30, 32),
    }),
    { maxLength: 30 },
  );

  it('does what its preview has said', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.option(fc.nat({ max: 20 })), async (facts, most) => {
        const jobs = facts.map(({ born, overFor, statusCode }) =>
          job(born, { overFor: Math.min(born, overFor), statusCode }),
        );
        const house = aHouse({ retentionDays: 1, ...(most !== null && { maxCompletedJobs: most }) }, ...jobs);
        const said = Said.parse(await previewPurge(ADMIN, house));
        const repositories = { purger: house };
        const { result } = await runOperation(purge, { repositories, clock: house.clock });
        const done = Done.parse(result);
        const { removed: count, pastRetention, aboveMaximum, completedLeft } = done;
        expect(said).toMatchObject({ count, pastRetention, aboveMaximum, completedLeft });
        // What went first may be younger than what goes for the maximum: the preview shows the oldest of all.
        if (count > 0) expect((said.oldest ?? '~') <= (done.oldestRemoved ?? '')).toBe(true);
        for (const { jobId } of said.sample) expect(await house.jobs.get(jobId)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
});
