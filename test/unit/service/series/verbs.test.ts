import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../../shared/job/json.ts';
import { Status } from '../../../../shared/job/status.ts';
import type { Caller } from '../../../../shared/service/caller.ts';
import { NotAllowed } from '../../../../shared/service/errors.ts';
import { getJob } from '../../../../shared/service/get-job.ts';
import { SeriesPatch } from '../../../../shared/service/new-job.ts';
import { parse } from '../../../../shared/service/parse.ts';
import { presentJob } from '../../../../shared/service/present-job.ts';
import { rerunJob } from '../../../../shared/service/rerun-job.ts';
import {
  deleteSeries,
  patchSeries,
  pauseSeries,
  resumeSeries,
} from '../../../../shared/service/series/change-series.ts';
import { createJobOrSeries } from '../../../../shared/service/series/create-series.ts';
import { relationTo } from '../../../../shared/service/series/series.ts';
import { cancelJob, deleteJob, rescheduleJob, resumeJob } from '../../../../shared/service/verbs.ts';
import { at } from '../../../support/a-job.ts';
import { anOperation, aWorld, hear, theJob, type World } from '../../../support/a-world.ts';
import { anOrder, begin, DAY, HOUR, OLGA, passTo, theSeries, toCome } from '../../../support/series-world.ts';

const OSCAR = { id: 'oscar', role: 'operator' } as const;
const ADAM = { id: 'adam', role: 'admin' } as const;
const UUID = 'abcdef00-0000-4000-8000-000000000001';

/** Keeps with the input whose rights it has. */
const prepare = (input: Json, { role }: Caller): Json => {
  if (JSON.stringify(input).includes('admin') && role !== 'admin') throw new NotAllowed('admin', role);
  return { asked: input, as: role };
};

/** The series has exactly one occurrence to come: its own. */
async function expectOneToCome(seriesId: string, world: World): Promise<void> {
  const { nextJobId } = await theSeries(seriesId, world);
  const ids = world.jobs
    .rows()
    .filter(({ isToCome }) => isToCome)
    .map(({ jobId }) => jobId);
  expect(ids).toEqual([nextJobId]);
}

describe('an order that recurs', () => {
  it('may be sent again: the same occurrence, and the next one when that is gone', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {}, {}, UUID);
    expect(job.jobId).toBe(UUID);
    const again = () => createJobOrSeries(anOrder(), OLGA, world, UUID);
    expect(await again()).toMatchObject({ isNew: false, job: { jobId: UUID } });
    await deleteJob(UUID, OLGA, world);
    const { nextJobId } = await theSeries(seriesId, world);
    expect(await again()).toMatchObject({ isNew: false, job: { jobId: nextJobId } });
    await expectOneToCome(seriesId, world);
  });

  it('is refused where another one has its id', async () => {
    const world = aWorld(anOperation());
    await begin(world, {}, {}, UUID);
    const other = anOrder({ pattern: 'FREQ=WEEKLY;' });
    await expect(createJobOrSeries(other, OLGA, world, UUID)).rejects.toThrow('another job with the id');
    await deleteJob(UUID, OLGA, world);
    await expect(createJobOrSeries(other, OLGA, world, UUID)).rejects.toThrow('There is another series');
    await expect(createJobOrSeries(anOrder(), ADAM, world, UUID)).rejects.toThrow('There is another series');
  });

  it('begins at once without a start', async () => {
    const world = aWorld(anOperation());
    world.clock.advance(123);
    const { seriesId, job } = await begin(world, { startTime: undefined });
    expect(job.postponeUntil).toBe(at());
    expect(await passTo(124, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    expect((await theSeries(seriesId, world)).nextAt).toBe(at(DAY));
  });

  it('keeps the rhythm of a start that has passed', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world, { pattern: 'FREQ=DAILY;INTERVAL=3;', startTime: at(-DAY + HOUR) });
    expect(job.postponeUntil).toBe(at(2 * DAY + HOUR));
  });

  it.each([
    [
      '/recurrence/pattern',
      {},
      { pattern: 'FREQ=SECONDLY;' },
      'A job recurs once a minute at most: FREQ=MINUTELY;.',
    ],
    [
      '/recurrence/pattern',
      {},
      { pattern: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;' },
      'It has no date from now on, or none within forty years.',
    ],
    [
      '/recurrence/timeZone',
      {},
      { timeZone: 'Mars/Olympus' },
      'Must be the name of an IANA time zone, such as Europe/Berlin.',
    ],
    [
      '/postponeUntil',
      { postponeUntil: at(HOUR) },
      {},
      'A series begins at recurrence.startTime; leave this out.',
    ],
    [
      '/deleteOnSuccess',
      { deleteOnSuccess: true },
      {},
      'The purge takes occurrences of a series; leave this out.',
    ],
    [
      '/input',
      { input: 'x'.repeat(40_000) },
      {},
      'The input has 40002 bytes; that of a series at most 32768.',
    ],
    [
      '/inputBlobId',
      { input: undefined, inputBlobId: UUID },
      {},
      'A series takes its input with the order, not from an upload.',
    ],
  ])('is refused for its %s', async (pointer, order, recurrence, says) => {
    const world = aWorld(anOperation());
    const detail = expect.stringContaining(says);
    await expect(createJobOrSeries(anOrder(recurrence, order), OLGA, world)).rejects.toMatchObject({
      faults: [{ pointer, detail }],
    });
    expect(world.jobs.rows()).toEqual([]);
  });
});

