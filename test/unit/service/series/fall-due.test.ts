import { describe, expect, it } from '@jest/globals';
import { Status } from '../../../../shared/job/status.ts';
import { answerRing } from '../../../../shared/service/answer-ring.ts';
import { TransitionRefused } from '../../../../shared/service/ports.ts';
import { fallDue } from '../../../../shared/service/series/fall-due.ts';
import { relationTo } from '../../../../shared/service/series/series.ts';
import { aJob, aRunningJob, at } from '../../../support/a-job.ts';
import { aJobToCome, aSeries } from '../../../support/a-series.ts';
import { anInvocation, anOperation, aWorld, hear, put, theJob } from '../../../support/a-world.ts';
import { begin, DAY, HOUR, passTo, theSeries, toCome } from '../../../support/series-world.ts';

describe('an occurrence', () => {
  it('waits for its date, and nobody stands behind it', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world, {}, { dependencyToken: 'line' });
    expect(job).toMatchObject({ statusCode: Status.Waiting, postponeUntil: at(HOUR), isToCome: true });
    expect(await world.chains.head('line')).toBeUndefined();
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect(await theJob(job.jobId, world)).toEqual(job);
  });

  it('runs at its date, and the next one is made', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    const done = await passTo(HOUR, seriesId, world);
    expect(done).toMatchObject({
      jobId: job.jobId,
      statusCode: Status.Succeeded,
      relatedTo: relationTo(seriesId),
    });
    expect(done.isToCome).toBeUndefined();
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + DAY), input: '{"to":3}' });
    expect(await theSeries(seriesId, world)).toMatchObject({ lastJobId: job.jobId, nextAt: at(HOUR + DAY) });
  });

  it('stands at the end of its line from its date on, behind what was ordered before', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world, {}, { dependencyToken: 'line' });
    const ahead = put(
      aRunningJob({
        jobId: 'ahead',
        dependencyToken: 'line',
        sequence: world.nextSequence(),
        leaseEndsAt: at(2 * HOUR),
      }),
      world,
    );
    world.jobs.watchFrom('line', at());
    const due = await passTo(HOUR, seriesId, world);
    expect(due.statusCode).toBe(Status.WaitingForResources);
    expect(world.jobs.linksOf('line').map(({ jobId }) => jobId)).toEqual([ahead.jobId, job.jobId]);
    expect(due.sequence).toBeGreaterThan(ahead.sequence);
  });

  it('that could not be rung for when it had come fails the ring, which comes again and brings it on its way', async () => {
    const world = aWorld(anOperation());
    const { job } = await begin(world, {}, { dependencyToken: 'line' });
    world.clock.set(Date.parse(at(HOUR)));
    const broken = {
      ring: () => Promise.reject(new Error('Throttled.')),
      ringAll: () => Promise.reject(new Error('Throttled.')),
    };
    const ring = { jobId: job.jobId, lane: 'bulk' } as const;
    const answered = answerRing(ring, { ...world, doorbell: broken }, anInvocation(world));
    await expect(answered).rejects.toThrow('Throttled.');
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.WaitingForResources });
    await hear(ring, world);
    expect(world.doorbell.take()).toEqual([{ ...ring, token: 'line' }]);
  });

  it('has another one of its own line behind it, where nothing else is said', async () => {
    const world = aWorld(
      anOperation({
        run: async function* () {
          yield* [];
          throw new Error('Again.');
        },
      }),
    );
    const { seriesId } = await begin(world, { pattern: 'FREQ=HOURLY;' }, { maxRetries: 5 });
    const first = await passTo(HOUR, seriesId, world);
    expect(first.statusCode).toBe(Status.Waiting);
    const second = await passTo(2 * HOUR - 1, seriesId, world).then(() => passTo(2 * HOUR, seriesId, world));
    expect(second).toMatchObject({
      statusCode: Status.WaitingForResources,
      dependencyToken: relationTo(seriesId),
    });
    expect(world.jobs.linksOf(relationTo(seriesId)).map(({ jobId }) => jobId)).toEqual([
      first.jobId,
      second.jobId,
    ]);
  });

  it('joins its line though the clock of its creator lags behind that line', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, {}, { dependencyToken: 'line' });
    const ahead = aJob({
      jobId: 'ahead',
      dependencyToken: 'line',
      sequence: 2 ** 52,
      statusCode: Status.Waiting,
    });
    put(ahead, world);
    expect((await passTo(HOUR, seriesId, world)).sequence).toBe(2 ** 52 + 1);
  });

  it('whose ring was lost on the way is rung for again', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    await fallDue(job, world);
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect(world.doorbell.rings).toEqual([{ jobId: job.jobId, lane: 'bulk', token: relationTo(seriesId) }]);
  });

  it('that two workers hear of at once comes once', async () => {
    const world = aWorld(anOperation());
    const { seriesId, job } = await begin(world);
    world.clock.set(Date.parse(at(HOUR)));
    const both = await Promise.all([fallDue(job, world), fallDue(job, world)]);
    expect(both.filter((due) => due !== undefined)).toHaveLength(1);
    expect((await theSeries(seriesId, world)).version).toBe(2);
    expect(world.jobs.rows()).toHaveLength(2);
  });

  it('of an operation that this deployment does not have fails, and the series goes on', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    const later = { ...world, operations: new Map() };
    expect(await passTo(HOUR, seriesId, later)).toMatchObject({ statusCode: Status.Failed });
    expect(await toCome(seriesId, world)).toMatchObject({ name: 'count-to', postponeUntil: at(HOUR + DAY) });
  });

  it('has its timer when its date is near, before its row is there', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, { pattern: 'FREQ=MINUTELY;INTERVAL=5;', startTime: at(300_000) });
    const [timer] = world.timers.take();
    expect(timer).toMatchObject({ at: Date.parse(at(300_000)) });
    await passTo(300_000, seriesId, world);
    const { jobId } = await toCome(seriesId, world);
    expect(world.timers.take()).toMatchObject([{ ring: { jobId }, at: Date.parse(at(600_000)) }]);
  });
});

