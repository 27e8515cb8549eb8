import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { Status } from '../../../shared/job/status.ts';
import type { Transition } from '../../../shared/job/transition.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { MAX_CRASHES } from '../../../shared/service/take.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { upwards } from '../../support/a-log.ts';
import {
  anOperation,
  aWorld,
  hear,
  put,
  runOnce,
  theJob,
  type World,
  withOperation,
} from '../../support/a-world.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { stepsOf } from '../../support/steps.ts';

const IN_STANDARD = { lane: 'standard' } as const;
const quick = () => aWorld(anOperation({ lane: 'standard' }));
const said = ({ doorbell, timers }: World) => [doorbell.rings, timers.timers];

describe('a ring for a job that another worker holds', () => {
  it.each([
    ['In Progress', Status.InProgress],
    ['Pausing', Status.Pausing],
    ['Canceling', Status.Canceling],
  ])(
    'and that is %s sets a timer for just after the end of the lease: it may be dead',
    async (_status, statusCode) => {
      const world = aWorld(anOperation());
      const before = aRunningJob({ statusCode });
      expect(await runOnce(before, world)).toEqual(before);
      const ring = { jobId: before.jobId, lane: 'bulk' };
      expect(said(world)).toEqual([[], [{ ring, at: NOON + 301_000 }]]);
    },
  );
});

describe('a ring for a job that nobody can run', () => {
  it.each([
    ['Succeeded', { statusCode: Status.Succeeded }],
    ['Failed', { statusCode: Status.Failed }],
    ['Canceled', { statusCode: Status.Canceled }],
    ['waiting for a person', { statusCode: Status.Waiting }],
    ['waiting for a far date', { statusCode: Status.Waiting, postponeUntil: at(16 * 60_000 + 1) }],
  ])('as it is %s is dropped', async (_status, facts: Partial<Job>) => {
    const world = aWorld(anOperation());
    const before = aJob(facts);
    expect(await runOnce(before, world)).toEqual(before);
    expect(said(world)).toEqual([[], []]);
  });

  it('as it is not there is dropped', async () => {
    const world = aWorld(anOperation());
    await hear({ jobId: 'gone', lane: 'bulk' }, world);
    expect(said(world)).toEqual([[], []]);
  });

  it.each([1, 60_000, 16 * 60_000])('before a near date in %d ms sets its timer', async (ms) => {
    const world = aWorld(anOperation());
    const before = aJob({ statusCode: Status.Waiting, postponeUntil: at(ms) });
    expect(await runOnce(before, world)).toEqual(before);
    expect(world.timers.timers).toEqual([{ ring: { jobId: before.jobId, lane: 'bulk' }, at: NOON + ms }]);
  });

  it('as its operation needs the other lane is sent there', async () => {
    const world = aWorld(anOperation({ lane: 'bulk' }));
    const job = put(aJob(), world);
    await hear({ jobId: job.jobId, lane: 'bulk' }, world, IN_STANDARD);
    expect(world.doorbell.rings).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
    expect(await theJob(job.jobId, world)).toEqual(job);
  });

  it('as the invocation is nearly over is rung for again', async () => {
    const world = aWorld(anOperation());
    const before = aJob();
    expect(await runOnce(before, world, { slicesEndAt: world.clock() + 199 })).toEqual(before);
    expect(world.doorbell.rings).toEqual([{ jobId: before.jobId, lane: 'bulk' }]);
  });
});

