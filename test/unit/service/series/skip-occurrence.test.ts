import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../../shared/job/status.ts';
import type { Transition } from '../../../../shared/job/transition.ts';
import { SeriesMoved } from '../../../../shared/service/series/series.ts';
import { cancelJob, deleteJob } from '../../../../shared/service/verbs.ts';
import { at } from '../../../support/a-job.ts';
import { aJobToCome, aSeries } from '../../../support/a-series.ts';
import { anOperation, aWorld, theJob } from '../../../support/a-world.ts';
import { begin, DAY, failing, HOUR, OLGA, theSeries, toCome } from '../../../support/series-world.ts';

describe('an occurrence that somebody ends before its date', () => {
  it('stays as a canceled job, or is gone if it is deleted; the next one comes', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await cancelJob(job.jobId, OLGA, world, { reason: 'Not today.' });
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.Canceled });
    expect(world.audit.of(job)).toMatchObject([{ verb: 'cancel', reason: 'Not today.' }]);
    const second = await toCome(seriesId, world);
    await deleteJob(second.jobId, OLGA, world);
    expect(await world.jobs.get(second.jobId)).toBeUndefined();
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + 2 * DAY) });
  });

  it.each([
    ['is canceled', cancelJob, Status.Canceled],
    ['is deleted', deleteJob, undefined],
  ] as const)('%s by itself where its series is gone', async (_how, verb, statusCode) => {
    const world = aWorld(anOperation());
    const job = aJobToCome(aSeries());
    world.jobs.put(job);
    world.clock.advance(10 * HOUR);
    await verb(job.jobId, OLGA, world);
    expect((await world.jobs.get(job.jobId))?.statusCode).toBe(statusCode);
  });

  it('is told as it is then, though the transaction that canceled it does not say so', async () => {
    const world = aWorld(anOperation());
    const job = aJobToCome(aSeries());
    world.jobs.put(job);
    world.clock.advance(10 * HOUR);
    const make = world.jobs.make.bind(world.jobs);
    const jobs = Object.assign(world.jobs, {
      async make(step: Transition) {
        await make(step);
        return undefined;
      },
    });
    expect(await cancelJob(job.jobId, OLGA, { ...world, jobs })).toMatchObject({
      jobId: job.jobId,
      statusCode: Status.Canceled,
    });
  });

  it('is left out at the second try where its series is not seen to stand at it yet', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    const get = world.series.get.bind(world.series);
    let looks = 0;
    world.series.get = async (id) => (looks++ === 0 ? undefined : get(id));
    await cancelJob(job.jobId, OLGA, world);
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.Canceled });
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY) });
  });

  it('ends at the second try where its series moves on at that moment', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    failing(1, new SeriesMoved(seriesId), world);
    await cancelJob(job.jobId, OLGA, world);
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.Canceled });
    expect((await theSeries(seriesId, world)).version).toBe(2);
  });

  it('stays as it is where the tables do not answer', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world);
    failing(1, new Error('Throttled.'), world);
    await expect(cancelJob(job.jobId, OLGA, world)).rejects.toThrow('Throttled.');
    expect(await theJob(job.jobId, world)).toEqual(job);
  });
});
