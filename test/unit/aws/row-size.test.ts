import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { itemOf } from '../../../shared/aws/job-item.ts';
import { type Job, TEXT_COLUMNS } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { OPERATIONS } from '../../../shared/operations/registry.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { hostIds } from '../../../shared/service/host-ids.ts';
import type { NewJob } from '../../../shared/service/new-job.ts';
import { rerunJob } from '../../../shared/service/rerun-job.ts';
import { RESULT_ON_ROW_BYTES } from '../../../shared/service/result.ts';
import { relationTo } from '../../../shared/service/series/series.ts';
import { tokenKey } from '../../../shared/service/token-key.ts';
import { cancelJob, deleteJob, postponeJob } from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, runOnce, type World, withOperation } from '../../support/a-world.ts';
import { itemSize } from '../../support/item-size.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';

/** One write unit. */
const MAX_ROW_BYTES = 1_024;
const SHARDING = { shards: 256 };
const UUID = 'abcdef00-0000-7000-8000-000000000001';
const OTHER = 'abcdef00-0000-7000-8000-000000000002';
const LONGEST_NAME = Math.max(...[...OPERATIONS.keys()].map((name) => name.length));

const sizeOf = (job: Job): number => {
  const { inputBlobId, ...row } = itemOf(job, SHARDING);
  return itemSize(inputBlobId === '' ? row : { ...row, inputBlobId });
};

/** Remembers the largest row that was ever written. */
class MeasuringStore extends MemoryJobStore {
  largest = 0;

  override put(job: Job): void {
    super.put(job);
    this.largest = Math.max(this.largest, sizeOf(job));
  }
}

describe('the size of an item', () => {
  it('is that of its names and values, as DynamoDB counts them', () => {
    expect(itemSize({ name: 'ü', yes: true, n: 12_345, list: ['a', 'bc'], none: undefined })).toBe(
      4 + 2 + 3 + 1 + 1 + 4 + 4 + 3 + (1 + 1) + (1 + 2),
    );
  });
});

/** Texts of which only the beginning fits, an upload, a line, and every number large. */
const FULL = {
  jobId: UUID,
  sequence: sequenceAt(Date.parse('2026-11-22T12:34:56.789Z')) + 1_999,
  operation: 'o'.repeat(LONGEST_NAME),
  name: 'n'.repeat(64),
  description: 'd'.repeat(32),
  message: 'm'.repeat(28),
  friendlyMessage: 'f'.repeat(64),
  longTexts: TEXT_COLUMNS,
  dependencyToken: tokenKey('t'.repeat(256)),
  inputBlobId: UUID,
  lane: 'standard',
  createdBy: UUID,
  ownerId: UUID,
  modifiedBy: OTHER,
  claimNumber: 99_999,
  retryCount: 99,
  maxRetries: 99,
  crashCount: 2,
  errorCode: 1,
  startedOn: at(),
  progressDone: 123_456_789_012,
  progressTotal: 987_654_321_098,
  executionTimeSpan: 123_456.78,
} as const;

/** Where a job comes from: from a client that chose the id, or from another job. */
const ORIGINS = [
  ['an order that can be sent again', { requestHash: 'h'.repeat(16), deleteOnSuccess: true }],
  // It never deletes itself.
  ['a rerun', { rerunOf: OTHER }],
  // Its input is never an upload's.
  ['a series', { requestHash: 'h'.repeat(16), relatedTo: relationTo(OTHER), inputBlobId: '' }],
] as const;

/** Asked for by people after a retry and a crash, one after the other. */
const STATES: readonly (readonly [string, Partial<Job>])[] = [
  [
    'asked to stop, postponed before that, and to be deleted then',
    {
      statusCode: Status.Canceling,
      leaseEndsAt: at(),
      hostId: 'abcdef00-0000-12345',
      watchAt: at(60_000),
      postponeUntil: at(60_000),
      deleteWhenOver: true,
    },
  ],
  [
    'waiting for its next try',
    { statusCode: Status.Waiting, watchAt: at(60_000), postponeUntil: at(), isRetrying: true },
  ],
  [
    'waiting for an event',
    { statusCode: Status.Waiting, watchAt: at(60_000), postponeUntil: at(), isWaitingForEvent: true },
  ],
];

