import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../../shared/job/job.ts';
import { Status } from '../../../../shared/job/status.ts';
import { explainJob } from '../../../../shared/service/explain/explain-job.ts';
import { aJob, at } from '../../../support/a-job.ts';
import { anOperation, put } from '../../../support/a-world.ts';
import { anExplainer, placed } from '../../../support/an-explainer.ts';
import { ADMIN, READER } from '../../../support/callers.ts';
import { FOLLOWERS, HELD, type HeldJob, OVER } from '../../../support/held-jobs.ts';

const waysOf = (job: Job, verbs: readonly string[]) =>
  verbs.map((verb) => expect.objectContaining({ verb, jobId: job.jobId, mayYou: true }));

const heldAs = (name: string): HeldJob => {
  const held = HELD[name];
  if (held === undefined) throw new Error(`Nobody is held as "${name}".`);
  return held;
};

describe.each([
  ['alone', undefined],
  ['at the head of its line', 'a'],
])('a job %s', (_where, token) => {
  it.each(Object.entries({ ...HELD, ...OVER }))('is explained: %s', async (_how, held) => {
    const world = anExplainer();
    const job = placed(held, 1, world, token);
    if (token !== undefined) placed(HELD['Ready'], 2, world, token);
    const told = await explainJob(job.jobId, ADMIN, world);
    expect(told).toMatchObject({ jobId: job.jobId, name: 'Number 1', because: held.because });
    expect(told.text).toMatch(held.says);
    expect(told.freedBy).toEqual(waysOf(job, held.frees));
    expect([told.expectedStart, told.ahead, told.head]).toEqual([held.start, undefined, undefined]);
    expect(told.until).toBe(held.facts.postponeUntil);
    expect('until' in told).toBe(held.facts.postponeUntil !== undefined);
  });
});

describe('an explanation', () => {
  it('has what is known, and nothing else: of a job that may run', async () => {
    const world = anExplainer();
    const { jobId } = placed(HELD['Ready'], 1, world);
    expect(await explainJob(jobId, READER, world)).toStrictEqual({
      jobId,
      name: 'Number 1',
      stateLabel: 'Ready',
      statusLabel: 'Waiting For Resources',
      shownAs: 'Queued',
      because: 'isNext',
      text: 'It may run now, and its ring is on its way.',
      expectedStart: { at: at() },
      freedBy: [],
    });
  });

  it('has what is known, and nothing else: of a paused job behind a paused one', async () => {
    const world = anExplainer();
    const head = placed(HELD['paused'], 1, world, 'a');
    const job = placed(HELD['paused'], 2, world, 'a');
    const paused = {
      stateLabel: 'Suspended',
      statusLabel: 'Waiting',
      shownAs: 'Paused',
      because: 'paused',
      askedBy: { by: 'paula', at: at(-5) },
    };
    const isPaused = `is paused by paula since ${at(-5)}, until somebody resumes it.`;
    expect(await explainJob(job.jobId, ADMIN, world)).toStrictEqual({
      ...paused,
      jobId: job.jobId,
      name: 'Number 2',
      text: `It ${isPaused} Besides, one job of its token is ahead of it. That one, "Number 1" (${head.jobId}), ${isPaused}`,
      ahead: { count: 1 },
      head: { ...paused, jobId: head.jobId, name: 'Number 1' },
      freedBy: [...waysOf(job, ['resume']), ...waysOf(head, ['resume', 'cancel'])],
    });
  });
});

describe('the occurrence to come of a paused series', () => {
  it('is freed with its series, and the explanation leads there', async () => {
    const world = anExplainer();
    const facts = { statusCode: Status.Waiting, isToCome: true, relatedTo: 'series:s1' } as const;
    const job = put(aJob({ ...facts, modifiedBy: 'paula' }), world);
    const { because, text, freedBy } = await explainJob(job.jobId, ADMIN, world);
    expect([because, text]).toEqual([
      'paused',
      `It is paused by paula since ${job.modifiedOn}, until somebody resumes its series.`,
    ]);
    expect(freedBy).toEqual([expect.objectContaining({ verb: 'resume', seriesId: 's1', mayYou: true })]);
  });
});

const PAIRS = FOLLOWERS.flatMap((own) => Object.keys(HELD).map((head) => [own, head] as const));

