import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../../shared/job/job.ts';
import { isCompleted, Status, type StatusCode } from '../../../shared/job/status.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import { MAX_CRASHES } from '../../../shared/service/take.ts';
import {
  cancelJob,
  deleteJob,
  pauseJob,
  postponeJob,
  rescheduleJob,
  resumeJob,
} from '../../../shared/service/verbs.ts';
import { aJob } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, type World, withOperation } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import { Killed } from '../../support/mortal.ts';
import { afterRing, afterWish, BORN, type End, type Life, type Wish } from '../../support/one-life.ts';

const JOB = aJob({ maxRetries: 1 });
const LEASE_MS = 60_000;
/** The first back-off with a die that always shows the middle. */
const BACK_OFF_MS = 1_500;

const STATUS: Readonly<Record<Exclude<Life['is'], 'gone'>, StatusCode>> = {
  Ready: Status.WaitingForResources,
  Suspended: Status.Waiting,
  Running: Status.InProgress,
  Pausing: Status.Pausing,
  Canceling: Status.Canceling,
  Succeeded: Status.Succeeded,
  Failed: Status.Failed,
  Canceled: Status.Canceled,
};

const isoOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

/** The row that a life of this kind has; `undefined` says that a column is absent. */
const rowOf = (life: Life) =>
  life.is === 'gone'
    ? undefined
    : {
        statusCode: STATUS[life.is],
        postponeUntil: isoOf(life.date),
        leaseEndsAt: isoOf(life.heldUntil),
        deleteWhenOver: life.goesWhenOver ? true : undefined,
        claimNumber: life.claims,
        retryCount: life.retries,
        crashCount: life.crashes === 0 ? undefined : life.crashes,
      };

/** The service, with a job in it, whose worker does what it is told next. */
class Real {
  world: World;
  next: { readonly wishes: readonly Wish[]; readonly end: End } = { wishes: [], end: 'gets done' };
  isDead = false;
  #steps = 0;

  constructor() {
    const world = aWorld();
    const jobs = world.jobs;
    // A process that has died writes nothing any more.
    const make = jobs.make.bind(jobs);
    jobs.make = (step) => (this.isDead ? Promise.reject(new Killed()) : make(step));
    const operation = anOperation({ run: () => this.#run() });
    this.world = withOperation(world, operation);
    put(JOB, this.world);
  }

  async *#run(): AsyncGenerator<{ done: number; cursor: number }, object, void> {
    const { wishes, end } = this.next;
    for (const wish of wishes) await this.ask(wish);
    this.isDead = end === 'dies';
    if (end === 'dies') throw new Killed();
    if (end === 'fails') throw new Error('No.');
    if (end === 'fails for good') throw new PermanentError('No.');
    if (end === 'needs more time') {
      this.world.clock.advance(1);
      const done = ++this.#steps;
      yield { done, cursor: done };
    }
    return {};
  }

  /** Whether it was done. */
  async ask(wish: Wish): Promise<boolean> {
    try {
      await this.#ask(wish);
      return true;
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        ['VerbRefused', 'NotFound'].includes(String(error.code))
      )
        return false;
      throw error;
    }
  }

  #ask(wish: Wish): Promise<unknown> {
    const { jobId } = JOB;
    switch (wish.verb) {
      case 'cancel':
        return cancelJob(jobId, ADMIN, this.world);
      case 'pause':
        return pauseJob(jobId, ADMIN, this.world);
      case 'resume':
        return resumeJob(jobId, ADMIN, this.world);
      case 'delete':
        return deleteJob(jobId, ADMIN, this.world);
      case 'delete by force':
        return deleteJob(jobId, ADMIN, this.world, { force: true });
      case 'postpone':
        return postponeJob(jobId, { until: new Date(wish.until).toISOString() }, ADMIN, this.world);
      case 'reschedule':
        return rescheduleJob(jobId, { until: new Date(wish.until).toISOString() }, ADMIN, this.world);
      default:
        return wish satisfies never;
    }
  }
}

interface Model {
  life: Life;
}

type Command = fc.AsyncCommand<Model, Real>;