describe('an occurrence to come', () => {
  it.each([
    ['canceled', cancelJob, Status.Canceled],
    ['deleted', deleteJob, undefined],
  ])('that is %s is left out, and the next one comes', async (_what, verb, status) => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await verb(job.jobId, OLGA, world);
    expect((await world.jobs.get(job.jobId))?.statusCode).toBe(status);
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY) });
    await expectOneToCome(seriesId, world);
  });

  it('that is canceled, and run again, stands in the line of its series', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await cancelJob(job.jobId, OLGA, world);
    const again = await rerunJob(job.jobId, OLGA, world);
    expect(again).toMatchObject({ dependencyToken: relationTo(seriesId), input: '{"to":3}' });
    expect(again.relatedTo).toBeUndefined();
  });

  it('comes at another date if it is rescheduled, and the rhythm of the series stays', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await rescheduleJob(job.jobId, { until: at(3 * HOUR) }, OLGA, world);
    expect(await passTo(HOUR, seriesId, world)).toMatchObject({ statusCode: Status.Waiting });
    expect(await passTo(3 * HOUR, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY) });
  });

  it('runs now if it is resumed, through its line', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await resumeJob(job.jobId, OLGA, world);
    expect(world.timers.take()).toMatchObject([{ ring: { jobId: job.jobId } }]);
    expect(await passTo(1, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY) });
  });

  it('shows its series, and where it will stand', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, { timeZone: 'Europe/Berlin' }, { input: { to: 7 } });
    const shown = presentJob(
      await getJob(job.jobId.padStart(36, '0'), OLGA, { ...world, jobs: asIfUuid(world, job.jobId) }),
      { operations: world.operations, now: world.clock() },
    );
    expect(shown).toMatchObject({
      seriesId,
      recurrencePattern: 'FREQ=DAILY;',
      recurrenceStartTime: at(HOUR),
      recurrenceTimeZone: 'Europe/Berlin',
      shownAs: 'Scheduled',
      dependencyToken: relationTo(seriesId),
      input: { to: 7 },
    });
    expect(Object.keys(shown)).not.toContain('isToCome');
  });
});

