import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { ALL_STATUSES, isCompleted, Status } from '../../../shared/job/status.ts';
import { purge } from '../../../shared/operations/purge.ts';
import type { PurgeStep } from '../../../shared/operations/purge-cursor.ts';
import type { Outcome, RunContext } from '../../../shared/service/operation.ts';
import type { Retention } from '../../../shared/service/retention.ts';
import { aJob, at } from '../../support/a-job.ts';
import { MemoryHistory } from '../../support/memory/memory-history.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON, settableClock } from '../../support/memory/settable-clock.ts';
import { noCallback, outcomeOf } from '../../support/never-waits.ts';

const HOUR_MS = 3_600_000;

interface House {
  readonly jobs: MemoryJobStore;
  readonly details: MemoryJobDetails;
  readonly retention: Retention;
}

const aHouse = (retention: Retention, ...jobs: Job[]): House => {
  const house = { jobs: new MemoryJobStore(), details: new MemoryJobDetails(), retention };
  for (const job of jobs) house.jobs.put(job);
  return house;
};

const began = (
  { jobs, details, retention }: House,
  cursor?: PurgeStep['cursor'],
): ReturnType<typeof purge.run> => {
  const context: RunContext<unknown> = {
    jobId: 'purge',
    cursor,
    run: { claimNumber: 1, tries: 1, crashes: 0, hostId: 'host' },
    clock: settableClock(),
    repositories: {
      purger: { jobs, details, history: new MemoryHistory(jobs), retention: async () => retention },
    },
    signal: new AbortController().signal,
    sleep: async () => {},
    log: () => {},
    callback: noCallback,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test hands over what the operation declares
  return purge.run({}, context as never);
};

async function toTheEnd(house: House, cursor?: PurgeStep['cursor']): Promise<Outcome> {
  const steps = began(house, cursor);
  for (;;) {
    const step = await steps.next();
    if (step.done) return outcomeOf(step.value);
  }
}

let sequences = 0;
/** Created and completed so many hours before noon. */
const job = (hoursAgo: number, facts: Partial<Job> = {}): Job => {
  const { watchAt: _none, ...row } = aJob({
    sequence: sequenceAt(NOON - hoursAgo * HOUR_MS) + ++sequences,
    createdOn: at(-hoursAgo * HOUR_MS),
    statusCode: Status.Succeeded,
    completedOn: at(-hoursAgo * HOUR_MS),
  });
  const isOpen = !isCompleted(facts.statusCode ?? row.statusCode);
  const { completedOn: _not, ...open } = row;
  return isOpen ? { ...open, watchAt: at(), ...facts } : { ...row, ...facts };
};

const left = ({ jobs }: House): string[] => jobs.rows().map(({ jobId }) => jobId);
const idsOf = (jobs: readonly Job[]): string[] => jobs.map(({ jobId }) => jobId);

describe('the purge', () => {
  it('deletes jobs that were completed longer ago than they are kept, and no others', async () => {
    const [old, onTheDot, young] = [job(24.1), job(24), job(23.9)];
    const house = aHouse({ retentionDays: 1 }, young, old, onTheDot);
    await toTheEnd(house);
    expect(left(house)).toEqual(idsOf([young, onTheDot]));
  });

  it.each(ALL_STATUSES.filter((status) => !isCompleted(status)))(
    'never deletes an open job, however old it is: status %s',
    async (statusCode) => {
      const open = job(10_000, { statusCode });
      const house = aHouse({ retentionDays: 0, maxCompletedJobs: 0 }, open);
      await toTheEnd(house);
      expect(left(house)).toEqual([open.jobId]);
    },
  );

  it.each([Status.Succeeded, Status.Failed, Status.Canceled])(
    'deletes jobs that ended as %s',
    async (statusCode) => {
      const house = aHouse({ retentionDays: 1 }, job(25, { statusCode }));
      await toTheEnd(house);
      expect(left(house)).toEqual([]);
    },
  );

  it('goes by when a job was completed: one that had waited for a year is kept like any other', async () => {
    const waited = job(9_000, { completedOn: at(-HOUR_MS) });
    const house = aHouse({ retentionDays: 1 }, waited);
    await toTheEnd(house);
    expect(left(house)).toEqual([waited.jobId]);
  });

  it('keeps the newest completed jobs up to the maximum, and does not count open ones', async () => {
    const open = [job(9, { statusCode: Status.Waiting }), job(1, { statusCode: Status.InProgress })];
    const completed = [8, 7, 6, 5, 4].map((hours) => job(hours));
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 2 }, ...open, ...completed);
    const { result } = await toTheEnd(house);
    expect(left(house).toSorted()).toEqual([...idsOf(open), ...idsOf(completed.slice(3))].toSorted());
    expect(result).toMatchObject({ removed: 3, pastRetention: 0, aboveMaximum: 3, completedLeft: 2 });
  });

  it('takes what is too old before it counts what is too much', async () => {
    const waited = job(50, { completedOn: at(-HOUR_MS) });
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 2 }, waited, job(40), job(30), job(2));
    expect((await toTheEnd(house)).result).toMatchObject({
      pastRetention: 2,
      aboveMaximum: 0,
      completedLeft: 2,
    });
    expect(left(house)).toContain(waited.jobId);
  });

  it('may keep none', async () => {
    const house = aHouse({ retentionDays: 3_650, maxCompletedJobs: 0 }, job(1), job(2), job(3));
    await toTheEnd(house);
    expect(left(house)).toEqual([]);
  });

  it('takes the details of a job with it, and leaves those of others', async () => {
    const [old, young] = [job(30), job(1)];
    const house = aHouse({ retentionDays: 1 }, old, young);
    for (const each of [old, young]) await house.details.putResult({ ...each, claimNumber: 1 }, 'result');
    await toTheEnd(house);
    expect([house.details.partsOf(old.jobId), house.details.partsOf(young.jobId)]).toEqual([
      [],
      [`${young.jobId}/result`],
    ]);
  });

  it('says how many went and why, which was the oldest, and how many are left', async () => {
    const house = aHouse({ retentionDays: 1, maxCompletedJobs: 1 }, job(49), job(48), job(3), job(2), job(1));
    expect(await toTheEnd(house)).toEqual({
      result: {
        removed: 4,
        pastRetention: 2,
        aboveMaximum: 2,
        completedLeft: 1,
        openPastRetention: 0,
        oldestRemoved: at(-49 * HOUR_MS),
        cutoff: at(-24 * HOUR_MS),
        retentionDays: 1,
        maxCompletedJobs: 1,
        emptyDays: 0,
        idleTokens: 0,
      },
      friendlyMessage:
        'Deleted 4 completed jobs (2 past their retention, 2 above the maximum); 1 completed jobs are kept.',
    });
  });

  it('says so when nothing was due', async () => {
    const { friendlyMessage } = await toTheEnd(aHouse({ retentionDays: 1 }, job(1)));
    expect(friendlyMessage).toBe('Nothing was due: 1 completed jobs are kept.');
  });
});

