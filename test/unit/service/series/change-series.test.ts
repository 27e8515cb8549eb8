import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { Status } from '../../../../shared/job/status.ts';
import { SeriesPatch } from '../../../../shared/service/new-job.ts';
import { parse } from '../../../../shared/service/parse.ts';
import {
  deleteSeries,
  patchSeries,
  pauseSeries,
  resumeSeries,
} from '../../../../shared/service/series/change-series.ts';
import { SeriesMoved } from '../../../../shared/service/series/series.ts';
import { at } from '../../../support/a-job.ts';
import { anOperation, aWorld, theJob, type World } from '../../../support/a-world.ts';
import { begin, failing, HOUR, OLGA, passTo, theSeries } from '../../../support/series-world.ts';

const LARGE = 'x'.repeat(1_000);

const patch = (seriesId: string, body: unknown, world: World) =>
  patchSeries({ seriesId, caller: OLGA, patch: parse(SeriesPatch, body) }, world);

describe('a change of a series', () => {
  it('that is there already is none', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const asked = { seriesId, caller: OLGA, ifMatch: '*' };
    expect(await resumeSeries(asked, world)).toMatchObject({ version: 1 });
    for (let times = 0; times < 2; times++)
      expect(await pauseSeries(asked, world)).toMatchObject({ version: 2 });
  });

  it('is made on top of that of whoever was faster, up to ten times', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const asked = { seriesId, caller: OLGA };
    failing(9, new SeriesMoved(seriesId), world);
    expect(await pauseSeries(asked, world)).toMatchObject({ isPaused: true });
    failing(10, new SeriesMoved(seriesId), world);
    await expect(resumeSeries(asked, world)).rejects.toMatchObject({
      code: 'Unavailable',
      message: expect.stringContaining('changes too fast'),
    });
    failing(1, new Error('Throttled.'), world);
    await expect(resumeSeries(asked, world)).rejects.toThrow('Throttled.');
  });

  it('waits for an occurrence whose row is not seen yet', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    const get = world.jobs.get.bind(world.jobs);
    let looks = 0;
    world.jobs.get = async (jobId) => (looks++ === 0 ? undefined : get(jobId));
    expect(await pauseSeries({ seriesId, caller: OLGA }, world)).toMatchObject({ isPaused: true });
    expect(await theJob(job.jobId, world)).not.toHaveProperty('postponeUntil');
  });

  it('leaves policies, zone and count alone that it does not name', async () => {
    const world = aWorld(anOperation());
    const said = { missed: 'skip', overlap: 'skip', timeZone: 'Asia/Tokyo', pattern: 'FREQ=DAILY;COUNT=5;' };
    const { seriesId } = await begin(world, said);
    await passTo(HOUR, seriesId, world);
    const later = await patch(seriesId, { recurrence: { startTime: at(2 * HOUR) } }, world);
    expect(later).toMatchObject({ left: 4, recurrence: { ...said, startTime: at(2 * HOUR) } });
    const queued = await patch(seriesId, { recurrence: { overlap: 'queue' } }, world);
    expect(queued.recurrence).toMatchObject({ ...said, overlap: 'queue' });
    const once = await patch(seriesId, { recurrence: { missed: 'once' } }, world);
    expect(once).toMatchObject({ left: 4, recurrence: { missed: 'once', overlap: 'queue' } });
    expect((await patch(seriesId, { name: 'Other' }, world)).recurrence).toEqual(once.recurrence);
  });

  it('does not lose an occurrence whose date has come and that nobody has heard of yet', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    world.clock.set(Date.parse(at(HOUR + 1)));
    expect(await patch(seriesId, { name: 'Other' }, world)).toMatchObject({ nextAt: at(HOUR) });
    expect(await passTo(HOUR + 1, seriesId, world)).toMatchObject({
      name: 'Other',
      statusCode: Status.Succeeded,
    });
  });

  it('of its input is checked like an order', async () => {
    const world = aWorld(anOperation({ input: z.object({ to: z.number() }) }));
    const { seriesId } = await begin(world);
    await expect(patch(seriesId, { input: { to: 'x' } }, world)).rejects.toMatchObject({
      faults: [{ pointer: '/input/to' }],
    });
    const without = { ...world, operations: new Map() };
    await expect(patch(seriesId, { input: { to: 4 } }, without)).rejects.toMatchObject({
      faults: [{ pointer: '/input', detail: 'This deployment has no such operation any more.' }],
    });
    expect((await theSeries(seriesId, world)).version).toBe(1);
  });

  it('that deletes it may come when it is over, and when it is gone there is none', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, { pattern: 'FREQ=DAILY;COUNT=1;' });
    const past = await passTo(HOUR, seriesId, world);
    world.jobs.get = () => Promise.reject(new Error('No row is to be read.'));
    await deleteSeries({ seriesId, caller: OLGA }, world);
    expect([await world.series.get(seriesId), world.jobs.rows()]).toEqual([undefined, [past]]);
    expect(past.jobId).toBe(job.jobId);
    await expect(deleteSeries({ seriesId, caller: OLGA }, world)).rejects.toThrow(
      `There is no series "${seriesId}".`,
    );
  });

  it('that deletes it takes away what belongs to its occurrence to come', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {}, { input: LARGE });
    await deleteSeries({ seriesId, caller: OLGA }, world);
    expect([world.jobs.rows(), world.details.partsOf(job.jobId)]).toEqual([[], []]);
  });
});
