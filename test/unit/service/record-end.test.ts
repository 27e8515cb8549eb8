import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { cancel, pause, postpone } from '../../../shared/job/person-transitions.ts';
import { Status } from '../../../shared/job/status.ts';
import { applied, type Transition } from '../../../shared/job/transition.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import { TransitionRefused } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
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
import { NOON } from '../../support/memory/settable-clock.ts';
import { stepsOf } from '../../support/steps.ts';

const failing = (error: unknown, facts: { maxRetries?: number } = {}): World =>
  aWorld(
    anOperation({
      label: 'Count',
      run: () =>
        stepsOf([], async () => {
          throw error;
        }),
      ...facts,
    }),
  );

describe('a job whose operation throws', () => {
  it('is tried again after a while; engineers see the error, people do not', async () => {
    const world = failing(new Error('ECONNRESET 10.0.0.7'));
    const job = await runOnce(aJob(), world);
    expect(job).toMatchObject({
      statusCode: Status.Waiting,
      isRetrying: true,
      retryCount: 1,
      postponeUntil: at(1_500),
      message: 'ECONNRESET 10.0.0.7',
      friendlyMessage: 'Count stopped at an unexpected error.',
      errorCode: 1,
    });
    expect([job.leaseEndsAt, job.completedOn]).toEqual([undefined, undefined]);
    const facts = { jobId: job.jobId, error: 'ECONNRESET 10.0.0.7', retryCount: 0 };
    expect(world.logged).toEqual([{ text: 'operation failed', facts }]);
  });

  it.each([
    ['ECONNRESET 10.0.0.7', 'ECONNRESET 10.0.0.7'],
    [`${'x'.repeat(199)}😀`, `${'x'.repeat(199)}\uFFFD`],
  ])(
    'has an entry for the try that failed, with the reason up to 200 characters',
    async (message, reason) => {
      const world = failing(new Error(message));
      const job = await runOnce(aJob(), world);
      const [entry] = world.audit.of(job);
      expect(entry).toMatchObject({
        verb: 'retry',
        from: Status.InProgress,
        to: Status.Waiting,
        until: at(1_500),
        reason,
      });
    },
  );

  it('has its timer set before the write that needs it', async () => {
    const world = failing(new Error('ECONNRESET'));
    world.timers.breaks();
    const job = put(aJob(), world);
    await expect(hear({ jobId: job.jobId, lane: 'bulk' }, world)).rejects.toThrow('out of order');
    expect((await theJob(job.jobId, world)).statusCode).toBe(Status.InProgress);
  });

  it('is rung for at its date with its token, so that it stays the head', async () => {
    const world = failing(new Error('ECONNRESET'));
    const job = await runOnce(aJob({ dependencyToken: 'orders' }), world);
    const ring = { jobId: job.jobId, token: 'orders', lane: 'bulk' };
    expect(world.timers.timers).toEqual([{ ring, at: NOON + 1_500 }]);
    expect(world.jobs.linksOf('orders')).toHaveLength(1);
  });

  it.each<[string, Partial<Job>, { maxRetries?: number }, number]>([
    ['three times if nothing else is said', {}, {}, 3],
    ['as often as its operation says', {}, { maxRetries: 5 }, 5],
    ['as often as its order says, whatever its operation says', { maxRetries: 1 }, { maxRetries: 5 }, 1],
    ['never if its order says so', { maxRetries: 0 }, {}, 0],
  ])('is tried again %s, then it is Failed', async (_how, facts, operation, retries) => {
    const world = failing(new Error('ECONNRESET'), operation);
    let job = await runOnce(aJob(facts), world);
    for (let tries = 1; job.statusCode === Status.Waiting && tries < 20; tries++) {
      world.clock.set(Date.parse(job.postponeUntil ?? ''));
      job = await runOnce(job, world);
    }
    expect(job).toMatchObject({ statusCode: Status.Failed, retryCount: retries, errorCode: 1 });
    expect(job).not.toHaveProperty('isRetrying');
    expect(job.completedOn).toBeDefined();
  });

  it('is Failed at once when the error is permanent, and tells people the reason, which was written for them', async () => {
    const world = failing(new PermanentError('There is no folder /x.'));
    expect(await runOnce(aJob(), world)).toMatchObject({
      statusCode: Status.Failed,
      friendlyMessage: 'There is no folder /x.',
      errorCode: 2,
      completedOn: at(),
    });
    expect(world.timers.timers).toEqual([]);
  });

  it('keeps up to 1,000 characters of what went wrong, however little of it fits on the row', async () => {
    const world = failing(new PermanentError('x'.repeat(5_000)));
    const job = await runOnce(aJob({ longTexts: ['name'] }), world);
    expect(job.longTexts).toEqual(['name', 'friendlyMessage', 'message']);
    expect(await world.details.getText(job, 'message')).toBe('x'.repeat(1_000));
    expect(await world.details.getText(job, 'friendlyMessage')).toBe('x'.repeat(1_000));
  });

  it('is Failed also when what it throws is no error', async () => {
    expect(await runOnce(aJob({ maxRetries: 0 }), failing('just a text'))).toMatchObject({
      statusCode: Status.Failed,
      message: 'just a text',
    });
  });

  it('says nothing of an earlier failure when it succeeds after all', async () => {
    const world = aWorld(
      anOperation({
        run: (_input, { run }) =>
          stepsOf([], () => {
            if (run.tries === 1) throw new Error('x'.repeat(500));
            return {};
          }),
      }),
    );
    const first = await runOnce(aJob(), world);
    world.clock.advance(1_500);
    const job = await runOnce(first, world);
    expect([job.statusCode, job.message, job.friendlyMessage, job.errorCode, job.longTexts ?? []]).toEqual([
      Status.Succeeded,
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });
});

const FAR = at(3_600_000);
const NEAR = at(60_000);

/** What people ask for while the job runs, and what becomes of it. */
const WISHES: readonly (readonly [string, (job: Job) => Transition, Partial<Job>])[] = [
  ['a pause', (job) => pause(job, WISH), { statusCode: Status.Waiting }],
  ['a far date', (job) => postpone(job, FAR, WISH), { statusCode: Status.Waiting, postponeUntil: FAR }],
  ['a near date', (job) => postpone(job, NEAR, WISH), { statusCode: Status.Waiting, postponeUntil: NEAR }],
  ['its end', (job) => cancel(job, WISH), { statusCode: Status.Canceled, completedOn: at(2_000) }],
];
const WISH = { now: at(), by: 'adam' };

/** Ways in which a slice ends. */
const ENDS = {
  succeed: () => stepsOf([], () => ({ result: 1 })),
  fail: () =>
    stepsOf([], () => {
      throw new PermanentError('No.');
    }),
  retry: () =>
    stepsOf([], () => {
      throw new Error('No.');
    }),
  'come to a checkpoint': () => stepsOf([{ done: 1, cursor: 1 }], () => ({ result: 1 })),
} as const;

/** A world in which somebody makes this wish while the job runs, and the job then comes to its end. */
function wishing(make: (job: Job, world: World) => Promise<unknown>, end: keyof typeof ENDS): World {
  const world = aWorld();
  const operation = anOperation({
    async *run(_input, { jobId }) {
      world.clock.advance(2_000);
      await make(await theJob(jobId, world), world);
      return yield* ENDS[end]();
    },
  });
  return withOperation(world, operation);
}

describe.each(WISHES)('a running job of which a person asks %s', (_what, wishOf, outcome) => {
  it.each(['retry', 'come to a checkpoint'] as const)('does that instead of going on to %s', async (end) => {
    const world = wishing((job, { jobs }) => jobs.make(wishOf(job)), end);
    const job = await runOnce(aJob(), world);
    expect(job).toMatchObject({ ...outcome, modifiedBy: 'adam', retryCount: 0, executionTimeSpan: 2 });
    expect([job.leaseEndsAt, job.hostId]).toEqual([undefined, undefined]);
    const from = job.statusCode === Status.Canceled ? Status.Canceling : Status.Pausing;
    expect(world.audit.of(job)[0]).toMatchObject({ verb: 'settle', from, to: job.statusCode });
  });

  it('keeps its place in line unless it is over, and how far it has come', async () => {
    const world = wishing((job, { jobs }) => jobs.make(wishOf(job)), 'come to a checkpoint');
    const job = await runOnce(aJob({ dependencyToken: 'orders' }), world);
    const isOver = job.statusCode === Status.Canceled;
    expect([world.jobs.linksOf('orders').length, job.progressDone]).toEqual([isOver ? 0 : 1, 1]);
    const dates = world.timers.timers.map((timer) => timer.at);
    expect(dates).toEqual(job.postponeUntil === NEAR ? [Date.parse(NEAR)] : []);
  });
});

describe('a running job that gets done all the same', () => {
  it.each(['pause', 'postpone'] as const)('is done, if it was only asked to %s', async (wish) => {
    const plan = (job: Job) => (wish === 'pause' ? pause(job, WISH) : postpone(job, FAR, WISH));
    const world = wishing((job, { jobs }) => jobs.make(plan(job)), 'succeed');
    const job = await runOnce(aJob(), world);
    expect([job.statusCode, job.postponeUntil]).toEqual([Status.Succeeded, undefined]);
  });

  it.each(['succeed', 'fail', 'retry'] as const)(
    'never ends otherwise than Canceled, if it was canceled: %s',
    async (end) => {
      const world = wishing((job, { jobs }) => jobs.make(cancel(job, WISH)), end);
      expect(await runOnce(aJob(), world)).toMatchObject({ statusCode: Status.Canceled, modifiedBy: 'adam' });
    },
  );
});

const postponedAndCanceled = async ({ jobId }: Job, { jobs }: World): Promise<void> => {
  await jobs.make(postpone(await theJob(jobId, { jobs }), NEAR, WISH));
  await jobs.make(cancel(await theJob(jobId, { jobs }), WISH));
};

describe('the timer of a near date that was asked of a running job', () => {
  it('is set once more when it has stopped: the first may have come while it ran', async () => {
    const world = wishing((job, { jobs }) => jobs.make(postpone(job, NEAR, WISH)), 'come to a checkpoint');
    const { jobId } = await runOnce(aJob(), world);
    expect(world.timers.timers).toEqual([{ ring: { jobId, lane: 'bulk' }, at: NOON + 60_000 }]);
  });

  it('is not set where the job was canceled after that', async () => {
    const world = wishing(postponedAndCanceled, 'come to a checkpoint');
    expect((await runOnce(aJob(), world)).statusCode).toBe(Status.Canceled);
    expect(world.timers.timers).toEqual([]);
  });
});

describe('a running job that somebody deletes', () => {
  it('is gone when it has stopped: row, place and payloads; and its line goes on', async () => {
    const world = wishing(
      (job, { jobs }) =>
        job.sequence === 1 ? jobs.make(cancel(job, WISH, { deleteWhenOver: true })) : Promise.resolve(),
      'come to a checkpoint',
    );
    const [job, next] = [1, 2].map((sequence) => put(aJob({ dependencyToken: 'orders', sequence }), world));
    await hear({ jobId: job?.jobId ?? '', token: 'orders', lane: 'bulk' }, world);
    expect(world.jobs.rows().map(({ jobId }) => jobId)).toEqual([next?.jobId]);
    expect((await theJob(next?.jobId ?? '', world)).statusCode).toBe(Status.Succeeded);
    expect(world.details.partsOf(job?.jobId ?? '')).toEqual([]);
  });
});

describe('a request that changes while it is carried out', () => {
  it('is carried out as it is then', async () => {
    const changed = new Set<string>();
    const world = wishing((job, { jobs }) => jobs.make(pause(job, WISH)), 'come to a checkpoint');
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = async (step) => {
      if (step.verb === 'settle' && !changed.has('once')) {
        changed.add('once');
        world.jobs.put(
          applied(await theJob(step.jobId, world), cancel(await theJob(step.jobId, world), WISH)),
        );
      }
      return make(step);
    };
    expect((await runOnce(aJob(), world)).statusCode).toBe(Status.Canceled);
    expect(changed.size).toBe(1);
  });

  it('eight times is left to the ring that comes again', async () => {
    const world = wishing((job, { jobs }) => jobs.make(pause(job, WISH)), 'come to a checkpoint');
    const settles = atEachSettle(world, async (step) => {
      throw new TransitionRefused(step, await theJob(step.jobId, world));
    });
    await expect(runOnce(aJob(), world)).rejects.toBeInstanceOf(TransitionRefused);
    expect(settles).toHaveLength(8);
  });

  it('and cannot be carried out, for the tables are broken, is left to it too', async () => {
    const world = wishing((job, { jobs }) => jobs.make(pause(job, WISH)), 'come to a checkpoint');
    atEachSettle(world, () => Promise.reject(new Error('Throttled.')));
    await expect(runOnce(aJob(), world)).rejects.toThrow('Throttled.');
  });
});

/** Instead of each write that carries a request out; answers with those. */
function atEachSettle({ jobs }: World, instead: (step: Transition) => Promise<Job>): Transition[] {
  const settles: Transition[] = [];
  const make = jobs.make.bind(jobs);
  jobs.make = (step) => {
    if (step.verb !== 'settle') return make(step);
    settles.push(step);
    return instead(step);
  };
  return settles;
}

describe('a job that says nothing of its progress at last', () => {
  it('keeps what it has said before', async () => {
    const job = await runOnce(aJob({ progressDone: 2, progressTotal: 6 }), aWorld(anOperation()));
    expect(job).toMatchObject({ statusCode: Status.Succeeded, progressDone: 2, progressTotal: 6 });
  });
});

describe('a job that waits for an event', () => {
  it.each([
    [60_000, [NOON + 60_000]],
    [86_400_000, []],
  ])('has a timer where its deadline is near: in %i ms', async (ms, timers) => {
    const world = aWorld(
      anOperation({
        async *run(_input, { callback }) {
          yield { done: 1, cursor: 1 };
          return { waitFor: await callback('answer', ms) };
        },
      }),
    );
    const job = await runOnce(aJob(), world);
    expect(job).toMatchObject({ statusCode: Status.Waiting, postponeUntil: at(ms) });
    expect(world.timers.timers.map((timer) => timer.at)).toEqual(timers);
    expect(world.audit.of(job)[0]).toMatchObject({ verb: 'await', until: at(ms) });
  });
});

describe('a job of a line whose slice is over', () => {
  it('is rung for once, and not looked at besides', async () => {
    const world = aWorld();
    const operation = anOperation({
      async *run() {
        world.clock.advance(10);
        yield { done: 1, cursor: 1 };
        return {};
      },
    });
    const job = aJob({ dependencyToken: 'orders' });
    await runOnce(job, withOperation(world, operation), { sliceMs: 10 });
    const ring = { jobId: job.jobId, token: 'orders', lane: 'bulk' };
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[ring], []]);
  });
});