/** The row is as the story says, and what is over has not changed. */
async function compare(before: Job | undefined, { life }: Model, { world }: Real): Promise<void> {
  const row = await world.jobs.get(JOB.jobId);
  const right = rowOf(life);
  if (right === undefined) expect(row).toBeUndefined();
  else expect({ ...EMPTY, ...row }).toMatchObject(right);
  if (before !== undefined && isCompleted(before.statusCode) && row !== undefined)
    expect(row).toEqual(before);
  expect(row?.claimNumber ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(before?.claimNumber ?? 0);
}
const EMPTY = {
  postponeUntil: undefined,
  leaseEndsAt: undefined,
  deleteWhenOver: undefined,
  crashCount: undefined,
};

class Ask implements Command {
  readonly #wish: Wish;
  constructor(wish: Wish) {
    this.#wish = wish;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const before = await real.world.jobs.get(JOB.jobId);
    const next = afterWish(model.life, this.#wish);
    expect(await real.ask(this.#wish)).toBe(next !== undefined);
    model.life = next ?? model.life;
    await compare(before, model, real);
  }
  toString = () => `ask ${JSON.stringify(this.#wish)}`;
}

class Ring implements Command {
  readonly #next: Real['next'];
  readonly #thenMs: number;
  constructor({ thenMs, ...next }: Real['next'] & { thenMs: number }) {
    this.#next = next;
    this.#thenMs = thenMs;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const { world } = real;
    const before = await world.jobs.get(JOB.jobId);
    const now = world.clock();
    model.life = afterRing(model.life, {
      ...this.#next,
      now,
      leaseEndsAt: now + LEASE_MS,
      maxRetries: 1,
      maxCrashes: MAX_CRASHES,
      backOffMs: BACK_OFF_MS,
    });
    real.next = this.#next;
    const times = { sliceMs: 1, leaseEndsAt: now + LEASE_MS };
    await hear({ jobId: JOB.jobId, lane: 'bulk' }, world, times).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    real.isDead = false;
    await compare(before, model, real);
    world.clock.advance(this.#thenMs);
  }
  toString = () => `ring ${this.#thenMs} ${JSON.stringify(this.#next)}`;
}

class Pass implements Command {
  readonly #ms: number;
  constructor(ms: number) {
    this.#ms = ms;
  }
  check = () => true;
  async run(_model: Model, { world }: Real): Promise<void> {
    world.clock.advance(this.#ms);
  }
  toString = () => `${this.#ms} ms pass`;
}

const UNTIL = fc.constantFrom(-1_000, 1_000, 30_000, 4_000_000).map((ms) => NOON + ms);
const WISH: fc.Arbitrary<Wish> = fc.oneof(
  fc
    .constantFrom<Wish['verb'] & ('cancel' | 'pause' | 'resume' | 'delete')>(
      'cancel',
      'pause',
      'resume',
      'delete',
    )
    .map((verb) => ({ verb })),
  fc.constant({ verb: 'delete by force' } as const),
  fc.record({ verb: fc.constantFrom('postpone' as const, 'reschedule' as const), until: UNTIL }),
);
const END = fc.constantFrom<End>(
  'gets done',
  'fails',
  'fails',
  'fails for good',
  'needs more time',
  'dies',
  'dies',
);
const WISHES = fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, fc.array(WISH, { maxLength: 2 }));
/** Often so long after a ring that a lease has run out, and every date but the farthest has come. */
const THEN = fc.constantFrom(0, 1_500, 60_000, 61_000);
const RING = fc.record({ wishes: WISHES, end: END, thenMs: THEN }).map((next) => new Ring(next));
const PASS = fc.constantFrom(1, 1_500, 3_000, 61_000).map((ms) => new Pass(ms));
/** Most lives would be over at once, were these asked for as often as the others. */
const HARMLESS: fc.Arbitrary<Wish> = fc.oneof(
  fc.constantFrom({ verb: 'pause' } as const, { verb: 'resume' } as const),
  fc.record({ verb: fc.constantFrom('postpone' as const, 'reschedule' as const), until: UNTIL }),
);

describe('the life of a job', () => {
  it('goes as it is told, whatever people ask for, workers do and clocks show, legal or not', async () => {
    const ends = new Set<string>();
    const commands = fc.commands(
      [
        { arbitrary: HARMLESS.map((wish) => new Ask(wish)), weight: 3 },
        { arbitrary: WISH.map((wish) => new Ask(wish)), weight: 1 },
        { arbitrary: RING, weight: 6 },
        { arbitrary: PASS, weight: 2 },
      ].flatMap(({ arbitrary, weight }) => Array.from({ length: weight }, () => arbitrary)),
      { maxCommands: 40 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (cmds) => {
        const model: Model = { life: BORN };
        await fc.asyncModelRun(() => ({ model, real: new Real() }), cmds);
        ends.add(model.life.is);
      }),
      { numRuns: 2_000 },
    );
    // Or the lives would be too dull to show anything.
    expect(ends.size).toBeGreaterThanOrEqual(6);
  });
});
