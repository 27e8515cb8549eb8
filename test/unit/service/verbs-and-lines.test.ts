import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import { cancelJob, deleteJob, pauseJob, postponeJob, resumeJob } from '../../../shared/service/verbs.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, theJob } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';

const TOKEN = 'orders';

/** Jobs of one token, oldest first. */
function aLine(...facts: Partial<Job>[]) {
  const world = aWorld(anOperation({ lane: 'standard' }));
  const jobs = facts.map((fact, n) => put(aJob({ dependencyToken: TOKEN, sequence: n + 1, ...fact }), world));
  const ids = jobs.map(({ jobId }) => jobId);
  const ring = (n: number) => ({ jobId: ids[n], token: TOKEN, lane: 'standard' });
  return { world, head: ids[0] ?? '', ids, ring };
}

describe('the next one of a line is rung for when its head is', () => {
  it('canceled', async () => {
    const { world, head, ids, ring } = aLine({}, {}, {});
    await cancelJob(head, ADMIN, world);
    expect(world.doorbell.rings).toEqual([ring(1)]);
    expect(world.jobs.linksOf(TOKEN).map(({ jobId }) => jobId)).toEqual(ids.slice(1));
  });

  it('deleted', async () => {
    const { world, head, ring } = aLine({ statusCode: Status.Waiting }, {});
    await deleteJob(head, ADMIN, world);
    expect(world.doorbell.rings).toEqual([ring(1)]);
  });

  it('deleted by force', async () => {
    const { world, head, ring } = aLine({}, {});
    await deleteJob(head, ADMIN, world, { force: true });
    expect(world.doorbell.rings).toEqual([ring(1)]);
  });
});

describe('nobody is rung for', () => {
  it('when a follower is canceled or deleted', async () => {
    const { world, ids } = aLine({}, {}, { statusCode: Status.Waiting }, {});
    await cancelJob(ids[1] ?? '', ADMIN, world);
    await deleteJob(ids[2] ?? '', ADMIN, world);
    expect(world.doorbell.rings).toEqual([]);
    expect(world.jobs.linksOf(TOKEN).map(({ jobId }) => jobId)).toEqual([ids[0], ids[3]]);
  });

  it('when the last one of a line goes', async () => {
    const { world, head } = aLine({});
    await cancelJob(head, ADMIN, world);
    expect([world.doorbell.rings, world.jobs.linksOf(TOKEN)]).toEqual([[], []]);
  });

  it('when the head waits from now on: it holds its followers', async () => {
    const { world, head } = aLine({}, {});
    await postponeJob(head, { until: at(3_600_000) }, ADMIN, world);
    expect([world.doorbell.rings, world.jobs.linksOf(TOKEN).length]).toEqual([[], 2]);
  });

  it('when a job without a token is canceled', async () => {
    const world = aWorld(anOperation());
    const { jobId } = put(aJob(), world);
    await cancelJob(jobId, ADMIN, world);
    expect(world.doorbell.rings).toEqual([]);
  });
});

describe('a job that is resumed', () => {
  it('is rung for if it is the head', async () => {
    const { world, head, ring } = aLine({ statusCode: Status.Waiting }, {});
    await resumeJob(head, ADMIN, world);
    expect(world.doorbell.rings).toEqual([ring(0)]);
  });

  it('waits for its turn if it is not: it does not jump the line', async () => {
    const { world, ids } = aLine({}, { statusCode: Status.Waiting });
    await resumeJob(ids[1] ?? '', ADMIN, world);
    expect([world.doorbell.rings, world.jobs.linksOf(TOKEN).map(({ jobId }) => jobId)]).toEqual([[], ids]);
  });

  it('is rung for if it has no token', async () => {
    const world = aWorld(anOperation());
    const { jobId } = put(aJob({ statusCode: Status.Waiting }), world);
    await resumeJob(jobId, ADMIN, world);
    expect(world.doorbell.rings).toEqual([{ jobId, lane: 'bulk' }]);
  });
});

const asked = async (facts: Partial<Job>) => {
  const { world, head, ring } = aLine({ statusCode: Status.InProgress, ...facts }, {});
  await pauseJob(head, ADMIN, world);
  await cancelJob(head, ADMIN, world);
  return { rings: world.doorbell.rings, ring: ring(0) };
};

describe('a request to a worker', () => {
  it('that is at work is left to it', async () => {
    const { rings } = await asked({ leaseEndsAt: at(1) });
    expect(rings).toEqual([]);
  });

  it.each([
    ['between two slices', {}],
    ['dead', { leaseEndsAt: at() }],
  ])('that is %s is rung for, so that somebody carries it out', async (_what, facts) => {
    const { rings, ring } = await asked(facts);
    expect(rings).toEqual([ring, ring]);
  });
});

describe('a ring that fails', () => {
  it.each([
    [
      'after a cancel of the head',
      (id: string, world: ReturnType<typeof aLine>['world']) => cancelJob(id, ADMIN, world),
    ],
    [
      'after a removal of the head',
      (id: string, world: ReturnType<typeof aLine>['world']) => deleteJob(id, ADMIN, world, { force: true }),
    ],
  ])('%s is logged, and the scan looks at the token within a minute', async (_when, change) => {
    const { world, head } = aLine({}, {});
    world.doorbell.breaks();
    await change(head, world);
    const facts = { jobId: head, error: 'Error: The queue is out of order.' };
    expect(world.logged).toEqual([{ text: 'ring failed, the scan will find the job', facts }]);
    expect(world.jobs.watchAtOf(TOKEN)).toBe(at(60_000));
  });

  it('after a resume is logged, and the job is looked at within a minute', async () => {
    const world = aWorld(anOperation());
    const { jobId } = put(aJob({ statusCode: Status.Waiting }), world);
    world.doorbell.breaks();
    await resumeJob(jobId, ADMIN, world);
    expect([world.logged.length, (await theJob(jobId, world)).watchAt]).toEqual([1, at(60_000)]);
  });
});

describe('a job that is deleted', () => {
  it('leaves nothing behind: its payloads go with it', async () => {
    const world = aWorld(anOperation());
    const job = put(aJob({ statusCode: Status.Succeeded }), world);
    await world.details.putInput(job, 'x');
    await world.details.putResult(job, 'y');
    await deleteJob(job.jobId, ADMIN, world);
    expect([world.jobs.rows(), world.details.partsOf(job.jobId)]).toEqual([[], []]);
  });

  it('but runs, keeps them until it has stopped', async () => {
    const world = aWorld(anOperation());
    const job = put(aJob({ statusCode: Status.InProgress, leaseEndsAt: at(1) }), world);
    await world.details.putInput(job, 'x');
    const going = await deleteJob(job.jobId, ADMIN, world, { force: true });
    expect([going?.deleteWhenOver, await world.details.getInput(job)]).toEqual([true, 'x']);
  });
});
