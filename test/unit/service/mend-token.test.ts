import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { mendToken } from '../../../shared/service/mend-token.ts';
import { aJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, put, type World } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const SEEN = { token: 'orders', watchAt: at(-1_000) };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A token with these jobs in line, created an hour ago, that is to be looked at now. */
function aToken(...facts: Partial<Job>[]): World {
  const world = aWorld(anOperation({ lane: 'standard' }));
  for (const [n, fact] of facts.entries()) {
    const sequence = sequenceAt(NOON - HOUR_MS) + n + 1;
    put(aJob({ jobId: `job-${n}`, dependencyToken: 'orders', sequence, ...fact }), world);
  }
  world.jobs.watchFrom('orders', SEEN.watchAt);
  return world;
}
const watched = ({ jobs }: World): string | undefined => jobs.watchAtOf('orders');
const RING = { jobId: 'job-0', token: 'orders', lane: 'standard' } as const;

describe('a token whose line is empty', () => {
  it('is not watched any more', async () => {
    const world = aToken({});
    const [job] = world.jobs.rows();
    world.jobs.forget('job-0');
    await world.jobs.removeOrphan({ ...RING, sequence: job?.sequence ?? 0 });
    expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', undefined]);
  });

  it('stays watched if a job has come since', async () => {
    const world = aToken();
    const head = world.jobs.head.bind(world.jobs);
    let looks = 0;
    world.jobs.head = async (token) => {
      const seen = await head(token);
      if (looks++ === 0) put(aJob({ dependencyToken: 'orders', sequence: sequenceAt(NOON) }), world);
      return seen;
    };
    await mendToken(SEEN, world);
    expect(watched(world)).toBe(SEEN.watchAt);
  });
});

describe('a line that is young', () => {
  const JUST_NOW = { sequence: sequenceAt(NOON - 1_000) };

  it('is not called empty: a place may be seen a moment after its tail', async () => {
    const world = aToken(JUST_NOW);
    await world.jobs.removeOrphan({ ...RING, ...JUST_NOW, jobId: 'gone' });
    expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', SEEN.watchAt]);
  });

  it('is not left for long: a place before its head may not be seen yet', async () => {
    const world = aToken({ ...JUST_NOW, statusCode: Status.Waiting });
    expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', SEEN.watchAt]);
  });
});

describe('a line that is a minute old', () => {
  it('is judged', async () => {
    const world = aToken({ sequence: sequenceAt(NOON - 60_000), statusCode: Status.Waiting });
    expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', at(DAY_MS)]);
  });
});

describe('a head', () => {
  it('that may run is rung for, and stays watched; its followers are left alone', async () => {
    const world = aToken({}, {}, {});
    expect([await mendToken(SEEN, world), world.doorbell.rings]).toEqual(['rung', [RING]]);
    expect(watched(world)).toBe(SEEN.watchAt);
  });

  it('is rung for in the lane of its place, whatever the lane of its operation is by now', async () => {
    const world = aToken({});
    world.jobs.putInLine(world.jobs.rows()[0] ?? aJob(), 'bulk');
    await mendToken(SEEN, world);
    expect(world.doorbell.rings).toEqual([{ ...RING, lane: 'bulk' }]);
  });

  it('whose worker is dead is rung for', async () => {
    const world = aToken({ statusCode: Status.InProgress, leaseEndsAt: at() }, {});
    expect([await mendToken(SEEN, world), world.doorbell.rings]).toEqual([
      'rung',
      [{ ...RING, lane: 'bulk' }],
    ]);
  });

  it('that a worker holds is left alone, and stays watched: the worker may die', async () => {
    const world = aToken({ statusCode: Status.InProgress, leaseEndsAt: at(1) }, {});
    expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', SEEN.watchAt]);
  });

  it('whose date is near has its timer, and stays watched', async () => {
    const world = aToken({ statusCode: Status.Waiting, postponeUntil: at(60_000) }, {});
    expect(await mendToken(SEEN, world)).toBe('timed');
    expect([world.timers.timers, watched(world)]).toEqual([
      [{ ring: RING, at: NOON + 60_000 }],
      SEEN.watchAt,
    ]);
  });

  it.each([
    ['waits for a person', undefined, DAY_MS],
    ['waits for a date in some hours', 5 * HOUR_MS, 5 * HOUR_MS - 16 * 60_000],
    ['waits for a date next year', 365 * DAY_MS, DAY_MS],
  ])(
    'that %s lets its token be looked at in time for that, and within a day',
    async (_what, date, looked) => {
      const world = aToken(
        { statusCode: Status.Waiting, ...(date !== undefined && { postponeUntil: at(date) }) },
        {},
      );
      expect([await mendToken(SEEN, world), watched(world)]).toEqual(['left', at(looked)]);
      expect([world.doorbell.rings, world.timers.timers]).toEqual([[], []]);
    },
  );

  it('that somebody has freed meanwhile does not lose the date that was set for it', async () => {
    const world = aToken({ statusCode: Status.Waiting });
    world.jobs.watchFrom('orders', at(60_000));
    await mendToken(SEEN, world);
    expect(watched(world)).toBe(at(60_000));
  });
});

describe('a place without a job', () => {
  it.each([
    ['whose row is gone', (world: World) => world.jobs.forget('job-0')],
    ['whose job is over', (world: World) => world.jobs.put(aJob({ jobId: 'job-0', statusCode: 30 }))],
  ])('%s is cleared away, and the next one looked after', async (_what, change) => {
    const world = aToken({}, {});
    change(world);
    expect([await mendToken(SEEN, world), world.doorbell.rings]).toEqual([
      'rung',
      [{ ...RING, jobId: 'job-1' }],
    ]);
    expect(world.jobs.linksOf('orders').map(({ jobId }) => jobId)).toEqual(['job-1']);
  });

  it('that has its job after all stays: it was only seen too early', async () => {
    const world = aToken({});
    const get = world.jobs.get.bind(world.jobs);
    world.jobs.get = async (jobId) => {
      world.jobs.get = get;
      return jobId === 'never' ? get(jobId) : undefined;
    };
    expect(await mendToken(SEEN, world)).toBe('left');
    expect([world.jobs.linksOf('orders').length, watched(world)]).toEqual([1, SEEN.watchAt]);
  });

  it('is one of a few that are cleared away at one look, and the rest at the next', async () => {
    const world = aToken(...Array.from({ length: 14 }, () => ({})));
    for (let n = 0; n < 14; n++) world.jobs.forget(`job-${n}`);
    expect(await mendToken(SEEN, world)).toBe('left');
    expect([world.jobs.linksOf('orders').length, watched(world)]).toEqual([4, SEEN.watchAt]);
    await mendToken(SEEN, world);
    expect([world.jobs.linksOf('orders').length, watched(world)]).toEqual([0, undefined]);
  });
});
