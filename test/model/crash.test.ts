import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { Status } from '../../shared/job/status.ts';
import { createJob } from '../../shared/service/create-job.ts';
import { runJob } from '../../shared/service/run-job.ts';
import { aJob } from '../support/a-job.ts';
import { anInvocation, anOperation, aWorldWith, theJob, type World } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Death, Killed, Life } from '../support/mortal.ts';
import { countingSteps, type Done, nothingDone } from '../support/steps.ts';

const CURSOR = z.object({ counted: z.number() });
const SLICE_MS = 4_000;
const TO = 9;

/** Counts to nine, a second each: three slices of four seconds. */
function aCountingWorld(): World<Done> {
  const world = aWorldWith(nothingDone());
  const operation = anOperation<Done>({
    run: (_input, { cursor, repositories: done }) => {
      const from = cursor === undefined ? 0 : CURSOR.parse(cursor).counted;
      return countingSteps({ from, to: TO, msPerStep: 1_000, clock: world.clock, done });
    },
  });
  return { ...world, operations: new Map([[operation.name, operation]]) };
}

const throughLife = (world: World<Done>, life: Life): World<Done> => ({
  ...world,
  jobs: life.through(world.jobs),
  details: life.through(world.details),
  doorbell: life.through(world.doorbell),
});

/**
 * The queue as the service sees it: a message that was not answered with "done" comes back after its visibility
 * timeout, by which time the lease of a dead worker has ended.
 */
async function deliverUntilDone(jobId: string, world: World<Done>, life: Life): Promise<void> {
  const queue = [jobId];
  let mortal: World<Done> | undefined = throughLife(world, life);
  for (let delivered = 0; queue.length > 0; delivered++) {
    if (delivered > 50) throw new Error('The job never comes to an end.');
    const worker: World<Done> = mortal ?? world;
    const invocation = anInvocation(world, { sliceEndsAt: world.clock() + SLICE_MS });
    const answer = await runJob(jobId, worker, invocation).catch(whenKilled);
    if (answer === 'killed') mortal = undefined;
    if (answer === 'done') queue.shift();
    else world.clock.set(invocation.leaseEndsAt);
    queue.push(...world.doorbell.take().map((ring) => ring.jobId));
  }
}

function whenKilled(error: unknown): 'killed' {
  if (error instanceof Killed) return 'killed';
  throw error;
}

async function stepsOfAWholeRun(): Promise<number> {
  const world = aCountingWorld();
  const life = new Life();
  const job = aJob();
  world.jobs.put(job);
  await deliverUntilDone(job.jobId, world, life);
  return life.steps;
}

const everyDeath = (steps: number): Death[] =>
  Array.from({ length: steps }, (_, index) => index + 1).flatMap((atStep) => [
    { atStep, when: 'before' },
    { atStep, when: 'after' },
  ]);

describe('a worker that is killed at any step to the outside', () => {
  it('costs no job: the next one brings it to the same end, and nothing is left out', async () => {
    const steps = await stepsOfAWholeRun();
    for (const death of everyDeath(steps)) {
      const world = aCountingWorld();
      const job = aJob();
      world.jobs.put(job);
      await deliverUntilDone(job.jobId, world, new Life(death));
      const seen = {
        death,
        status: (await theJob(job.jobId, world)).statusCode,
        result: await world.details.getResult(job.jobId),
        counted: [...new Set(world.repositories.effects)],
      };
      const right = {
        death,
        status: Status.Succeeded,
        result: { counted: TO },
        counted: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      };
      expect(seen).toEqual(right);
    }
    expect(steps).toBeGreaterThan(20);
  });

  it('repeats at most what it had done since its last saved checkpoint', async () => {
    for (const death of everyDeath(await stepsOfAWholeRun())) {
      const world = aCountingWorld();
      const job = aJob();
      world.jobs.put(job);
      await deliverUntilDone(job.jobId, world, new Life(death));
      expect([death, world.repositories.effects.length <= TO + SLICE_MS / 1_000]).toEqual([death, true]);
    }
  });
});

describe('a creator that is killed at any step to the outside', () => {
  const order = { operation: 'count-to', input: 'x'.repeat(300) };

  it.each(everyDeath(3))('leaves a job that can be run and is watched, or none: %o', async (death) => {
    const world = aCountingWorld();
    await expect(createJob(order, OPERATOR, throughLife(world, new Life(death)))).rejects.toThrow();
    for (const job of world.jobs.rows()) {
      expect([job.statusCode, job.watchAt]).toEqual([Status.WaitingForResources, expect.any(String)]);
      expect(await world.details.getInput(job.jobId)).toBe(order.input);
    }
  });
});
