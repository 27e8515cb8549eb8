import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoJobPages } from '../../shared/aws/dynamo-job-pages.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { sequenceAt } from '../../shared/job/sequence.ts';
import type { BulkVerb } from '../../shared/operations/bulk/bulk-input.ts';
import { BULK_OPERATIONS } from '../../shared/operations/bulk/bulk-operations.ts';
import { aJob } from '../support/a-job.ts';
import { aPast, completedJobs, postponedJobs } from '../support/a-past.ts';
import { anOperation, aWorld } from '../support/a-world.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { NOON } from '../support/memory/settable-clock.ts';
import { runOperation } from '../support/run-operation.ts';
import { countedTables } from '../support/units.ts';

const JOBS = 500;
/** The directory, the partitions of some days, the own row and the end of the list. */
const FIXED = 60;

describe('the units of a bulk verb', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  async function aHouse() {
    const { tables, units } = countedTables();
    const past = await aPast({ ...emulators, tables });
    const pages = new DynamoJobPages(
      tables,
      past.names.jobDetails,
      s3Texts(emulators.buckets, emulators.bucket),
    );
    const service = { ...aWorld(anOperation()), ...past };
    const run = async (verb: BulkVerb, filter: string) => {
      const operation = BULK_OPERATIONS.find(({ name }) => name === `bulk-${verb}`);
      if (operation === undefined) throw new Error(`There is no ${verb}.`);
      const own = aJob({ jobId: randomUUID(), sequence: sequenceAt(NOON), operation: operation.name });
      await past.jobs.insert(own);
      Object.assign(units, { reads: 0, writes: 0 });
      const repositories = { bulk: { service, history: past.history, pages } };
      const input = { filter };
      const { result } = await runOperation(operation, {
        repositories,
        clock: service.clock,
        jobId: own.jobId,
        input,
      });
      return { result, reads: units.reads, writes: units.writes };
    };
    return { ...past, run };
  }

  it('are, for each job that it deletes, those of the deletion and a fraction for the list', async () => {
    const { jobs, run } = await aHouse();
    await jobs.insertAll(completedJobs(JOBS, 48));
    const { result, reads, writes } = await run(
      'delete',
      "statuscode eq 30 and completedon lt now() sub 'P1D'",
    );
    expect(result).toMatchObject({ found: JOBS, done: JOBS });
    // Two for the row and its index entry; the list is written twice.
    expect(writes).toBeLessThan(2.2 * JOBS + FIXED);
    // Found on the index, read, read again by the verb, and a look for details.
    expect(reads).toBeLessThan(3 * JOBS + FIXED);
  });

  it('of open jobs follow the open jobs, however many are over', async () => {
    const { jobs, run } = await aHouse();
    await jobs.insertAll(completedJobs(2_000, 48));
    await jobs.insertAll(postponedJobs(50).map((job) => ({ ...job, sequence: sequenceAt(NOON - 1) })));
    const { result, reads } = await run('cancel', 'statecode eq 1');
    expect(result).toMatchObject({ found: 50, done: 50 });
    expect(reads).toBeLessThan(50 * 3 + FIXED);
  });

  it('of what lies within dates follow what lies there', async () => {
    const { jobs, run } = await aHouse();
    await jobs.insertAll(completedJobs(2_000, 2));
    const { result, reads, writes } = await run(
      'delete',
      "statecode eq 3 and completedon lt now() sub 'P1D'",
    );
    expect(result).toMatchObject({ found: 0 });
    expect(reads).toBeLessThan(FIXED);
    expect(writes).toBeLessThan(3);
  });
});
