import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isCompleted } from '../../shared/job/status.ts';
import { LonghaulError } from '../../shared/service/errors.ts';
import { mendJob } from '../../shared/service/mend-job.ts';
import { mendToken } from '../../shared/service/mend-token.ts';
import type { Ring } from '../../shared/service/ports.ts';
import { pauseSeries, resumeSeries } from '../../shared/service/series/change-series.ts';
import { fallDue } from '../../shared/service/series/fall-due.ts';
import { cancelJob, deleteJob, resumeJob } from '../../shared/service/verbs.ts';
import { at } from '../support/a-job.ts';
import { anOperation, aWorld, hear, type World } from '../support/a-world.ts';
import { type Death, Killed, Life } from '../support/mortal.ts';
import { datesThatCame, faultsIn, RecordingSeries } from '../support/series-history.ts';
import { begin, OLGA, theSeries, toCome } from '../support/series-world.ts';

const MINUTE = 60_000;
/** Every half hour: each date is found by a scan before the next one comes. */
const RHYTHM = 30 * MINUTE;

const aRecordedWorld = () => {
  const world = aWorld(anOperation());
  const series = new RecordingSeries(world.jobs, world.audit, world.clock);
  return { ...world, series };
};
type Recorded = ReturnType<typeof aRecordedWorld>;

/** The world as a process sees it that dies at some step to the outside. */
function mortal(world: Recorded, life: Life): World {
  const { jobs, chains, details, audit, series, doorbell, timers } = world;
  const ports = { jobs, chains, details, audit, series, doorbell, timers };
  const seen = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, life.through(port)]));
  return { ...world, ...seen };
}

async function unlessKilled(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof LonghaulError)) throw error;
  }
}

/** What the scan does, every quarter of an hour. */
async function scan(world: Recorded): Promise<void> {
  const by = new Date(world.clock()).toISOString();
  const { jobIds } = await world.jobs.due({ by, limit: 999 });
  for (const job of await world.jobs.getAll(jobIds)) await mendJob(job, world);
  const { tokens } = await world.chains.watched({ by, limit: 999 });
  for (const token of tokens) await mendToken(token, world);
}

/** Rings of timers whose time has come, and all that were rung. */
function ringsOf(world: Recorded, waiting: { ring: Ring; at: number }[]): Ring[] {
  waiting.push(...world.timers.take());
  const due = waiting.filter((timer) => timer.at <= world.clock());
  for (const timer of due) waiting.splice(waiting.indexOf(timer), 1);
  return [...due.map(({ ring }) => ring), ...world.doorbell.rings.splice(0)];
}

const DEATH = fc.option(
  fc.record({ atStep: fc.integer({ min: 1, max: 12 }), when: fc.constantFrom('before', 'after') }),
  { nil: undefined, freq: 2 },
) as fc.Arbitrary<Death | undefined>;
/** What happens to the next rings: they are lost, heard twice, or heard by somebody who dies. */
const TURN = fc.record({
  minutes: fc.integer({ min: 1, max: 14 }),
  lost: fc.boolean(),
  twice: fc.boolean(),
  death: DEATH,
});

