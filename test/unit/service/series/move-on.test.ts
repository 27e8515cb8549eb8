import { describe, expect, it } from '@jest/globals';
import { NEVER } from '../../../../shared/job/watch.ts';
import { UTC } from '../../../../shared/service/recurrence/zone.ts';
import { pauseSeries, resumeSeries } from '../../../../shared/service/series/change-series.ts';
import { movedOn, scheduleOf } from '../../../../shared/service/series/move-on.ts';
import { cancelJob } from '../../../../shared/service/verbs.ts';
import { at } from '../../../support/a-job.ts';
import { aSeries } from '../../../support/a-series.ts';
import { anOperation, aWorld, theJob } from '../../../support/a-world.ts';
import { NOON } from '../../../support/memory/settable-clock.ts';
import { begin, DAY, HOUR, OLGA, passTo, theSeries, toCome } from '../../../support/series-world.ts';

const MINUTE = 60_000;

describe('a series that moves on', () => {
  it('stands at its next date as another version, and is the same besides', () => {
    const series = aSeries({ nextJobId: 'a job' });
    const moved = movedOn(series, NOON + HOUR);
    expect(moved).toStrictEqual({
      ...series,
      version: 2,
      modifiedOn: at(HOUR),
      nextAt: at(HOUR + DAY),
      nextJobId: expect.any(String),
    });
    expect(moved.nextJobId).not.toBe('a job');
  });

  it('counts down, and is over after the last one: it stands at no date any more', () => {
    const { nextAt: _date, ...others } = aSeries({ left: 1 });
    expect(movedOn(aSeries({ left: 1, nextJobId: 'a job' }), NOON + HOUR)).toStrictEqual({
      ...others,
      version: 2,
      modifiedOn: at(HOUR),
      endedOn: at(HOUR),
      left: 0,
    });
  });

  it('goes by the clocks of its zone; one that this platform has lost counts as UTC', async () => {
    const world = aWorld(anOperation());
    const nine = { pattern: 'FREQ=DAILY;BYHOUR=9;', timeZone: 'Asia/Tokyo' };
    const { seriesId, job } = await begin(world, nine);
    expect(job.postponeUntil).toBe(at(12 * HOUR));
    await passTo(12 * HOUR, seriesId, world);
    expect((await theSeries(seriesId, world)).nextAt).toBe(at(12 * HOUR + DAY));
    const { recurrence } = aSeries();
    expect(scheduleOf({ ...recurrence, timeZone: 'Mars/Olympus' }).zone).toBe(UTC);
  });
});

describe('an occurrence to come', () => {
  it.each([
    [16, [NOON + 16 * MINUTE, NOON + 32 * MINUTE]],
    [17, []],
  ])('has a timer only if its date is near: in %d minutes', async (minutes, timers) => {
    const world = aWorld(anOperation());
    const pattern = `FREQ=MINUTELY;INTERVAL=${minutes};`;
    const { seriesId } = await begin(world, { pattern, startTime: at(minutes * MINUTE) });
    await passTo(minutes * MINUTE, seriesId, world);
    expect(world.timers.take().map((timer) => timer.at)).toEqual(timers);
  });

  it('is looked at in time for its timer if its date is far, and else when that may be lost', async () => {
    const world = aWorld(anOperation());
    const watchAt = async (startTime: string) => (await begin(world, { startTime })).job.watchAt;
    expect([await watchAt(at(HOUR)), await watchAt(at(5 * MINUTE))]).toEqual([
      at(44 * MINUTE),
      at(6 * MINUTE),
    ]);
  });

  it('of a paused series is looked at by nobody, and has no timer', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {
      pattern: 'FREQ=MINUTELY;INTERVAL=5;',
      startTime: at(5 * MINUTE),
    });
    world.clock.advance(10);
    const paused = await pauseSeries({ seriesId, caller: { id: 'adam', role: 'admin' } }, world);
    const { postponeUntil: _date, ...row } = job;
    expect(await theJob(job.jobId, world)).toEqual({
      ...row,
      watchAt: NEVER,
      modifiedOn: paused.modifiedOn,
      modifiedBy: 'adam',
    });
    world.timers.take();
    await cancelJob(job.jobId, OLGA, world);
    expect([(await toCome(seriesId, world)).watchAt, world.timers.take()]).toEqual([NEVER, []]);
  });

  it('does not come at the very date at which its series is resumed: that one has passed', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    await pauseSeries({ seriesId, caller: OLGA }, world);
    world.clock.set(NOON + HOUR);
    expect(await resumeSeries({ seriesId, caller: OLGA }, world)).toMatchObject({ nextAt: at(HOUR + DAY) });
  });
});
