import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { createJob } from '../../shared/service/create-job.ts';
import type { Checkpoint, Outcome } from '../../shared/service/operation.ts';
import { numbersOf, textsOf, upTo, upwards } from '../support/a-log.ts';
import { anInvocation, anOperation, aWorld, theJob, withOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { Life } from '../support/mortal.ts';
import { answer } from '../support/on-emulators.ts';

const STEPS = 12;
const PER_STEP = 40;
const Step = z.number().default(0);
const LEASE_MS = 900_000;

/** A job that says forty lines a second, in slices of a few seconds; its first worker dies at some call. */
async function lived(life: Life) {
  const world = aWorld();
  const operation = anOperation({
    lane: 'bulk',
    run: async function* (_input, { cursor, log }): AsyncGenerator<Checkpoint, Outcome, void> {
      for (let step = Step.parse(cursor) + 1; step <= STEPS; step++) {
        for (let line = 1; line <= PER_STEP; line++) log(`step ${step}, line ${line}`);
        world.clock.advance(1_000);
        yield { done: step, total: STEPS, cursor: step };
      }
      return {};
    },
  });
  const service = withOperation(world, operation);
  const { job } = await createJob({ operation: operation.name, input: {} }, OPERATOR, service);
  const mortal = {
    ...service,
    jobs: life.through(world.jobs),
    details: life.through(world.details),
    logs: life.through(world.logs),
    doorbell: life.through(world.doorbell),
  };
  for (let worker = mortal, rings = 0; world.doorbell.rings.length > 0; rings++) {
    if (rings > 50) throw new Error('It does not come to an end.');
    const ring = world.doorbell.rings.shift();
    if (ring === undefined) break;
    const invocation = anInvocation(world, { sliceMs: 4_000, leaseEndsAt: world.clock() + LEASE_MS });
    try {
      await answer(ring, worker, invocation);
    } catch {
      // It is dead. Its message comes back when the lease has run out.
      // What the latest saved checkpoint stands for is not said again.
      const saved = Step.parse(await world.details.getCursor(job));
      const known = new Set(textsOf(await upwards(job, world.logs)));
      expect(linesOf(saved).filter((line) => !known.has(line))).toEqual([]);
      worker = service;
      world.clock.advance(LEASE_MS + 1);
      world.doorbell.rings.push({ ...ring, lane: 'bulk' });
    }
  }
  expect((await theJob(job.jobId, world)).statusCode).toBe(30);
  return upwards(job, world.logs);
}

const linesOf = (steps: number): string[] =>
  upTo(steps).flatMap((step) => upTo(PER_STEP).map((line) => `step ${step}, line ${line}`));

describe('the log of a job whose worker dies at any call to the outside', () => {
  it('has every line, in order, no number twice, and none is lost that a saved checkpoint stands for', async () => {
    const whole = new Life();
    await lived(whole);
    expect(whole.steps).toBeGreaterThan(30);
    for (let atStep = 1; atStep <= whole.steps; atStep++) {
      for (const when of ['before', 'after'] as const) {
        const log = await lived(new Life({ atStep, when }));
        expect(numbersOf(log)).toEqual(upTo(log.length));
        const said = textsOf(log).filter((text) => text.startsWith('step'));
        expect([...new Set(said)]).toEqual(linesOf(STEPS));
        // Nothing was done again but what came after the last checkpoint.
        expect(said.length - STEPS * PER_STEP).toBeLessThanOrEqual(2 * PER_STEP);
      }
    }
  });
});
