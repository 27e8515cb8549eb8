import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { purge } from '../../shared/operations/purge.ts';
import type { Retention } from '../../shared/service/retention.ts';
import { aPast, completedJobs, postponedJobs } from '../support/a-past.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { settableClock } from '../support/memory/settable-clock.ts';
import { runOperation } from '../support/run-operation.ts';
import { countedTables } from '../support/units.ts';

const JOBS = 500;
/** The directory, the partitions of some days, and the two counts. */
const FIXED = 60;

describe('the units of a purge', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  async function aHouse(retention: Retention) {
    const { tables, units } = countedTables();
    const past = await aPast({ ...emulators, tables });
    const run = async () => {
      Object.assign(units, { reads: 0, writes: 0 });
      const purger = { ...past, retention: async () => retention };
      const { result } = await runOperation(purge, { repositories: { purger }, clock: settableClock() });
      return { result, reads: units.reads, writes: units.writes };
    };
    return { ...past, run };
  }

  it('are two writes and less than two reads for a short job', async () => {
    const { jobs, run } = await aHouse({ retentionDays: 1 });
    await jobs.insertAll(completedJobs(JOBS, 48));
    const { result, reads, writes } = await run();
    expect(result).toMatchObject({ removed: JOBS, completedLeft: 0 });
    expect(writes).toBeLessThanOrEqual(2 * JOBS + 1); // and the day leaves the directory
    expect(reads).toBeLessThan(2 * JOBS + FIXED);
  });

  it('are one write more for a part of its details', async () => {
    const { jobs, details, run } = await aHouse({ retentionDays: 1 });
    const old = completedJobs(50, 48);
    await jobs.insertAll(old);
    for (const job of old) await details.putResult({ ...job, claimNumber: 1 }, { counted: 3 });
    expect((await run()).writes).toBeLessThanOrEqual(3 * old.length + 1);
  });

  it('follow what is deleted: a hundred times as many that are kept add but their counting', async () => {
    const { jobs, run } = await aHouse({ retentionDays: 1, maxCompletedJobs: 100_000 });
    await jobs.insertAll(completedJobs(2_000, 2));
    const { result, reads, writes } = await run();
    expect(result).toMatchObject({ removed: 0, completedLeft: 2_000 });
    expect(writes).toBe(0);
    expect(reads).toBeLessThan(FIXED + 2_000 / 40);
  });

  it('are a look at each open job that is as old, and no write', async () => {
    const { jobs, run } = await aHouse({ retentionDays: 1 });
    const open = postponedJobs(200).map((job) => ({
      ...job,
      sequence: completedJobs(1, 48)[0]?.sequence ?? 0,
    }));
    await jobs.insertAll(open);
    const { result, reads, writes } = await run();
    expect(result).toMatchObject({ removed: 0, openPastRetention: 200 });
    expect([reads < FIXED + 200, writes]).toEqual([true, 0]);
  });
});
