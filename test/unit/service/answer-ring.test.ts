import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import type { Transition } from '../../../shared/job/transition.ts';
import { type Link, type Ring, TransitionRefused } from '../../../shared/service/ports.ts';
import { cancelJob, deleteJob } from '../../../shared/service/verbs.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld, hear, put, theJob, type World, withOperation } from '../../support/a-world.ts';
import { ADMIN } from '../../support/callers.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const TOKEN = 'orders';

/** A world with a line of jobs, the first of which is its head; each takes a second, and says its name. */
function aLine(...facts: Partial<Job>[]): { world: World; ran: string[]; jobs: Job[] } {
  return aLineWhere(async () => {}, ...facts);
}

/** … and in which something happens meanwhile. */
function aLineWhere(meanwhile: (jobId: string) => Promise<void>, ...facts: Partial<Job>[]) {
  const ran: string[] = [];
  const world = aWorld();
  const run = (lane: 'standard' | 'bulk') =>
    anOperation({
      name: lane,
      lane,
      run: (_input, { jobId }) =>
        (async function* () {
          ran.push(jobId);
          world.clock.advance(1_000);
          await meanwhile(jobId);
          yield* [];
          return {};
        })(),
    });
  const both = withOperation(withOperation(world, run('standard')), run('bulk'));
  const jobs = facts.map((fact, n) =>
    put(aJob({ operation: 'standard', dependencyToken: TOKEN, sequence: n + 1, ...fact }), both),
  );
  return { world: both, ran, jobs };
}

const idOf = (job: Job | undefined): string => job?.jobId ?? '';
const ringFor = (job: Job | undefined, lane: Ring['lane'] = 'standard'): Ring => ({
  jobId: idOf(job),
  token: TOKEN,
  lane,
});
const IN_STANDARD = { lane: 'standard', drainUntil: NOON + 5_000 } as const;
const statusesOf = async ({ world, jobs }: ReturnType<typeof aLine>): Promise<number[]> =>
  Promise.all(jobs.map(async ({ jobId }) => (await theJob(jobId, world)).statusCode));

describe('a line that is rung for', () => {
  it('drains in one invocation, in its order, without another ring', async () => {
    const { world, ran, jobs } = aLine({}, {}, {});
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect(ran).toEqual(jobs.map(idOf));
    expect([world.jobs.linksOf(TOKEN), world.doorbell.rings]).toEqual([[], []]);
  });

  it('drains so though its jobs were created a moment ago, each by itself', async () => {
    const { world, ran, jobs } = aLine({ sequence: sequenceAt(NOON) }, { sequence: sequenceAt(NOON) + 1 });
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect([ran, world.timers.timers]).toEqual([jobs.map(idOf), []]);
  });

  it.each(['deleted', 'canceled'])('goes on behind one that was %s after it was read ahead', async (what) => {
    const { world, ran, jobs } = aLineWhere(
      async (jobId) => {
        if (jobId !== idOf(jobs[1])) return;
        const third = idOf(jobs[2]);
        if (what === 'deleted') await deleteJob(third, ADMIN, world, { force: true });
        else await cancelJob(third, ADMIN, world);
      },
      {},
      {},
      {},
      {},
    );
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect(ran).toEqual([jobs[0], jobs[1], jobs[3]].map(idOf));
  });

  it('begins with its head, whichever of its jobs the ring is for', async () => {
    const { world, ran, jobs } = aLine({}, {});
    await hear(ringFor(jobs[1]), world, IN_STANDARD);
    expect(ran).toEqual(jobs.map(idOf));
  });

  it('stops when the time of the invocation is up, and rings for the rest', async () => {
    const { world, ran, jobs } = aLine({}, {}, {}, {}, {}, {}, {});
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect(ran).toEqual(jobs.slice(0, 5).map(idOf));
    expect(world.doorbell.rings).toEqual([ringFor(jobs[5])]);
  });

  it.each(['standard', 'bulk'] as const)(
    'stops at a job of another lane than %s, and rings there',
    async (lane) => {
      const other = lane === 'bulk' ? 'standard' : 'bulk';
      const { world, ran, jobs } = aLine({ operation: lane }, { operation: other });
      await hear(ringFor(jobs[0], lane), world, { ...IN_STANDARD, lane });
      expect(ran).toEqual([idOf(jobs[0])]);
      expect(world.doorbell.rings).toEqual([ringFor(jobs[1], other)]);
    },
  );

  it('goes on behind a job that fails', async () => {
    const line = aLine({ operation: 'gone', lane: 'standard' }, {});
    await hear(ringFor(line.jobs[0]), line.world, IN_STANDARD);
    expect(await statusesOf(line)).toEqual([Status.Failed, Status.Succeeded]);
  });

  it.each<[string, Partial<Job>, number[]]>([
    ['waits for a person', { statusCode: Status.Waiting }, []],
    ['waits for a far date', { statusCode: Status.Waiting, postponeUntil: at(3_600_000) }, []],
    [
      'waits for its next try',
      { statusCode: Status.Waiting, postponeUntil: at(9_000), isRetrying: true },
      [9_000],
    ],
    ['is held by another worker', { statusCode: Status.InProgress, leaseEndsAt: at(60_000) }, [61_000]],
  ])('is held by a head that %s, looked at when that may have changed', async (_what, facts, looks) => {
    const line = aLine(facts, {});
    await hear(ringFor(line.jobs[1]), line.world, IN_STANDARD);
    expect([line.ran, (await statusesOf(line))[1]]).toEqual([[], Status.WaitingForResources]);
    expect(line.world.timers.timers.map((timer) => timer.at - NOON)).toEqual(looks);
  });

  it('stops at a follower that waits for a near date, and sets its timer', async () => {
    const { world, ran, jobs } = aLine({}, { statusCode: Status.Waiting, postponeUntil: at(60_000) }, {});
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect(ran).toEqual([idOf(jobs[0])]);
    expect(world.timers.timers).toEqual([{ ring: ringFor(jobs[1]), at: NOON + 60_000 }]);
  });

  it('goes on behind a head that somebody has asked a dead worker to cancel', async () => {
    const line = aLine({ statusCode: Status.Canceling, leaseEndsAt: at() }, {});
    await hear(ringFor(line.jobs[0]), line.world, IN_STANDARD);
    expect(await statusesOf(line)).toEqual([Status.Canceled, Status.Succeeded]);
  });

  it('goes on behind one that somebody has asked a dead worker to take away', async () => {
    const { world, ran, jobs } = aLine(
      { statusCode: Status.Canceling, leaseEndsAt: at(), deleteWhenOver: true },
      {},
    );
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect([ran, world.timers.timers]).toEqual([[idOf(jobs[1])], []]);
  });

  it('that is empty is left alone', async () => {
    const { world } = aLine();
    await hear({ jobId: 'gone', token: TOKEN, lane: 'standard' }, world, IN_STANDARD);
    expect([world.doorbell.rings, world.timers.timers]).toEqual([[], []]);
  });
});

