import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { createJob } from '../../shared/service/create-job.ts';
import type { Checkpoint, Outcome } from '../../shared/service/operation.ts';
import { anOperation, aWorld, theJob, withOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { answer } from '../support/on-emulators.ts';

const SECONDS = 3 * 3_600;
const SLICE_MS = 5_000;
const Counted = z.number().default(0);

describe('an operation that takes three hours', () => {
  it('runs in slices of five seconds, each going on where the one before stopped', async () => {
    const done: number[] = [];
    const world = aWorld();
    const operation = anOperation({
      lane: 'standard',
      run: async function* (_input, { cursor }): AsyncGenerator<Checkpoint, Outcome, void> {
        for (let second = Counted.parse(cursor) + 1; second <= SECONDS; second++) {
          world.clock.advance(1_000);
          done.push(second);
          yield { done: second, total: SECONDS, cursor: second };
        }
        return { result: { seconds: done.length } };
      },
    });
    const service = withOperation(world, operation);
    const { job } = await createJob({ operation: operation.name, input: {} }, OPERATOR, service);
    let slices = 0;
    for (let ring = world.doorbell.rings.shift(); ring !== undefined; ring = world.doorbell.rings.shift()) {
      slices++;
      await answer(ring, service, { lane: ring.lane, sliceMs: SLICE_MS });
    }
    const over = await theJob(job.jobId, world);
    expect(done).toEqual(Array.from({ length: SECONDS }, (_, second) => second + 1));
    expect(slices).toBe((SECONDS * 1_000) / SLICE_MS + 1);
    expect(over).toMatchObject({
      statusCode: 30,
      executionTimeSpan: SECONDS,
      claimNumber: slices,
      retryCount: 0,
    });
    expect(over.crashCount).toBeUndefined();
  });
});