describe('a ring for a job that can be run', () => {
  it('as there is just time enough runs it', async () => {
    const world = aWorld(anOperation());
    const job = await runOnce(aJob(), world, { slicesEndAt: world.clock() + 200 });
    expect(job.statusCode).toBe(Status.Succeeded);
  });

  it('as its date has come runs it', async () => {
    const job = await runOnce(
      aJob({ statusCode: Status.Waiting, postponeUntil: at() }),
      aWorld(anOperation()),
    );
    expect(job).toMatchObject({ statusCode: Status.Succeeded, claimNumber: 1 });
  });

  it('as its worker has given it back runs it on', async () => {
    const { leaseEndsAt: _none, ...job } = aRunningJob({ claimNumber: 4 });
    const next = await runOnce(job, aWorld(anOperation()));
    expect([next.statusCode, next.claimNumber, next.crashCount]).toEqual([Status.Succeeded, 5, undefined]);
  });

  it('may arrive any number of times: the work is done once', async () => {
    let runs = 0;
    const run = () => {
      runs++;
      return stepsOf([]);
    };
    const world = aWorld(anOperation({ run }));
    const job = aJob();
    for (let rings = 0; rings < 3; rings++) await runOnce(job, world);
    expect([runs, said(world)]).toEqual([1, [[], []]]);
  });

  it('holds it until the end that the invocation gives it, by a name of its own', async () => {
    const world = aWorld();
    const seen: Job[] = [];
    const operation = anOperation({
      run: (_input, { jobId }) =>
        stepsOf([], async () => {
          seen.push(await theJob(jobId, world));
          return {};
        }),
    });
    const watching = withOperation(world, operation);
    for (const job of [aJob(), aJob()]) await runOnce(job, watching, { leaseEndsAt: NOON + 42_000 });
    expect(seen).toMatchObject([{ leaseEndsAt: at(42_000) }, { leaseEndsAt: at(42_000) }]);
    expect(new Set(seen.map(({ hostId }) => hostId)).size).toBe(2);
  });
});

const dead = (facts: Partial<Job> = {}) =>
  aRunningJob({ claimNumber: 4, leaseEndsAt: at(), startedOn: at(-5_000), ...facts });

describe('a job whose worker is dead', () => {
  it('is run by a higher claim, and the crash is counted', async () => {
    expect(await runOnce(dead(), aWorld(anOperation()))).toMatchObject({
      statusCode: Status.Succeeded,
      claimNumber: 5,
      startedOn: at(-5_000),
      crashCount: 1,
    });
  });

  it.each([
    ['dead', dead()],
    ['done with a slice', (({ leaseEndsAt: _none, ...job }) => job)(dead())],
  ])('or that is %s is never run beside others: it goes to the lane for those', async (_what, job) => {
    const world = quick();
    expect(await runOnce(job, world, IN_STANDARD)).toEqual(job);
    expect(world.doorbell.rings).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
  });

  it('is tried again as long as it has not killed too many in a row', async () => {
    const job = await runOnce(dead({ crashCount: MAX_CRASHES - 2 }), aWorld(anOperation()));
    expect(job).toMatchObject({ statusCode: Status.Succeeded, crashCount: MAX_CRASHES - 1 });
  });

  it('is given up when it has, and tells people and engineers why', async () => {
    const world = aWorld(anOperation());
    const job = await runOnce(dead({ crashCount: MAX_CRASHES - 1 }), world);
    expect(job).toMatchObject({ statusCode: Status.Failed, errorCode: 4, completedOn: at(), claimNumber: 4 });
    expect(job).not.toHaveProperty('leaseEndsAt');
    expect(await world.details.getText(job, 'message')).toMatch(/^3 workers in a row ended without a word/);
    expect(world.logged).toContainEqual({ text: 'given up', facts: { jobId: job.jobId, crashes: 3 } });
    expect(await upwards(job, world.logs)).toMatchObject([
      { number: 1, level: 'error', text: expect.stringContaining('3 workers in a row ended without a word') },
    ]);
  });

  it('that is given up makes way for the next one of its line', async () => {
    const world = aWorld(anOperation());
    const killer = put(dead({ crashCount: 2, dependencyToken: 'orders', sequence: 1 }), world);
    const next = put(aJob({ dependencyToken: 'orders', sequence: 2 }), world);
    await hear({ jobId: killer.jobId, token: 'orders', lane: 'bulk' }, world);
    expect((await theJob(next.jobId, world)).statusCode).toBe(Status.Succeeded);
  });

  it('is not given up for crashes before it got on', async () => {
    const world = aWorld();
    const operation = anOperation({
      async *run() {
        yield { done: 1, cursor: 1 };
        world.clock.advance(1_500);
        yield { done: 2, cursor: 2 };
        return {};
      },
    });
    const job = await runOnce(dead({ crashCount: 1 }), withOperation(world, operation));
    expect(job).not.toHaveProperty('crashCount');
  });

  it('keeps its crashes while it only does again what was done before', async () => {
    const world = aWorld();
    const operation = anOperation({
      async *run() {
        world.clock.advance(1_500);
        yield { done: 5, cursor: 5 };
        return {};
      },
    });
    const job = await runOnce(dead({ crashCount: 1, progressDone: 5 }), withOperation(world, operation));
    expect(job.crashCount).toBe(2);
  });
});