describe('a follower whose date has come', () => {
  it('is Ready from now on, and still waits for its turn', async () => {
    const line = aLine(
      { statusCode: Status.Waiting },
      { statusCode: Status.Waiting, postponeUntil: at(), isRetrying: true },
    );
    await hear(ringFor(line.jobs[1]), line.world, IN_STANDARD);
    expect(await statusesOf(line)).toEqual([Status.Waiting, Status.WaitingForResources]);
    const follower = await theJob(idOf(line.jobs[1]), line.world);
    expect(follower).not.toHaveProperty('postponeUntil');
    expect(line.world.audit.of(follower)).toMatchObject([{ verb: 'wake', by: 'service', from: 10, to: 0 }]);
  });

  it('is not woken before it', async () => {
    const line = aLine({ statusCode: Status.Waiting }, { statusCode: Status.Waiting, postponeUntil: at(1) });
    await hear(ringFor(line.jobs[1]), line.world, IN_STANDARD);
    expect(await statusesOf(line)).toEqual([Status.Waiting, Status.Waiting]);
  });
});

describe('a head', () => {
  it('that belongs to the lane for long ones is sent there by a quick one', async () => {
    const { world, ran, jobs } = aLine({ operation: 'bulk' });
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect([ran, world.doorbell.rings]).toEqual([[], [ringFor(jobs[0], 'bulk')]]);
    expect(world.timers.timers).toEqual([]);
  });

  it.each<[string, Partial<Job>]>([
    ['whose worker is dead', { statusCode: Status.InProgress, leaseEndsAt: at() }],
    ['that has killed a worker', { crashCount: 1 }],
  ])('%s is sent to the lane where it is alone, once', async (_what, facts) => {
    const { world, ran, jobs } = aLine(facts, {});
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect([ran, world.doorbell.rings, world.timers.timers]).toEqual([[], [ringFor(jobs[0], 'bulk')], []]);
  });

  it('whose date has come is claimed in its first write, not woken before', async () => {
    const { world, jobs } = aLine({ statusCode: Status.Waiting, postponeUntil: at() });
    const verbs: string[] = [];
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = (step) => {
      verbs.push(step.verb);
      return make(step);
    };
    await hear(ringFor(jobs[0]), world, IN_STANDARD);
    expect(verbs).toEqual(['claim', 'succeed']);
  });

  it('whose row belongs to a later job of the same id is not run as that one', async () => {
    const { world, ran, jobs } = aLine({ sequence: 2 });
    const chains = new LaggingChains({ ...ringFor(jobs[0]), token: TOKEN, sequence: 1 });
    await hear(ringFor(jobs[0]), { ...world, chains }, IN_STANDARD);
    expect([ran, world.doorbell.rings, world.timers.timers]).toEqual([[], [ringFor(jobs[0])], []]);
  });

  it('that is quick may run in the lane for long ones: where it went on after its first slice', async () => {
    const { leaseEndsAt: _none, ...yielded } = aRunningJob();
    const { world, ran, jobs } = aLine({
      ...yielded,
      operation: 'standard',
      sequence: 1,
      dependencyToken: TOKEN,
    });
    await hear(ringFor(jobs[0], 'bulk'), world);
    expect(ran).toEqual([idOf(jobs[0])]);
  });

  it('without a row is looked at later: reads are not isolated from transactions', async () => {
    const { world } = aLine();
    const gone = aJob({ dependencyToken: TOKEN, sequence: 1 });
    world.jobs.putInLine(gone, 'standard');
    const blind = { ...world, jobs: new MemoryJobStore() };
    await hear(ringFor(gone), blind, IN_STANDARD);
    expect(world.timers.timers).toEqual([{ ring: ringFor(gone), at: NOON + 15_000 }]);
  });

  it('that stays in line when it is over is looked at later, not for ever', async () => {
    const { world, ran, jobs } = aLine({});
    const chains = new LaggingChains({ ...ringFor(jobs[0]), token: TOKEN, sequence: 1 });
    await hear(ringFor(jobs[0]), { ...world, chains }, IN_STANDARD);
    expect(ran).toEqual([idOf(jobs[0])]);
    expect(world.timers.timers).toEqual([{ ring: ringFor(jobs[0]), at: NOON + 16_000 }]);
  });
});

