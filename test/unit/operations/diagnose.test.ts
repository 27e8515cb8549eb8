import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { type DiagnoseRepositories, diagnose } from '../../../shared/operations/diagnose.ts';
import { createJob } from '../../../shared/service/create-job.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { aJob, at } from '../../support/a-job.ts';
import { aWorldWith, hear, put, runOnce, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';
import { settled } from '../../support/held.ts';

/** What a worker that is killed says: nothing. The test ends it by an error that nothing catches. */
class Crash extends Error {}

const crash = () => {
  throw new Crash();
};

function aWorldToDiagnose(): World<DiagnoseRepositories> {
  return aWorldWith<DiagnoseRepositories>({ crash }, diagnose);
}

const aDiagnosis = (input: object) => aJob({ operation: 'diagnose', input: JSON.stringify(input) });

/** Runs it slice by slice, the clock going on by ten milliseconds whenever everything waits. */
async function diagnosed(input: object, world = aWorldToDiagnose(), sliceMs = Number.POSITIVE_INFINITY) {
  const job = put(aDiagnosis(input), world);
  let row: Job = job;
  for (let slices = 0; slices < 50; slices++) {
    row = await whileTimePasses(runOnce(job, world, { sliceMs }), world);
    if (row.statusCode !== Status.InProgress) break;
    world.clock.advance(500);
  }
  return { world, job: row, result: await resultOf(row, world.details) };
}

async function whileTimePasses<T>(work: Promise<T>, { clock }: Pick<World, 'clock'>): Promise<T> {
  const over = work.then(() => 'over' as const);
  for (let ticks = 0; ticks < 10_000; ticks++) {
    if ((await Promise.race([over, settled()])) === 'over') break;
    clock.advance(10);
  }
  return work;
}

const Result = z.object({ steps: z.number(), runs: z.array(z.record(z.string(), z.unknown())) });

describe('a diagnosis', () => {
  it('of nothing special makes one step', async () => {
    const { job, result } = await diagnosed({});
    expect(job).toMatchObject({
      statusCode: Status.Succeeded,
      progressDone: 1,
      progressTotal: 1,
      friendlyMessage: 'Made 1 steps.',
    });
    expect(result).toEqual({
      steps: 1,
      runs: [{ at: at(), hostId: expect.any(String), claimNumber: 1, attempt: 1, crashes: 0, fromStep: 1 }],
    });
  });

  it('may have no step at all', async () => {
    expect((await diagnosed({ steps: 0 })).result).toMatchObject({ steps: 0 });
  });

  it('takes its time, step by step, and tells which slices made it', async () => {
    const { job, result } = await diagnosed({ steps: 10, stepMs: 100 }, aWorldToDiagnose(), 350);
    const { steps, runs } = Result.parse(result);
    expect([job.statusCode, steps, runs.map(({ fromStep }) => fromStep)]).toEqual([30, 10, [1, 4, 7, 10]]);
    expect(runs.map(({ claimNumber, attempt, crashes }) => [claimNumber, attempt, crashes])).toEqual([
      [1, 1, 0],
      [2, 1, 0],
      [3, 1, 0],
      [4, 1, 0],
    ]);
    expect(new Set(runs.map(({ hostId }) => hostId)).size).toBe(4);
  });

  it('says as many lines as it was asked for, spread over its steps and slices', async () => {
    const { world } = await diagnosed({ steps: 4, stepMs: 100, logLines: 10 }, aWorldToDiagnose(), 150);
    expect(world.logged.map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `diagnose: line ${n + 1} of 10`),
    );
    expect(world.logged.map(({ facts }) => facts['step'])).toEqual([1, 1, 2, 2, 2, 3, 3, 4, 4, 4]);
  });
});

describe('a diagnosis of failures', () => {
  it('is tried again, and fails at the same step each time', async () => {
    const { job } = await diagnosed({ steps: 3, failAtStep: 2 });
    expect(job).toMatchObject({ statusCode: Status.Waiting, retryCount: 1, isRetrying: true, errorCode: 1 });
  });

  it('may be one that no second try can mend', async () => {
    const { job, world } = await diagnosed({ steps: 3, failAtStep: 2, permanent: true });
    expect(job).toMatchObject({ statusCode: Status.Failed, errorCode: 2 });
    expect(job.friendlyMessage).toBe('Failed at step 2, as it was asked to.');
    expect(await world.details.getText(job, 'message')).toBe('Failed at step 2, as it was asked to.');
  });

  it('kills its worker at the step it is told, after the steps before', async () => {
    const killed: number[] = [];
    const world = aWorldWith<DiagnoseRepositories>(
      {
        crash: () => {
          killed.push(world.clock());
          throw new Crash();
        },
      },
      diagnose,
    );
    await diagnosed({ steps: 3, stepMs: 10, crashAtStep: 2 }, world);
    expect(killed).toEqual([Date.parse(at(20))]);
  });
});

describe('who may kill a worker', () => {
  const order = { operation: 'diagnose', input: { crashAtStep: 1 } };

  it('is an admin, and nobody else', async () => {
    const world = aWorldToDiagnose();
    await expect(createJob(order, OPERATOR, world)).rejects.toMatchObject({ code: 'NotAllowed' });
    await expect(createJob(order, ADMIN, world)).resolves.toMatchObject({ isNew: true });
  });
});

describe('the lane of a diagnosis', () => {
  it.each([
    [{}, 'standard'],
    [{ lane: 'standard' }, 'standard'],
    [{ lane: 'bulk' }, 'bulk'],
  ])('with the input %o is %s', async (input, lane) => {
    const world = aWorldToDiagnose();
    await createJob({ operation: 'diagnose', input }, OPERATOR, world);
    expect(world.doorbell.rings.map((ring) => ring.lane)).toEqual([lane]);
  });

  it('may be asked for in a line: whoever hears the ring runs it there', async () => {
    const world = aWorldToDiagnose();
    const order = { operation: 'diagnose', input: { lane: 'bulk' as const }, dependencyToken: 'orders' };
    const { job } = await createJob(order, OPERATOR, world);
    await hear({ jobId: job.jobId, token: 'orders', lane: 'bulk' }, world, { lane: 'standard' });
    expect((await theJob(job.jobId, world)).statusCode).toBe(Status.WaitingForResources);
    await hear({ jobId: job.jobId, token: 'orders', lane: 'bulk' }, world);
    expect((await theJob(job.jobId, world)).statusCode).toBe(Status.Succeeded);
  });
});

describe('the input of a diagnosis', () => {
  it.each([
    ['too many steps', { steps: 10_001 }],
    ['half a step', { steps: 0.5 }],
    ['a step of more than a minute', { stepMs: 60_001 }],
    ['a failure before the first step', { failAtStep: 0 }],
    ['too many lines', { logLines: 1_000_001 }],
    ['a lane that there is not', { lane: 'fast' }],
    ['a field that nobody knows', { speed: 1 }],
  ])('with %s is refused', (_what, input) => {
    expect(diagnose.input.safeParse(input).success).toBe(false);
  });
});
