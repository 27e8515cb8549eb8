import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { type CancelContext, PermanentError } from '../../../shared/service/operation.ts';
import { tellCanceled } from '../../../shared/service/tell-canceled.ts';
import { cancelJob, deleteJob } from '../../../shared/service/verbs.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, theJob, type World } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';

type Told = CancelContext<unknown>;

/** A world whose operation does this when it is told of a cancel. */
function telling(onCancel: (context: Told, input: unknown) => void = () => {}) {
  const told: string[] = [];
  const operation = anOperation({
    onCancel: async (input, context) => {
      told.push(context.jobId);
      onCancel(context, input);
    },
  });
  return { world: aWorld(operation), told };
}

/** Another worker takes the job between the reading of it and the write. */
function takenMeanwhile(job: Job, { jobs }: World): void {
  const get = jobs.get.bind(jobs);
  jobs.get = async (jobId) => {
    jobs.get = get;
    const seen = await get(jobId);
    jobs.put({ ...job, statusCode: Status.InProgress, claimNumber: 1, leaseEndsAt: at(60_000) });
    return seen;
  };
}

describe('an operation that is to be told of a cancel', () => {
  it('hears of the input and the job, and what it logs is about the job', async () => {
    const inputs: unknown[] = [];
    const { world, told } = telling(({ log }, input) => {
      inputs.push(input);
      log('stopped it', { machine: 'm1' });
    });
    const job = aRunningJob({ statusCode: Status.Canceling });
    await tellCanceled(job, world);
    expect([told, inputs]).toEqual([[job.jobId], [{ to: 3 }]]);
    expect(world.logged).toEqual([{ text: 'stopped it', facts: { jobId: job.jobId, machine: 'm1' } }]);
  });

  it('is not told of a job that never ran', async () => {
    const { world, told } = telling();
    await tellCanceled(aJob({ statusCode: Status.Canceling }), world);
    expect(told).toEqual([]);
  });

  it('has five seconds for it, then its signal says so', async () => {
    const seen: boolean[] = [];
    const { world } = telling(({ signal }) => {
      for (const ms of [4_999, 1]) {
        world.clock.advance(ms);
        seen.push(signal.aborted);
      }
    });
    await tellCanceled(aRunningJob(), world);
    expect(seen).toEqual([false, true]);
  });

  it('is not stopped any more when it is done', async () => {
    let signal: AbortSignal | undefined;
    const { world } = telling((context) => {
      signal = context.signal;
    });
    await tellCanceled(aRunningJob(), world);
    world.clock.advance(60_000);
    expect(signal?.aborted).toBe(false);
  });

  it('holds no cancel up by a permanent error: that is logged', async () => {
    const { world } = telling(() => {
      throw new PermanentError('There is no such machine.');
    });
    const job = aRunningJob();
    await tellCanceled(job, world);
    expect(world.logged).toEqual([
      {
        text: 'could not be told of the cancel',
        facts: { jobId: job.jobId, error: 'There is no such machine.' },
      },
    ]);
  });

  it('is told again after any other error', async () => {
    const { world } = telling(() => {
      throw new Error('The line was busy.');
    });
    await expect(tellCanceled(aRunningJob(), world)).rejects.toThrow('The line was busy.');
    expect(world.logged).toEqual([]);
  });
});

describe('a job whose operation is to be told, and that never ran', () => {
  it.each([Status.WaitingForResources, Status.Waiting])(
    'is deleted at once, and nobody is told: status %s',
    async (statusCode) => {
      const { world, told } = telling();
      const { jobId } = put(aJob({ statusCode }), world);
      expect(await deleteJob(jobId, ADMIN, world, { force: true })).toBeUndefined();
      expect([await world.jobs.get(jobId), told]).toEqual([undefined, []]);
    },
  );

  it('but is taken by a worker at that very moment, is asked to stop instead: canceled', async () => {
    const { world } = telling();
    const job = put(aJob(), world);
    takenMeanwhile(job, world);
    expect(await cancelJob(job.jobId, ADMIN, world)).toMatchObject({ statusCode: Status.Canceling });
  });

  it('but is taken by a worker at that very moment, is asked to stop instead: deleted', async () => {
    const { world } = telling();
    const job = put(aJob(), world);
    takenMeanwhile(job, world);
    await deleteJob(job.jobId, ADMIN, world, { force: true });
    expect(await theJob(job.jobId, world)).toMatchObject({
      statusCode: Status.Canceling,
      deleteWhenOver: true,
    });
  });

  it('but has run and waits again when the cancel is written, is not canceled behind its operation’s back', async () => {
    const { world, told } = telling();
    const job = put(aJob({ statusCode: Status.Waiting }), world);
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = async (jobId) => {
      world.jobs.get = get;
      world.jobs.put({ ...job, claimNumber: 1 });
      return job.jobId === jobId ? job : get(jobId);
    };
    expect(await cancelJob(job.jobId, ADMIN, world)).toMatchObject({ statusCode: Status.Canceling });
    for (const ring of world.doorbell.take()) await hear(ring, world);
    expect([(await theJob(job.jobId, world)).statusCode, told]).toEqual([32, [job.jobId]]);
  });
});

describe('a job whose operation this deployment does not have', () => {
  const WAITS = { operation: 'of-yesterday', statusCode: Status.Waiting, claimNumber: 1 };

  it('is canceled at once: there is nobody to tell', async () => {
    const { world } = telling();
    const { jobId } = put(aJob(WAITS), world);
    expect((await cancelJob(jobId, ADMIN, world)).statusCode).toBe(Status.Canceled);
  });

  it('is deleted at once', async () => {
    const { world } = telling();
    const { jobId } = put(aJob(WAITS), world);
    await deleteJob(jobId, ADMIN, world);
    expect(await world.jobs.get(jobId)).toBeUndefined();
  });

  it('ends when it was asked to', async () => {
    const { world } = telling();
    await expect(tellCanceled(aRunningJob({ operation: 'of-yesterday' }), world)).resolves.toBeUndefined();
  });
});