describe('what a dead worker was asked to do', () => {
  it.each([
    ['to pause', { statusCode: Status.Pausing }, Status.Waiting],
    ['to wait for a far date', { statusCode: Status.Pausing, postponeUntil: at(3_600_000) }, Status.Waiting],
    ['to stop', { statusCode: Status.Canceling }, Status.Canceled],
  ] as const)('is done for it, in any lane: %s', async (_what, facts, status) => {
    const job = await runOnce(dead(facts), quick(), IN_STANDARD);
    expect([job.statusCode, job.leaseEndsAt, job.hostId]).toEqual([status, undefined, undefined]);
  });

  it('to wait for a near date is done for it, and the timer set', async () => {
    const world = quick();
    const job = await runOnce(
      dead({ statusCode: Status.Pausing, postponeUntil: at(5_000) }),
      world,
      IN_STANDARD,
    );
    expect(job.statusCode).toBe(Status.Waiting);
    expect(world.timers.timers).toMatchObject([{ at: NOON + 5_000 }]);
  });

  it('to wait for a date that has come by now is done, and the job goes on, alone', async () => {
    const postponed = dead({ statusCode: Status.Pausing, postponeUntil: at() });
    expect((await runOnce(postponed, quick())).statusCode).toBe(Status.Succeeded);
  });

  it('to be gone takes the row, its place and its payloads away', async () => {
    const world = quick();
    const job = put(
      dead({ statusCode: Status.Canceling, deleteWhenOver: true, dependencyToken: 'orders' }),
      world,
    );
    await world.details.saveCursor(job, 'saved');
    await hear({ jobId: job.jobId, token: 'orders', lane: 'standard' }, world, IN_STANDARD);
    expect([await world.jobs.get(job.jobId), world.jobs.linksOf('orders')]).toEqual([undefined, []]);
    expect(await world.details.getCursor(job)).toBeUndefined();
  });
});

/** Ready whenever it is looked at, and taken whenever it is claimed. */
class BusyStore extends MemoryJobStore {
  tries = 0;

  override make(step: Transition): Promise<Job> {
    this.tries++;
    return Promise.reject(new TransitionRefused(step, this.rows()[0]));
  }
}

describe('a job that others always take before us', () => {
  it('is looked at later instead of for ever', async () => {
    const jobs = new BusyStore();
    const world = { ...aWorld(anOperation()), jobs };
    const { jobId } = put(aJob(), world);
    await hear({ jobId, lane: 'bulk' }, world);
    expect(world.timers.timers).toEqual([{ ring: { jobId, lane: 'bulk' }, at: NOON + 15_000 }]);
    expect(jobs.tries).toBe(5);
  });
});

/** Somebody else is quicker, once, at the first write with this verb. */
class QuickRival extends MemoryJobStore {
  readonly #verb: string;
  #act: ((job: Job) => Job) | undefined;

  constructor(verb: string, act: (job: Job) => Job) {
    super();
    this.#verb = verb;
    this.#act = act;
  }

