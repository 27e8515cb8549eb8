import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import type { Transition } from '../../../shared/job/transition.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import {
  cancelJob,
  deleteJob,
  pauseJob,
  postponeJob,
  rescheduleJob,
  resumeJob,
} from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, type World } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';

const aWorldOf = (jobs: MemoryJobStore): World => ({ ...aWorld(anOperation()), jobs, chains: jobs });

/** Changed by somebody else whenever it is written to. */
class RestlessStore extends MemoryJobStore {
  writes = 0;

  override make(step: Transition): Promise<Job> {
    this.writes++;
    return Promise.reject(new TransitionRefused(step, this.rows()[0]));
  }
}

describe('a job that changes whenever somebody wants to change it', () => {
  it('is left alone after ten tries, which the caller may repeat', async () => {
    const jobs = new RestlessStore();
    const world = aWorldOf(jobs);
    const { jobId } = put(aJob(), world);
    await expect(cancelJob(jobId, ADMIN, world)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining(jobId),
    });
    expect(jobs.writes).toBe(10);
  });
});

describe('an error of the tables', () => {
  it('is no refusal: the caller hears of it', async () => {
    const world = aWorldOf(
      new (class extends MemoryJobStore {
        override make(): Promise<Job> {
          return Promise.reject(new Error('Throttled.'));
        }
      })(),
    );
    const { jobId } = put(aJob(), world);
    await expect(cancelJob(jobId, ADMIN, world)).rejects.toThrow('Throttled.');
  });
});

/** As DynamoDB: a transaction does not tell the row after it. */
class SilentStore extends MemoryJobStore {
  override async make(step: Transition): Promise<Job> {
    const job = await super.make(step);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the port promises less than its double
    return step.line === undefined ? job : (undefined as unknown as Job);
  }
}

describe('the answer to a person', () => {
  it('is the job as it is now, also where the store does not tell it', async () => {
    const world = aWorldOf(new SilentStore());
    const job = put(aJob({ dependencyToken: 'orders' }), world);
    const answer = await cancelJob(job.jobId, ADMIN, world);
    expect(answer).toEqual(await world.jobs.get(job.jobId));
    expect(answer.statusCode).toBe(Status.Canceled);
  });

  it('where nobody knows the job names it', async () => {
    await expect(cancelJob('gone', ADMIN, aWorldOf(new MemoryJobStore()))).rejects.toThrow(
      'There is no job "gone".',
    );
  });

  it.each<[string, Job['statusCode'], (jobId: string, world: World) => Promise<unknown>]>([
    ['cancel', Status.Succeeded, (id, world) => cancelJob(id, ADMIN, world)],
    ['pause', Status.Succeeded, (id, world) => pauseJob(id, ADMIN, world)],
    ['resume', Status.Succeeded, (id, world) => resumeJob(id, ADMIN, world)],
    ['postpone', Status.Succeeded, (id, world) => postponeJob(id, { until: at(9) }, ADMIN, world)],
    ['reschedule', Status.Succeeded, (id, world) => rescheduleJob(id, { until: at(9) }, ADMIN, world)],
    ['delete', Status.InProgress, (id, world) => deleteJob(id, ADMIN, world)],
  ])('names the verb that is refused: %s', async (verb, statusCode, change) => {
    const world = aWorldOf(new MemoryJobStore());
    const { jobId } = put(aJob({ statusCode }), world);
    await expect(change(jobId, world)).rejects.toMatchObject({ code: 'VerbRefused', verb });
  });
});

describe('a line whose last job goes', () => {
  it('leaves nobody to ring for, and that is no failure', async () => {
    const world = aWorldOf(new MemoryJobStore());
    const { jobId } = put(aJob({ dependencyToken: 'orders' }), world);
    await cancelJob(jobId, ADMIN, world);
    expect([world.doorbell.rings, world.logged]).toEqual([[], []]);
  });
});
