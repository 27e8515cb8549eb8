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
import { createJobOrSeries } from '../../../../shared/service/series/create-series.ts';
import { fallDue } from '../../../../shared/service/series/fall-due.ts';
import { relationTo, SeriesMoved } from '../../../../shared/service/series/series.ts';
import { cancelJob, deleteJob } from '../../../../shared/service/verbs.ts';
import { at } from '../../../support/a-job.ts';
import { aJobToCome, aSeries } from '../../../support/a-series.ts';
import { anOperation, aWorld, theJob, type World } from '../../../support/a-world.ts';
import { anOrder, begin, DAY, HOUR, OLGA, passTo, theSeries, toCome } from '../../../support/series-world.ts';

const UUID = 'abcdef00-0000-4000-8000-000000000001';
const LARGE = 'x'.repeat(1_000);

/** The next commits of a series fail, so many of them. */
function failing(times: number, error: Error, { series }: World): void {
  const commit = series.commit.bind(series);
  let left = times;
  series.commit = async (change) => {
    if (left-- > 0) throw error;
    return commit(change);
  };
}

describe('each occurrence', () => {
  const ORDER = {
    name: 'Mine',
    description: 'Nightly',
    maxRetries: 3,
    dependencyToken: 'line',
    input: LARGE,
  };

  it('has all that was ordered, also what does not fit on its row', async () => {
    const world = aWorld(anOperation({ lane: 'standard', laneOf: () => 'bulk' }));
    const { seriesId, job } = await begin(world, {}, ORDER);
    await passTo(HOUR, seriesId, world);
    for (const one of [job, await toCome(seriesId, world)]) {
      expect(one).toMatchObject({ name: 'Mine', description: 'Nightly', maxRetries: 3, lane: 'bulk' });
      expect([one.input, await world.details.getInput(one)]).toEqual([undefined, LARGE]);
    }
    expect(await theJob(job.jobId, world)).toMatchObject({ dependencyToken: 'line' });
  });

  it('has no column for what was left out, and its input lies on it where it fits', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    expect(Object.entries(job).filter(([, value]) => value === undefined)).toEqual([]);
    for (const name of ['description', 'maxRetries', 'lane', 'requestHash'])
      expect(job).not.toHaveProperty(name);
    expect([job.input, await world.details.getInput(job)]).toEqual(['{"to":3}', undefined]);
    const { order, ...series } = await theSeries(seriesId, world);
    expect(Object.keys(order).toSorted()).toEqual(['input', 'operation']);
    for (const name of ['requestHash', 'left']) expect(series).not.toHaveProperty(name);
  });

  it('but the first has an id of our own choice', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {}, {}, UUID);
    await passTo(HOUR, seriesId, world);
    expect(job.requestHash).toBeDefined();
    expect(await toCome(seriesId, world)).not.toHaveProperty('requestHash');
  });
});

describe('an order that recurs', () => {
  it('may have an input of 32 KB and not a byte more, and says so', async () => {
    const world = aWorld(anOperation());
    const input = 'x'.repeat(32 * 1_024 - 2);
    await expect(begin(world, {}, { input })).resolves.toBeDefined();
    await expect(begin(world, {}, { input: `${input}x` })).rejects.toMatchObject({
      faults: [{ pointer: '/input', detail: 'The input has 32769 bytes; that of a series at most 32768.' }],
    });
  });

  it('is new once', async () => {
    const world = aWorld(anOperation());
    const order = () => createJobOrSeries(anOrder(), OLGA, world, UUID);
    expect([(await order()).isNew, (await order()).isNew]).toEqual([true, false]);
  });

  it('that is sent again when its series is over is a conflict', async () => {
    const world = aWorld(anOperation());
    await begin(world, { pattern: 'FREQ=DAILY;COUNT=1;' }, {}, UUID);
    await deleteJob(UUID, OLGA, world);
    const again = createJobOrSeries(anOrder({ pattern: 'FREQ=DAILY;COUNT=1;' }), OLGA, world, UUID);
    await expect(again).rejects.toThrow('of this order is over');
  });

  it('fails where the tables do not answer, and keeps nothing', async () => {
    const world = aWorld(anOperation());
    failing(1, new Error('Throttled.'), world);
    await expect(begin(world, {}, {}, UUID)).rejects.toThrow('Throttled.');
    expect(world.jobs.rows()).toEqual([]);
  });
});

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

describe('a date that somebody hears of', () => {
  it('too early, or again, changes nothing', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR - 1)));
    expect(await fallDue(job, world)).toBeUndefined();
    expect((await theSeries(seriesId, world)).version).toBe(1);
    world.clock.set(Date.parse(at(HOUR)));
    const due = await fallDue(job, world);
    expect(due).toMatchObject({ jobId: job.jobId, statusCode: Status.WaitingForResources });
    expect(await fallDue(due ?? job, world)).toBeUndefined();
    expect((await theSeries(seriesId, world)).version).toBe(2);
  });

  it('of an occurrence that is left out gives nothing to run', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world, { missed: 'skip' });
    world.clock.set(Date.parse(at(5 * DAY)));
    expect(await fallDue(job, world)).toBeUndefined();
  });

  it('lets the token be looked at a minute later', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    await fallDue(job, world);
    expect(world.jobs.watchAtOf(relationTo(seriesId))).toBe(at(HOUR + 60_000));
  });

  it('is tried again where somebody was faster, and fails at once where the tables do not answer', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    failing(1, new Error('Throttled.'), world);
    await expect(fallDue(job, world)).rejects.toThrow('Throttled.');
    failing(19, new SeriesMoved(seriesId), world);
    expect(await fallDue(job, world)).toMatchObject({ statusCode: Status.WaitingForResources });
  });

  it('does not wait for a predecessor that is gone', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, { overlap: 'skip' });
    await passTo(HOUR, seriesId, world);
    world.jobs.forget(job.jobId);
    expect(await passTo(HOUR + DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
  });
});

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
    const later = await patch(seriesId, { recurrence: { startTime: at(2 * HOUR) } }, world);
    expect(later).toMatchObject({ left: 5, recurrence: { ...said, startTime: at(2 * HOUR) } });
    const queued = await patch(seriesId, { recurrence: { overlap: 'queue' } }, world);
    expect(queued.recurrence).toMatchObject({ ...said, overlap: 'queue' });
    const once = await patch(seriesId, { recurrence: { missed: 'once' } }, world);
    expect(once).toMatchObject({ left: 5, recurrence: { missed: 'once', overlap: 'queue' } });
    expect((await patch(seriesId, { name: 'Other' }, world)).recurrence).toEqual(once.recurrence);
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

  it('that deletes it takes away what belongs to its occurrence to come', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {}, { input: LARGE });
    await deleteSeries({ seriesId, caller: OLGA }, world);
    expect([world.jobs.rows(), world.details.partsOf(job.jobId)]).toEqual([[], []]);
  });
});