/** As `recordEnd` leaves it. */
const OVER: Partial<Job> = {
  statusCode: Status.Failed,
  completedOn: at(),
  result: 'r'.repeat(RESULT_ON_ROW_BYTES),
};

describe.each(ORIGINS)('the row of a job of %s', (_origin, facts) => {
  it.each(STATES)('has at most 1 KB with every column full while it is %s', (_state, state) => {
    expect(sizeOf({ ...aJob(), ...FULL, ...facts, ...state })).toBeLessThanOrEqual(MAX_ROW_BYTES);
  });

  it('has at most 1 KB with every column full when it is a stub', () => {
    const { watchAt: _none, ...job } = aJob();
    const stub = { ...OVER, expiresAt: 1_795_435_200 };
    expect(sizeOf({ ...job, ...FULL, ...facts, ...stub })).toBeLessThanOrEqual(MAX_ROW_BYTES);
  });

  it('has at most 1 KB with every column full when it is over', () => {
    const { watchAt: _none, ...job } = aJob();
    expect(sizeOf({ ...job, ...FULL, ...facts, ...OVER })).toBeLessThanOrEqual(MAX_ROW_BYTES);
  });
});

const CALLER = { id: UUID, role: 'operator' } as const;
const ADMIN = { id: OTHER, role: 'admin' } as const;

/** A life in which everything happens: retries, a crash, every wish of another person, a rerun. */
async function fullLife(order: Omit<NewJob, 'operation'>, error: string, chosenId?: string): Promise<number> {
  const jobs = new MeasuringStore();
  const bare = aWorld();
  const measured = { ...bare, jobs, chains: jobs, newId: hostIds('abcdef00-0000') };
  const world: World = withOperation(
    measured,
    anOperation({
      name: 'o'.repeat(LONGEST_NAME),
      lane: 'standard',
      laneOf: () => 'bulk',
      async *run(_input, { jobId, run }) {
        yield { done: 123_456_789, total: 987_654_321, cursor: 1 };
        world.clock.advance(2_000);
        if (run.tries === 1) throw new Error(error);
        await postponeJob(jobId, { until: at(3_600_000) }, ADMIN, world);
        await cancelJob(jobId, ADMIN, world);
        yield { done: 123_456_789_012, total: 987_654_321_098, cursor: 2 };
        return { result: error, friendlyMessage: error };
      },
    }),
  );
  // UUIDs, as the product's are; the claims of workers are named otherwise.
  let ids = 0;
  const creator = { ...world, newId: () => `${OTHER.slice(0, -4)}${1_000 + ++ids}` };
  const { job } = await createJob(
    { ...order, operation: 'o'.repeat(LONGEST_NAME) },
    CALLER,
    creator,
    chosenId,
  );
  await runOnce(job, world);
  world.clock.advance(600_000);
  await runOnce(job, world);
  const again = await rerunJob(job.jobId, ADMIN, creator, { fromCheckpoint: true });
  await runOnce(again, world);
  await deleteJob(again.jobId, ADMIN, world);
  return jobs.largest;
}

describe('the row of a job', () => {
  const TEXT = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 400 }),
    fc.constantFrom('x'.repeat(300), '日'.repeat(99), 'x'.repeat(30)),
  );
  const ORDER = fc.record(
    { name: TEXT, description: TEXT, dependencyToken: TEXT, maxRetries: fc.constantFrom(1, 99) },
    { requiredKeys: ['maxRetries'] },
  );
  const CHOSEN = fc.constantFrom(undefined, UUID);

  it('has at most 1 KB at any time, whatever people and operations write', async () => {
    await fc.assert(
      fc.asyncProperty(ORDER, TEXT, TEXT, CHOSEN, async (order, input, error, chosenId) => {
        expect(await fullLife({ ...order, input }, error, chosenId)).toBeLessThanOrEqual(MAX_ROW_BYTES);
      }),
    );
  });

  it('has at most 1 KB also where the input fits just so', async () => {
    const sizes: number[] = [];
    for (let bytes = 150; bytes < 300; bytes++) {
      const order = { name: 'n'.repeat(40), maxRetries: 99, input: 'i'.repeat(bytes) };
      sizes.push(await fullLife(order, 'e'.repeat(999), UUID));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_ROW_BYTES);
    // Or the row would be smaller than it has to be, and small inputs cost a second item.
    expect(Math.max(...sizes)).toBeGreaterThan(900);
  });
});