/** More than a page of each kind. */
const manyJobs = (): Job[] => {
  const aged = Array.from({ length: 450 }, (_, n) =>
    job(1_000 - n, n % 7 === 0 ? { statusCode: Status.Waiting } : {}),
  );
  const young = Array.from({ length: 700 }, (_, n) => job(20 - n / 100));
  return [...aged, ...young];
};

describe('a purge that crashes', () => {
  it('and goes on from any checkpoint that was saved leaves exactly what an undisturbed one leaves', async () => {
    const jobs = manyJobs();
    const retention = { retentionDays: 1, maxCompletedJobs: 300 };
    const undisturbed = aHouse(retention, ...jobs);
    await toTheEnd(undisturbed);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 17 }), fc.nat({ max: 5 }), async (saved, lost) => {
        const house = aHouse(retention, ...jobs);
        const steps = began(house);
        let cursor: PurgeStep['cursor'] | undefined;
        for (let made = 0; made <= saved + lost; made++) {
          const { done, value } = await steps.next();
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the operation's own cursor
          if (!done && (made <= saved || value.mustSave)) cursor = value.cursor as PurgeStep['cursor'];
        }
        await toTheEnd(house, cursor);
        expect(left(house).length).toBe(left(undisturbed).length);
        expect(left(house)).toEqual(left(undisturbed));
      }),
      { numRuns: 150 },
    );
  });
});
