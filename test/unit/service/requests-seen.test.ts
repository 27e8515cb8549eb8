import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { cancel, pause } from '../../../shared/job/person-transitions.ts';
import { Status } from '../../../shared/job/status.ts';
import { recover } from '../../../shared/job/worker-transitions.ts';
import { aJob, at } from '../../support/a-job.ts';
import {
  anOperation,
  aWorld,
  put,
  runOnce,
  theJob,
  type World,
  withOperation,
} from '../../support/a-world.ts';
import { settled } from '../../support/held.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { abortedBy } from '../../support/steps.ts';

const WISH = { now: at(), by: 'adam' };

/** A job that has come to its first checkpoint and works on, a long time, unless it is asked to stop. */
function aLongJob(jobs = new MemoryJobStore()) {
  const world: World = { ...aWorld(), jobs, chains: jobs };
  const operation = anOperation({
    async *run(_input, { signal }) {
      yield { done: 1, cursor: 'one' };
      return abortedBy(signal);
    },
  });
  const working = withOperation(world, operation);
  const { jobId } = put(aJob(), working);
  return { world, jobId, running: runOnce(aJob({ jobId }), working) };
}

const pass = async ({ clock }: World, ms: number): Promise<void> => {
  await settled();
  clock.advance(ms);
  await settled();
};

describe('a request to a job that does not come to a checkpoint', () => {
  it.each<[string, (job: Job) => Parameters<MemoryJobStore['make']>[0], number]>([
    ['to stop', (job) => cancel(job, WISH), Status.Canceled],
    ['to pause', (job) => pause(job, WISH), Status.Waiting],
  ])('%s is seen within three seconds', async (_what, stepOf, status) => {
    const { world, jobId, running } = aLongJob();
    await pass(world, 1_000);
    await world.jobs.make(stepOf(await theJob(jobId, world)));
    await pass(world, 2_000);
    expect(await running).toMatchObject({ statusCode: status, modifiedBy: 'adam' });
    expect(await world.details.getCursor(await theJob(jobId, world))).toBe('one');
  });

  it('is seen however late it comes', async () => {
    const { world, jobId, running } = aLongJob();
    for (let looks = 0; looks < 5; looks++) await pass(world, 3_000);
    await world.jobs.make(cancel(await theJob(jobId, world), WISH));
    await pass(world, 3_000);
    expect((await running).statusCode).toBe(Status.Canceled);
  });

  it('stops it also where another worker has the job', async () => {
    const { world, jobId, running } = aLongJob();
    await settled();
    const terms = { now: at(900_000), leaseEndsAt: at(1_800_000), hostId: 'successor' };
    await world.jobs.make(recover(await theJob(jobId, world), terms));
    await pass(world, 3_000);
    expect(await running).toMatchObject({ claimNumber: 2, hostId: 'successor', statusCode: 20 });
  });

  it('stops it where the job is gone', async () => {
    const { world, jobId, running } = aLongJob();
    await settled();
    world.jobs.forget(jobId);
    const ended = expect(running).rejects.toThrow(`There is no job ${jobId}.`);
    await pass(world, 3_000);
    await ended;
    expect(world.logged).toContainEqual({ text: 'claim lost', facts: { jobId, claimNumber: 1 } });
  });

  it('is looked for again where a look has failed', async () => {
    class ForgetfulStore extends MemoryJobStore {
      failures = 2;

      override async get(jobId: string): Promise<Job | undefined> {
        const isRunning = this.rows().some(({ statusCode }) => statusCode >= Status.InProgress);
        if (isRunning && this.failures-- > 0) throw new Error('Throttled.');
        return super.get(jobId);
      }
    }
    const { world, jobId, running } = aLongJob(new ForgetfulStore());
    await pass(world, 3_000);
    await pass(world, 3_000);
    await world.jobs.make(cancel(await theJob(jobId, world), WISH));
    await pass(world, 3_000);
    expect((await running).statusCode).toBe(Status.Canceled);
  });
});

describe('a job that is done', () => {
  it('is not looked at any more, and nothing else is left behind', async () => {
    const world = aWorld(anOperation());
    const looks: string[] = [];
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = (jobId) => {
      looks.push(jobId);
      return get(jobId);
    };
    await runOnce(aJob(), world);
    const before = looks.length;
    await pass(world, 60_000);
    expect(looks.length).toBe(before);
  });
});