  override async make(step: Transition): Promise<Job> {
    const job = await this.get(step.jobId);
    if (step.verb !== this.#verb || job === undefined || this.#act === undefined) return super.make(step);
    const changed = this.#act(job);
    this.#act = undefined;
    this.put(changed);
    throw new TransitionRefused(step, changed);
  }
}

const beside = (jobs: MemoryJobStore): World => ({
  ...aWorld(anOperation({ lane: 'standard' })),
  jobs,
  chains: jobs,
});

const heldByAnother = (job: Job): Job => ({ ...job, claimNumber: 9, leaseEndsAt: at(60_000) });

describe('a job that somebody changes just before us', () => {
  it.each([
    ['beside others', {}, IN_STANDARD],
    ['alone', {}, {}],
    ['alone, though it has killed a worker', { crashCount: 1 }, {}],
  ] as const)('and that is Ready then is run %s', async (_where, facts, invocation) => {
    const world = beside(new QuickRival('claim', (job) => ({ ...job, statusCode: 0 })));
    const job = await runOnce(aJob({ statusCode: Status.Waiting, ...facts }), world, invocation);
    expect([job.statusCode, said(world)]).toEqual([Status.Succeeded, [[], []]]);
  });

  it('as its worker is dead and it was to pause is looked at anew: it was canceled instead', async () => {
    const world = beside(new QuickRival('settle', (job) => ({ ...job, statusCode: Status.Canceling })));
    const job = await runOnce(dead({ statusCode: Status.Pausing }), world, IN_STANDARD);
    expect(job.statusCode).toBe(Status.Canceled);
  });

  it('as it was to be given up is left to whoever has it now', async () => {
    const world = beside(new QuickRival('giveUp', heldByAnother));
    const job = await runOnce(dead({ crashCount: MAX_CRASHES - 1 }), world);
    expect([job.statusCode, job.claimNumber]).toEqual([Status.InProgress, 9]);
    expect(world.timers.timers).toMatchObject([{ at: NOON + 61_000 }]);
  });

  it('is no matter of broken tables: their errors make the ring come again', async () => {
    const world = beside(
      new QuickRival('settle', () => {
        throw new Error('Throttled.');
      }),
    );
    const asked = dead({ statusCode: Status.Canceling });
    await expect(runOnce(asked, world, IN_STANDARD)).rejects.toThrow('Throttled.');
  });
});

describe('a ring that was for an earlier job of the same id', () => {
  it.each([
    ['without a token, while this one stands in line', undefined, 'orders'],
    ['in line, while this one has no token', 'orders', undefined],
    ['in another line', 'others', 'orders'],
  ])('%s, is sent to the line of this one', async (_where, rungFor, standsIn) => {
    const world = quick();
    const { dependencyToken: _none, ...bare } = aJob();
    const job = { ...bare, ...(standsIn !== undefined && { dependencyToken: standsIn }) };
    world.jobs.put(job);
    if (rungFor !== undefined) world.jobs.putInLine({ ...job, dependencyToken: rungFor }, 'standard');
    world.jobs.put(job);
    const ring = { jobId: job.jobId, lane: 'standard' } as const;
    await hear({ ...ring, ...(rungFor !== undefined && { token: rungFor }) }, world, IN_STANDARD);
    expect(await theJob(job.jobId, world)).toEqual(job);
    expect(world.doorbell.rings).toEqual([{ ...ring, ...(standsIn !== undefined && { token: standsIn }) }]);
  });
});

describe('a job that has killed a worker and waits again', () => {
  it.each([
    ['Ready', { crashCount: 1 }],
    ['at its date', { crashCount: 1, statusCode: Status.Waiting, postponeUntil: at() }],
  ] as const)('is never run beside others: %s', async (_what, facts) => {
    const world = quick();
    const job = aJob(facts);
    expect(await runOnce(job, world, IN_STANDARD)).toEqual(job);
    expect(world.doorbell.rings).toEqual([{ jobId: job.jobId, lane: 'bulk' }]);
    expect(await runOnce(job, world)).toMatchObject({ statusCode: Status.Succeeded, crashCount: 1 });
  });

  it('as it was paused in between has its crash counted all the same', async () => {
    const world = quick();
    const killer = dead({ statusCode: Status.Pausing, crashCount: 1 });
    expect((await runOnce(killer, world, IN_STANDARD)).crashCount).toBe(2);
  });
});