describe('a series under fire', () => {
  it('loses no date and doubles none, whoever dies wherever, with rings lost and heard twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(TURN, { minLength: 5, maxLength: 40 }), async (turns) => {
        const world = aRecordedWorld();
        const { seriesId } = await begin(world, {
          pattern: 'FREQ=MINUTELY;INTERVAL=30;',
          startTime: at(RHYTHM),
        });
        const timers: { ring: Ring; at: number }[] = [];
        let scannedAt = world.clock();
        for (const { minutes, lost, twice, death } of turns) {
          world.clock.advance(minutes * MINUTE);
          if (world.clock() - scannedAt >= 15 * MINUTE) {
            await scan(world);
            scannedAt = world.clock();
          }
          const rings = lost ? [] : ringsOf(world, timers);
          if (lost) ringsOf(world, timers);
          for (const ring of twice ? [...rings, ...rings] : rings) {
            await unlessKilled(() => hear(ring, mortal(world, new Life(death))));
            expect(faultsIn(world.series.made, world.jobs.rows())).toEqual([]);
          }
        }
        await settle(world, timers);
        expect(faultsIn(world.series.made, world.jobs.rows())).toEqual([]);
        const { nextAt = '' } = await theSeries(seriesId, world);
        expect(datesThatCame(world.series.made)).toEqual(datesByHand(world.series.times, nextAt));
        expect(Date.parse(nextAt)).toBeGreaterThan(world.clock());
        const open = world.jobs
          .rows()
          .filter(({ statusCode, isToCome }) => !isCompleted(statusCode) && !isToCome);
        expect(open).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/**
 * The dates that had to come: all of them, but for those that had passed already when the one before came, for those
 * are run once. `times`: when the series was made, and when each date came.
 */
function datesByHand([, ...times]: readonly number[], end: string): string[] {
  const dates: string[] = [];
  let date = Date.parse(at(RHYTHM));
  for (const came of times) {
    dates.push(new Date(date).toISOString());
    while (date <= Math.max(came, Date.parse(dates.at(-1) ?? ''))) date += RHYTHM;
  }
  expect(new Date(date).toISOString()).toBe(end);
  return dates;
}

/** Nobody dies any more: scans and rings, until all that can run has run. */
async function settle(world: Recorded, timers: { ring: Ring; at: number }[]): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await scan(world);
    for (let rings = ringsOf(world, timers); rings.length > 0; rings = ringsOf(world, timers))
      for (const ring of rings) await hear(ring, world);
    if (round < 4) world.clock.advance(5 * MINUTE);
  }
}

type Act = (world: World, seriesId: string, jobId: string) => Promise<unknown>;
const ACTS: Readonly<Record<string, Act>> = {
  'hears the timer': async (world, _series, jobId) => hear({ jobId, lane: 'bulk' }, world),
  'lets it in': async (world, _series, jobId) => {
    const job = await world.jobs.get(jobId);
    if (job !== undefined) await fallDue(job, world);
  },
  'cancels it': (world, _series, jobId) => cancelJob(jobId, OLGA, world),
  'deletes it': (world, _series, jobId) => deleteJob(jobId, OLGA, world),
  'resumes it': (world, _series, jobId) => resumeJob(jobId, OLGA, world),
  'pauses the series': (world, seriesId) => pauseSeries({ seriesId, caller: OLGA }, world),
  'resumes the series': (world, seriesId) => resumeSeries({ seriesId, caller: OLGA }, world),
};
const NAMES = Object.keys(ACTS);

describe('two workers and a person at one occurrence', () => {
  it('leave exactly one to come, in whatever order their calls get through', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)),
        fc.constantFrom('queue', 'skip'),
        async (scheduler, names, overlap) => {
          const world = aRecordedWorld();
          const { seriesId } = await begin(world, { pattern: 'FREQ=HOURLY;', overlap });
          const { jobId } = await toCome(seriesId, world);
          world.clock.advance(60 * MINUTE);
          const seen = interleaved(world, scheduler);
          const all = names.map((name) => unlessKilled(async () => ACTS[name]?.(seen, seriesId, jobId)));
          await scheduler.waitFor(Promise.all(all));
          expect(faultsIn(world.series.made, world.jobs.rows())).toEqual([]);
          expect(datesThatCame(world.series.made).length).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 400 },
    );
  });
});

/** Each call to the outside waits until the scheduler lets it through. */
function interleaved(world: Recorded, scheduler: fc.Scheduler): World {
  const through = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          await scheduler.schedule(Promise.resolve(), String(name));
          return (await Reflect.apply(member, target, args)) as unknown;
        };
      },
    });
  const { jobs, chains, series, details } = world;
  return {
    ...world,
    jobs: through(jobs),
    chains: through(chains),
    series: through(series),
    details: through(details),
  };
}