describe('a follower', () => {
  it.each(PAIRS)('that is %s is explained behind a head that is %s', async (ownName, headName) => {
    const [own, first] = [heldAs(ownName), heldAs(headName)];
    const world = anExplainer();
    const head = placed(first, 1, world, 'a');
    placed(HELD['Ready'], 2, world, 'a');
    const job = placed(own, 3, world, 'a');
    const told = await explainJob(job.jobId, ADMIN, world);
    const mayRun = own.because === 'isNext';
    expect(told).toMatchObject({
      because: mayRun ? 'waitsForTurn' : own.because,
      ahead: { count: 2 },
      head: { jobId: head.jobId, name: 'Number 1', because: first.because },
    });
    expect(told.text).toMatch(/2 jobs of its token are ahead of it\. The first of them, "Number 1" \(/);
    for (const says of mayRun ? [first.says] : [own.says, first.says]) expect(told.text).toMatch(says);
    expect(told.freedBy).toEqual([...waysOf(job, own.frees), ...waysOf(head, first.clears)]);
    const bounds = [own.holdsUntil, first.holdsUntil].filter((date) => date !== undefined);
    const notBefore = bounds.toSorted().at(-1);
    expect(told.expectedStart).toEqual(notBefore === undefined ? undefined : { notBefore });
  });

  it('of one job has that one ahead', async () => {
    const world = anExplainer();
    placed(HELD['paused'], 1, world, 'a');
    const { text } = await explainJob(placed(undefined, 2, world, 'a').jobId, READER, world);
    expect(text).toMatch(
      /^It waits for its turn: one job of its token is ahead of it\. That one, "Number 1"/,
    );
  });

  it.each([
    [999, { count: 999 }, /: 999 jobs/],
    [1_000, { count: 1_000 }, /: 1,000 jobs/],
    [1_001, { count: 1_000, isMore: true }, /: more than 1,000 jobs/],
    [1_500, { count: 1_000, isMore: true }, /: more than 1,000 jobs/],
  ])('of %d jobs is told how many are ahead, up to a thousand', async (many, ahead, says) => {
    const world = anExplainer();
    for (let place = 1; place <= many; place++) placed(undefined, place, world, 'a');
    const told = await explainJob(placed(undefined, many + 1, world, 'a').jobId, READER, world);
    expect([told.ahead, told.head?.name, told.text]).toEqual([
      ahead,
      'Number 1',
      expect.stringMatching(says),
    ]);
  });
});

describe('a job that may run, by the load of its lane', () => {
  const FULL = { waiting: 1, inFlight: 2, atOnce: 2 };
  const IDLE = { waiting: 0, inFlight: 0, atOnce: 2 };
  it.each([
    ['rings wait and the lane is at its limit', FULL, 0, 'laneIsFull'],
    ['nobody waits', { waiting: 0, inFlight: 2, atOnce: 2 }, 0, 'isNext'],
    ['there is room', { waiting: 5, inFlight: 1, atOnce: 2 }, 600_000, 'isNext'],
    ['a ring waits that may be for it', { waiting: 1, inFlight: 0, atOnce: 2 }, 600_000, 'isNext'],
    ['a ring is answered that may be for it', { waiting: 0, inFlight: 1, atOnce: 2 }, 600_000, 'isNext'],
    ['there is nothing to hear for a moment', IDLE, 59_999, 'isNext'],
    ['there is nothing to hear for a minute', IDLE, 60_000, 'rungNotYet'],
  ])('is told so: %s', async (_how, load, sinceMs, because) => {
    const world = anExplainer();
    world.laneLoad.now = load;
    const job = placed(undefined, 1, world, 'a');
    world.clock.advance(sinceMs);
    expect((await explainJob(job.jobId, READER, world)).because).toBe(because);
    const follower = placed(undefined, 2, world, 'a');
    const behind = await explainJob(follower.jobId, READER, world);
    expect([behind.because, behind.head?.because]).toEqual(['waitsForTurn', because]);
  });

  it.each([
    [FULL, 0, { notBefore: at() }, /the lane "bulk" is at its limit: 2 rings are being answered and 1 wait/],
    [IDLE, 60_000, { notAfter: at(900_000) }, /no ring for it is on its way.+rings by 2026-11-22T12:15/],
  ])('says with which figures, and when it may be heard: %j', async (load, sinceMs, start, says) => {
    const world = anExplainer();
    world.laneLoad.now = load;
    const { jobId } = placed(undefined, 1, world);
    world.clock.advance(sinceMs);
    const told = await explainJob(jobId, READER, world);
    expect([told.expectedStart, told.text]).toEqual([start, expect.stringMatching(says)]);
  });

  it('is looked for in the lane of its place in line, whatever lane its operation has by now', async () => {
    const world = anExplainer();
    const { jobId } = placed(undefined, 1, world, 'a');
    const operations = new Map([['count-to', anOperation({ lane: 'standard' })]]);
    await explainJob(jobId, READER, { ...world, operations });
    expect(world.laneLoad.asked).toEqual(['bulk']);
  });

  it('is looked at by its date, not by its last change', async () => {
    const world = anExplainer();
    const job = placed(HELD['postponed'], 1, world);
    world.clock.advance(659_000);
    expect((await explainJob(job.jobId, READER, world)).because).toBe('isNext');
    world.clock.advance(1_000);
    expect((await explainJob(job.jobId, READER, world)).because).toBe('rungNotYet');
  });

  it('is heard in bulk where it has begun, or has killed a worker', async () => {
    const world = anExplainer();
    const standard = { operations: new Map([['count-to', anOperation({ lane: 'standard' })]]) };
    for (const facts of [{}, { crashCount: 1 }, HELD['between two slices']?.facts]) {
      await explainJob(put(aJob(facts), world).jobId, READER, { ...world, ...standard });
    }
    expect(world.laneLoad.asked).toEqual(['standard', 'bulk', 'bulk']);
    expect((await explainJob(placed(HELD['running'], 1, world).jobId, READER, world)).because).toBe('runs');
    expect(world.laneLoad.asked).toHaveLength(3);
  });

  it('is explained, and it is logged, where the queue does not answer', async () => {
    const world = anExplainer();
    world.laneLoad.isBroken = true;
    expect((await explainJob(placed(undefined, 1, world).jobId, READER, world)).because).toBe('isNext');
    expect(world.logged).toEqual([
      {
        text: 'the load of a lane is not known',
        facts: { lane: 'bulk', error: expect.stringContaining('Error') },
      },
    ]);
  });
});