/** Two jobs of one write, created just now; the place of the first cannot be seen yet. */
const halfSeen = () => {
  const line = aLine({ sequence: NOON * 2_048 }, { sequence: NOON * 2_048 + 1 });
  const [first, second] = line.jobs;
  if (first === undefined || second === undefined) throw new Error('There are two.');
  line.world.jobs.putInLine(second, 'standard', first.sequence);
  const hidden = new MemoryJobStore();
  hidden.putInLine(second, 'standard', first.sequence);
  return { ...line, first, second, hidden };
};

describe('a head that came with others by one write', () => {
  it('is not trusted while it is young: somebody may stand before it, unseen', async () => {
    const { world, hidden, second, ran } = halfSeen();
    await hear(ringFor(second), { ...world, chains: hidden }, IN_STANDARD);
    expect([ran, world.timers.timers]).toEqual([[], [{ ring: ringFor(second), at: NOON + 2_000 }]]);
  });

  it('is trusted when it is not young any more', async () => {
    const { world, hidden, second, ran } = halfSeen();
    world.clock.advance(2_000);
    const chains = new LaggingChains({
      ...ringFor(second),
      token: TOKEN,
      sequence: second.sequence,
      behind: 1,
    });
    await hear(ringFor(second), { ...world, chains }, { ...IN_STANDARD, drainUntil: NOON });
    expect([ran, hidden.rows().length]).toEqual([[idOf(second)], 1]);
  });

  it('is trusted where the one before it was seen to go', async () => {
    const { world, first, second, ran } = halfSeen();
    await hear(ringFor(first), world, IN_STANDARD);
    expect(ran).toEqual([idOf(first), idOf(second)]);
  });
});

/** Shows a place a moment longer than its job. */
class LaggingChains extends MemoryJobStore {
  readonly #link: Link;

  constructor(link: Link) {
    super();
    this.#link = link;
  }

  override async line(): Promise<Link[]> {
    return [this.#link];
  }
}

describe('an error of the tables', () => {
  it('while a follower is woken makes the ring come again', async () => {
    const { world, jobs } = aLine({}, {});
    class BrokenStore extends MemoryJobStore {
      override make(): Promise<Job> {
        return Promise.reject(new Error('Throttled.'));
      }
    }
    const broken = { ...world, jobs: new BrokenStore() };
    await expect(hear(ringFor(jobs[1]), broken, IN_STANDARD)).rejects.toThrow('Throttled.');
    await expect(hear(ringFor(jobs[0]), broken, IN_STANDARD)).rejects.not.toBeInstanceOf(TransitionRefused);
  });

  it('that hits nothing but the waking does so too', async () => {
    const { world, ran, jobs } = aLine({}, {});
    const make = world.jobs.make.bind(world.jobs);
    world.jobs.make = (step: Transition) =>
      step.verb === 'wake' ? Promise.reject(new Error('Throttled.')) : make(step);
    await expect(hear(ringFor(jobs[1]), world, IN_STANDARD)).rejects.toThrow('Throttled.');
    expect(ran).toEqual([]);
  });
});
