import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Job } from '../../shared/job/job.ts';
import { isCompleted } from '../../shared/job/status.ts';
import type { Caller } from '../../shared/service/caller.ts';
import type { Because } from '../../shared/service/explain/cause.ts';
import type { Explanation } from '../../shared/service/explain/explain-job.ts';
import { ADMIN, OPERATOR, READER } from '../support/callers.ts';
import { type End, ExplainedWorld, type Happening, JOBS } from '../support/explained-world.ts';

/**
 * An explanation is a forecast: it is held to what the real service then does. Each history is made anew for each
 * question that is asked of it, so that one experiment does not change what another one sees.
 */

const END = fc.constantFrom<End>('gets done', 'fails', 'needs more time', 'dies');
const PLACE = fc.integer({ min: 0, max: JOBS - 1 });
const VERB = fc.constantFrom('cancel' as const, 'pause' as const, 'resume' as const, 'postpone' as const);
const HAPPENING: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fc.record({ what: fc.constant('ring' as const), place: PLACE, end: END }), weight: 4 },
  {
    arbitrary: fc.record({
      what: fc.constant('ask' as const),
      place: PLACE,
      verb: VERB,
      inMs: fc.constantFrom(1_000, 200_000),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({ what: fc.constant('time' as const), ms: fc.constantFrom(1_500, 60_001) }),
    weight: 2,
  },
);
/** What seldom comes about by itself: a request that its worker does not live to hear, and that may be carried out. */
const REQUEST: fc.Arbitrary<Happening[]> = fc
  .record({
    place: PLACE,
    verb: fc.constantFrom('pause' as const, 'pause' as const, 'cancel' as const, 'postpone' as const),
    isCarriedOut: fc.boolean(),
  })
  .map(({ place, verb, isCarriedOut }) => [
    { what: 'ring', place, end: 'dies' },
    { what: 'ask', place, verb, inMs: 200_000 },
    ...(isCarriedOut
      ? [{ what: 'time', ms: 60_001 } as const, { what: 'ring', place, end: 'needs more time' } as const]
      : []),
  ]);
const HAPPENINGS = fc
  .array(
    fc.oneof({ arbitrary: HAPPENING.map((one) => [one]), weight: 9 }, { arbitrary: REQUEST, weight: 2 }),
    { maxLength: 12 },
  )
  .map((scenes) => scenes.flat());
/** Nothing to do; busy, but with room; at its limit. */
const LOAD = fc.constantFrom(
  { waiting: 0, inFlight: 0, atOnce: 2 },
  { waiting: 3, inFlight: 1, atOnce: 2 },
  { waiting: 3, inFlight: 2, atOnce: 2 },
);
const HISTORY = fc.record({ happenings: HAPPENINGS, load: LOAD });
type History = { happenings: Happening[]; load: { waiting: number; inFlight: number; atOnce: number } };

const after = ({ happenings, load }: History): Promise<ExplainedWorld> =>
  ExplainedWorld.after(happenings, load);

/** Each job of the history that is there, with a world of its own. */
async function eachJob(
  history: History,
  look: (job: Job, told: Explanation, world: ExplainedWorld, history: History) => Promise<void>,
): Promise<void> {
  for (let place = 0; place < JOBS; place++) {
    const world = await after(history);
    const job = await world.row(place);
    if (job !== undefined) await look(job, await world.explain(job.jobId), world, history);
  }
}

const hasStarted = (before: Job, now: Job): boolean => now.claimNumber > before.claimNumber;
/** What a ring must do with a job that is said to be so; `settles` if its worker is gone. */
const RING_DOES: Record<Because, 'starts' | 'moves' | 'nothing' | 'settles'> = {
  isNext: 'starts',
  rungNotYet: 'starts',
  laneIsFull: 'starts',
  betweenSlices: 'starts',
  workerDied: 'moves',
  pausing: 'settles',
  canceling: 'settles',
  waitsForTurn: 'nothing',
  postponed: 'nothing',
  retrying: 'nothing',
  waitsForEvent: 'nothing',
  paused: 'nothing',
  runs: 'nothing',
  over: 'nothing',
};

const check = (look: Parameters<typeof eachJob>[1], numRuns = 400): Promise<void> =>
  fc.assert(
    fc.asyncProperty(HISTORY, (history) => eachJob(history, look)),
    { numRuns },
  );

describe('an explanation', () => {
  it('says what the next ring does: it starts whom nothing holds, and nobody else', async () => {
    const seen = new Set<Because>();
    await check(async (job, told, world) => {
      seen.add(told.because);
      const nobodyHoldsIt =
        job.leaseEndsAt === undefined || Date.parse(job.leaseEndsAt) <= world.world.clock();
      await world.ring(job, 'gets done');
      const now = (await world.row(world.jobs.findIndex(({ jobId }) => jobId === job.jobId))) ?? job;
      const does = RING_DOES[told.because];
      const moves = hasStarted(job, now) || now.statusCode !== job.statusCode;
      if (does === 'starts') expect([told.because, hasStarted(job, now)]).toEqual([told.because, true]);
      else if (does === 'moves') expect(moves).toBe(true);
      else if (does === 'settles') expect([told.because, moves]).toEqual([told.because, nobodyHoldsIt]);
      else expect([told.because, hasStarted(job, now)]).toEqual([told.because, false]);
    });
    // Or the histories would be too dull to show anything; nothing waits for an event yet.
    const all = Object.keys(RING_DOES).filter((because) => because !== 'waitsForEvent');
    expect([...seen].toSorted()).toEqual(all.toSorted());
  });

  it('counts who is ahead, and names the head', async () => {
    await check(async (job, told, { world }) => {
      const line = world.jobs.linksOf('line');
      const place = line.findIndex(({ jobId }) => jobId === job.jobId);
      expect(told.ahead?.count ?? 0).toBe(Math.max(0, place));
      expect(told.head?.jobId).toBe(place > 0 ? line[0]?.jobId : undefined);
    });
  });

  it('names only verbs that free: each is open, and then the job to which it is done is held so no more', async () => {
    let freed = 0;
    await check(async ({ jobId }, { freedBy }, _world, history) => {
      for (const { verb, jobId: of = '' } of freedBy) {
        const world = await after(history);
        const [before, row] = [await world.explain(of), await world.read(of)];
        await world.ask(verb, of, ADMIN);
        await world.ring(await world.read(jobId), 'gets done');
        const [then, now] = [await world.explain(of), await world.read(of)];
        expect(then.because !== before.because || hasStarted(row, now)).toBe(true);
        // Whoever was held himself may run now, or waits for his turn.
        expect(['paused', 'postponed', 'retrying', 'waitsForEvent']).not.toContain(then.because);
        freed++;
      }
    });
    expect(freed).toBeGreaterThan(100);
  });

  it('names a way for whoever waits for people: nobody is left without one', async () => {
    await check(async (_job, told) => {
      const holds = told.because === 'waitsForTurn' ? told.head?.because : told.because;
      const needsOne = ['paused', 'postponed', 'retrying'].includes(holds ?? '');
      if (needsOne) expect(told.freedBy.map(({ verb }) => verb)).toContain('resume');
    });
  });

  it('says truly who may free it', async () => {
    const others: Caller[] = [
      READER,
      OPERATOR,
      ADMIN,
      { ...OPERATOR, id: 'other' },
      { ...READER, id: OPERATOR.id },
    ];
    await fc.assert(
      fc.asyncProperty(HISTORY, PLACE, fc.constantFrom(...others), async (history, place, caller) => {
        const world = await after(history);
        const job = await world.row(place);
        const [way] = job === undefined ? [] : (await world.explain(job.jobId, caller)).freedBy;
        if (way === undefined) return;
        const refused = await world.ask(way.verb, way.jobId ?? '', caller).then(
          () => false,
          (error: unknown) => error instanceof Error && error.name === 'NotAllowed',
        );
        expect(refused).toBe(!way.mayYou);
      }),
      { numRuns: 600 },
    );
  });

  it('promises a start that is kept to the millisecond, and none before its bound', async () => {
    let kept = 0;
    await check(async (job, told, world) => {
      const start = told.expectedStart;
      const { clock } = world.world;
      if (start === undefined) return;
      const date = Date.parse(
        'at' in start ? start.at : 'notBefore' in start ? start.notBefore : start.notAfter,
      );
      const drain = async (): Promise<void> => {
        for (let ring = 0; ring < JOBS; ring++) await world.ring(job, 'gets done');
      };
      const isStarted = async () => hasStarted(job, await world.read(job.jobId));
      if (date > clock() && !('notAfter' in start)) {
        clock.set(date - 1);
        await drain();
        expect(await isStarted()).toBe(false);
      }
      if ('notBefore' in start && told.because !== 'laneIsFull') return;
      kept++;
      clock.set(Math.max(date, clock()));
      await drain();
      expect((await isStarted()) || isCompleted((await world.read(job.jobId)).statusCode)).toBe(true);
    });
    expect(kept).toBeGreaterThan(100);
  });
});