describe('dates that nobody heard of', () => {
  it('are run once, and then the series goes on at the next date that lies ahead', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world);
    expect(await passTo(HOUR + 5.5 * DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + 6 * DAY) });
  });

  it('are left out where the series says so, and the job says why', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, { missed: 'skip' });
    const missed = await passTo(HOUR + 5.5 * DAY, seriesId, world);
    expect(missed).toMatchObject({
      statusCode: Status.Canceled,
      friendlyMessage: 'Left out: its date had long passed.',
    });
    expect(missed.isToCome).toBeUndefined();
    const [entry] = await world.audit.latest(missed, { limit: 1 });
    expect(entry).toMatchObject({
      by: 'service',
      verb: 'cancel',
      reason: 'Left out: its date had long passed.',
    });
    expect(await toCome(seriesId, world)).toMatchObject({ postponeUntil: at(HOUR + 6 * DAY) });
  });

  it('are not missed as long as the scan may have been the one to find them', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, { missed: 'skip' });
    expect(await passTo(HOUR + 20 * 60_000, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
  });
});

describe('an occurrence whose predecessor is still open', () => {
  it('is left out where the series says so; the one after it runs again', async () => {
    const world = aWorld(
      anOperation({
        run: async function* () {
          yield* [];
          throw new Error('Again.');
        },
      }),
    );
    const { seriesId } = await begin(world, { overlap: 'skip' }, { maxRetries: 9 });
    const first = await passTo(HOUR, seriesId, world);
    expect(first).toMatchObject({ statusCode: Status.Waiting });
    expect(first.dependencyToken).toBeUndefined();
    const second = await passTo(HOUR + DAY, seriesId, world);
    expect(second).toMatchObject({
      statusCode: Status.Canceled,
      friendlyMessage: 'Left out: the one before was not over.',
    });
    world.jobs.put({ ...first, statusCode: Status.Succeeded });
    expect(await passTo(HOUR + 2 * DAY, seriesId, world)).toMatchObject({
      statusCode: Status.Waiting,
      retryCount: 1,
    });
  });
});

describe('a series with an end', () => {
  it('makes as many occurrences as COUNT says', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, { pattern: 'FREQ=DAILY;COUNT=3;' });
    for (let day = 0; day < 3; day++)
      expect(await passTo(HOUR + day * DAY, seriesId, world)).toMatchObject({ statusCode: Status.Succeeded });
    const series = await theSeries(seriesId, world);
    expect([series.nextAt, series.nextJobId, series.left]).toEqual([undefined, undefined, 0]);
    expect(series.endedOn).toBe(at(HOUR + 2 * DAY));
    expect(world.jobs.rows()).toHaveLength(3);
  });

  it('is over after UNTIL', async () => {
    const world = aWorld(anOperation());
    const { seriesId } = await begin(world, {
      pattern: `FREQ=DAILY;UNTIL=${at(HOUR + DAY)
        .slice(0, 10)
        .replaceAll('-', '')};`,
    });
    await passTo(HOUR, seriesId, world);
    await passTo(HOUR + DAY, seriesId, world);
    expect((await theSeries(seriesId, world)).endedOn).toBe(at(HOUR + DAY));
  });
});

describe('an occurrence that no series knows of', () => {
  const HOURS = 10 * HOUR;

  it('is left alone while what was written with it may not be seen yet', async () => {
    const world = aWorld(anOperation());
    const job = aJobToCome(aSeries(), { postponeUntil: at(10) });
    world.jobs.put(job);
    world.clock.set(Date.parse(at(20)));
    await expect(fallDue(job, world)).rejects.toThrow('changes too fast');
    expect(await theJob(job.jobId, world)).toEqual(job);
  });

  it('is left to whoever was faster; but if the tables do not answer the ring comes again', async () => {
    const world = aWorld(anOperation());
    const job = aJobToCome(aSeries());
    world.jobs.put(job);
    world.clock.set(Date.parse(at(HOURS)));
    world.jobs.make = (step) => Promise.reject(new TransitionRefused(step));
    expect(await fallDue(job, world)).toBeUndefined();
    world.jobs.make = () => Promise.reject(new Error('Throttled.'));
    await expect(fallDue(job, world)).rejects.toThrow('Throttled.');
  });

  it('is left alone where it is not to come: it has come, and is to be tried again', async () => {
    const world = aWorld(anOperation());
    const { isToCome: _came, ...job } = aJobToCome(aSeries());
    world.jobs.put(job);
    world.clock.set(Date.parse(at(HOURS)));
    expect(await fallDue(job, world)).toBeUndefined();
    expect(await theJob(job.jobId, world)).toEqual(job);
  });

  it('is canceled at its date: nobody can tell what comes next', async () => {
    const world = aWorld(anOperation());
    const job = aJobToCome(aSeries());
    world.jobs.put(job);
    world.clock.set(Date.parse(at(HOURS)));
    await hear({ jobId: job.jobId, lane: 'bulk' }, world);
    expect(await theJob(job.jobId, world)).toMatchObject({ statusCode: Status.Canceled });
  });
});
