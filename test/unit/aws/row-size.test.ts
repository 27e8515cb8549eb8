import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { itemOf } from '../../../shared/aws/job-item.ts';
import type { Job } from '../../../shared/job/job.ts';
import { TEXT_COLUMNS } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { OPERATIONS } from '../../../shared/operations/registry.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, runOnce } from '../../support/a-world.ts';
import { itemSize } from '../../support/item-size.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { stepsOf } from '../../support/steps.ts';

/** One write unit. */
const MAX_ROW_BYTES = 1_024;
const SHARDING = { shards: 256 };
const UUID = 'abcdef00-0000-7000-8000-000000000001';
const LONGEST_NAME = Math.max(...[...OPERATIONS.keys()].map((name) => name.length));

/** Remembers the largest row that was ever written. */
class MeasuringStore extends MemoryJobStore {
  largest = 0;

  override put(job: Job): void {
    super.put(job);
    this.largest = Math.max(this.largest, itemSize(itemOf(job, SHARDING)));
  }
}

describe('the size of an item', () => {
  it('is that of its names and values, as DynamoDB counts them', () => {
    expect(itemSize({ name: 'ü', yes: true, n: 12_345, list: ['a', 'bc'], none: undefined })).toBe(
      4 + 2 + 3 + 1 + 1 + 4 + 4 + 3 + (1 + 1) + (1 + 2),
    );
  });
});

/** An order that fills the row: long texts of which only the beginning fits there, and an input that just fits. */
const FULL = {
  jobId: UUID,
  sequence: sequenceAt(Date.parse('2026-11-22T12:34:56.789Z')) + 1_999,
  operation: 'o'.repeat(LONGEST_NAME),
  name: 'n'.repeat(100),
  description: 'd'.repeat(100),
  longTexts: ['name', 'description'],
  input: 'i'.repeat(100),
  createdBy: UUID,
  ownerId: UUID,
  modifiedBy: UUID,
  claimNumber: 9_999,
  startedOn: at(),
  progressDone: 123_456_789,
  progressTotal: 987_654_321,
  executionTimeSpan: 123_456.78,
} as const;

const RUNNING = {
  statusCode: Status.InProgress,
  leaseEndsAt: at(),
  hostId: UUID,
  watchAt: at(60_000),
} as const;

/** As `recordEnd` leaves it. */
const OVER = {
  statusCode: Status.Failed,
  completedOn: at(),
  friendlyMessage: 'f'.repeat(100),
  message: 'm'.repeat(64),
  longTexts: TEXT_COLUMNS,
  errorCode: 2,
  hasResult: true,
} as const;

describe('the row of a job', () => {
  it('has at most 1 KB with every column full while it is run', () => {
    expect(itemSize(itemOf({ ...aJob(), ...FULL, ...RUNNING }, SHARDING))).toBeLessThanOrEqual(MAX_ROW_BYTES);
  });

  it('has at most 1 KB with every column full when it is over', () => {
    const { watchAt: _none, ...job } = aJob();
    expect(itemSize(itemOf({ ...job, ...FULL, ...OVER }, SHARDING))).toBeLessThanOrEqual(MAX_ROW_BYTES);
  });

  const TEXT = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 1_000 }),
    fc.constantFrom('x'.repeat(300), '日'.repeat(99)),
  );

  it('has at most 1 KB at any time, whatever people and operations write', async () => {
    await fc.assert(
      fc.asyncProperty(TEXT, TEXT, TEXT, TEXT, async (name, description, input, error) => {
        const jobs = new MeasuringStore();
        const operation = anOperation({
          name: 'o'.repeat(LONGEST_NAME),
          run: (_input, { cursor }) =>
            stepsOf([{ done: 123_456_789, total: 987_654_321, cursor: 1 }], () => {
              if (cursor === undefined) return {};
              throw new PermanentError(error);
            }),
        });
        const world = { ...aWorld(operation), jobs, newId: () => UUID };
        const order = { operation: operation.name, input, name, description };
        const job = await createJob(order, { id: UUID, role: 'operator' }, world);
        await runOnce(job, world, { sliceEndsAt: 0 });
        world.clock.advance(123_456);
        await runOnce(job, world);
        expect(jobs.largest).toBeLessThanOrEqual(MAX_ROW_BYTES);
      }),
    );
  });
});