describe('a series', () => {
  it('that is paused lets nothing in until it is resumed, and leaves out what has passed', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await pauseSeries({ seriesId, caller: OLGA }, world);
    expect((await theJob(job.jobId, world)).postponeUntil).toBeUndefined();
    await expect(resumeJob(job.jobId, OLGA, world)).rejects.toMatchObject({ code: 'VerbRefused' });
    expect(await passTo(3 * DAY, seriesId, world)).toMatchObject({ statusCode: Status.Waiting });
    const series = await resumeSeries({ seriesId, caller: OLGA }, world);
    expect(series).toMatchObject({ nextAt: at(HOUR + 3 * DAY), nextJobId: job.jobId });
    expect(await passTo(HOUR + 3 * DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    await expectOneToCome(seriesId, world);
  });

  it('that is paused stays paused when its occurrence is canceled', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    await pauseSeries({ seriesId, caller: OLGA }, world);
    await cancelJob(job.jobId, OLGA, world);
    expect((await toCome(seriesId, world)).postponeUntil).toBeUndefined();
    await resumeSeries({ seriesId, caller: OLGA }, world);
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY) });
  });

  it('is over if all its dates have passed while it was paused', async () => {
    const world = aWorld(anOperation());
    const until = at(DAY).slice(0, 10).replaceAll('-', '');
    const { seriesId } = await begin(world, { pattern: `FREQ=DAILY;UNTIL=${until};` });
    await pauseSeries({ seriesId, caller: OLGA }, world);
    world.clock.set(Date.parse(at(9 * DAY)));
    expect(await resumeSeries({ seriesId, caller: OLGA }, world)).toMatchObject({ endedOn: at(9 * DAY) });
    expect(world.jobs.rows()).toEqual([]);
    await expect(pauseSeries({ seriesId, caller: OLGA }, world)).rejects.toThrow('is over');
  });

  it('changes from the next occurrence on', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const first = await passTo(HOUR, seriesId, world);
    const patch = parse(SeriesPatch, {
      name: 'Other',
      input: { to: 9 },
      recurrence: { pattern: 'freq=weekly', overlap: 'skip' },
    });
    await patchSeries({ seriesId, caller: OLGA, patch }, world);
    await expectOneToCome(seriesId, world);
    expect(await theJob(first.jobId, world)).toEqual(first);
    const next = await toCome(seriesId, world);
    expect(next).toMatchObject({ name: 'Other', input: '{"to":9}', postponeUntil: at(HOUR + 7 * DAY) });
    expect(await passTo(HOUR + 7 * DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
  });

  it('runs with the rights of whoever has given it its input last, and nobody takes more than they have', async () => {
    const world = aWorld(anOperation({ prepare }));
    const { seriesId } = await begin(world);
    const greedy = parse(SeriesPatch, { input: { as: 'admin' } });
    const patch = patchSeries({ seriesId, caller: OLGA, patch: greedy }, world);
    await expect(patch).rejects.toMatchObject({ code: 'NotAllowed' });
    const modest = parse(SeriesPatch, { input: { to: 9 } });
    await patchSeries({ seriesId, caller: OLGA, patch: modest }, world);
    expect((await toCome(seriesId, world)).input).toBe('{"asked":{"to":9},"as":"operator"}');
  });

  it('keeps its date where only other things change, and may lose what is optional', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(
      world,
      { timeZone: 'Europe/Berlin', pattern: 'FREQ=DAILY;COUNT=5;' },
      { name: 'Mine', dependencyToken: 'line' },
    );
    await passTo(HOUR, seriesId, world);
    const patch = (body: unknown) =>
      patchSeries({ seriesId, caller: OLGA, patch: parse(SeriesPatch, body) }, world);
    expect(await patch({ name: null, dependencyToken: null })).toMatchObject({
      nextAt: at(HOUR + DAY),
      left: 4,
      version: 3,
    });
    const { order } = await theSeries(seriesId, world);
    expect(order).toEqual({ operation: 'count-to', input: { to: 3 } });
    expect((await patch({ recurrence: { timeZone: null } })).recurrence.timeZone).toBeUndefined();
    expect(await patch({ recurrence: { pattern: 'FREQ=DAILY;' } })).not.toHaveProperty('left');
  });

  it.each([
    ['/recurrence/pattern', { recurrence: { pattern: 'FREQ=OFTEN;' } }],
    ['/recurrence/timeZone', { recurrence: { timeZone: 'Nowhere' } }],
    ['/input', { input: 'x'.repeat(40_000) }],
  ])('refuses a change of its %s, and stays as it was', async (pointer, body) => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const before = await theSeries(seriesId, world);
    await expect(
      patchSeries({ seriesId, caller: OLGA, patch: parse(SeriesPatch, body) }, world),
    ).rejects.toMatchObject({ faults: [{ pointer }] });
    expect(await theSeries(seriesId, world)).toEqual(before);
  });

  it('is not changed over a change that its caller has not seen', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const asked = { seriesId, caller: OLGA, ifMatch: '"1"' };
    expect(await pauseSeries(asked, world)).toMatchObject({ version: 2 });
    await expect(resumeSeries(asked, world)).rejects.toMatchObject({ code: 'PreconditionFailed' });
    expect(await resumeSeries({ ...asked, ifMatch: 'W/"1", "2"' }, world)).toMatchObject({ version: 3 });
  });

  it('that is deleted takes its occurrence to come with it, and no other', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const first = await passTo(HOUR, seriesId, world);
    const { jobId } = await toCome(seriesId, world);
    await deleteSeries({ seriesId, caller: OLGA }, world);
    expect(world.jobs.rows()).toEqual([first]);
    await hear({ jobId, lane: 'bulk' }, world);
    await expect(deleteSeries({ seriesId, caller: OLGA }, world)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('obeys its owner and admins, nobody else', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    for (const caller of [OSCAR, { id: 'rita', role: 'reader' } as const])
      for (const verb of [pauseSeries, resumeSeries, deleteSeries])
        await expect(verb({ seriesId, caller }, world)).rejects.toMatchObject({ code: 'NotAllowed' });
    expect(await pauseSeries({ seriesId, caller: ADAM }, world)).toMatchObject({
      modifiedBy: 'adam',
      ownerId: 'olga',
    });
  });
});

/** Ids of this world are short; what is asked for over HTTP is a UUID. */
const asIfUuid = (world: World, jobId: string): World['jobs'] => {
  const row = world.jobs.rows().find((each) => each.jobId === jobId);
  if (row !== undefined) world.jobs.put({ ...row, jobId: jobId.padStart(36, '0') });
  return world.jobs;
};
