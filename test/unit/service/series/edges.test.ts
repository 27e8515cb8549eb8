import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../../shared/job/status.ts';
import { createJobOrSeries } from '../../../../shared/service/series/create-series.ts';
import { fallDue } from '../../../../shared/service/series/fall-due.ts';
import { relationTo, SeriesMoved } from '../../../../shared/service/series/series.ts';
import { deleteJob } from '../../../../shared/service/verbs.ts';
import { at } from '../../../support/a-job.ts';
import { anOperation, aWorld, theJob } from '../../../support/a-world.ts';
import {
  anOrder,
  begin,
  DAY,
  failing,
  HOUR,
  OLGA,
  passTo,
  theSeries,
  toCome,
} from '../../../support/series-world.ts';

const UUID = 'abcdef00-0000-4000-8000-000000000001';
const LARGE = 'x'.repeat(1_000);

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
    expect(series.recurrence).not.toHaveProperty('timeZone');
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
    world.jobs.get = () => Promise.reject(new Error('No row is to be read.'));
    const again = () => createJobOrSeries(anOrder({ pattern: 'FREQ=DAILY;COUNT=1;' }), OLGA, world, UUID);
    await expect(again()).rejects.toThrow('of this order is over');
    world.series.get = async () => undefined;
    await expect(again()).rejects.toThrow('There is another series');
  });

  it('meets no other one where it has no id of its own', async () => {
    const world = aWorld(anOperation());
    failing(1, new SeriesMoved('s1'), world);
    await expect(begin(world)).rejects.toMatchObject({
      code: 'SeriesMoved',
      message: 'The series s1 has moved on.',
    });
  });

  it('but no longer does is a job, and no series', async () => {
    const world = aWorld(anOperation());
    const { recurrence: _none, ...order } = anOrder();
    const created = await createJobOrSeries(order, OLGA, world);
    expect(created).toMatchObject({ isNew: true, job: { statusCode: Status.WaitingForResources } });
    expect([created.series, created.job.relatedTo]).toEqual([undefined, undefined]);
  });

  it('fails where the tables do not answer, and keeps nothing', async () => {
    const world = aWorld(anOperation());
    failing(1, new Error('Throttled.'), world);
    await expect(begin(world, {}, {}, UUID)).rejects.toThrow('Throttled.');
    expect(world.jobs.rows()).toEqual([]);
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

  it('is given up where somebody is faster all the time: its ring comes again', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    failing(20, new SeriesMoved(seriesId), world);
    await expect(fallDue(job, world)).rejects.toThrow(`The series of the job ${job.jobId} changes too fast.`);
  });

  it('is over where its job has gone in between', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    failing(1, new SeriesMoved(seriesId), world);
    world.jobs.get = async () => undefined;
    expect(await fallDue(job, world)).toBeUndefined();
  });

  it('joins no line where occurrences may run side by side, and the first one asks for no other', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world, { overlap: 'skip' });
    const places: unknown[] = [];
    const commit = world.series.commit.bind(world.series);
    world.series.commit = (change) => {
      places.push(change.place);
      return commit(change);
    };
    world.jobs.get = () => Promise.reject(new Error('No row is to be read.'));
    world.clock.set(Date.parse(at(HOUR)));
    expect(await fallDue(job, world)).toMatchObject({ statusCode: Status.WaitingForResources });
    expect(places).toEqual([undefined]);
  });

  it('does not wait for a predecessor that is gone', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, { overlap: 'skip' });
    await passTo(HOUR, seriesId, world);
    world.jobs.forget(job.jobId);
    expect(await passTo(HOUR + DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
  });
});
