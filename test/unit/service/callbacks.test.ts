import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { shownAs } from '../../../shared/job/status.ts';
import { answerCallback } from '../../../shared/service/answer-callback.ts';
import { NotFound } from '../../../shared/service/errors.ts';
import type { CallbackEvent, Operation } from '../../../shared/service/operation.ts';
import { cancelJob, deleteJob, pauseJob, resumeJob } from '../../../shared/service/verbs.ts';
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
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';

const DEADLINE_MS = 3_600_000;

interface Asking {
  readonly world: World;
  readonly tokens: string[];
  readonly heard: CallbackEvent[];
  /** Jobs whose cancel the operation was told of. */
  readonly told: string[];
  /** Done before it waits. */
  meanwhile: (token: string) => Promise<unknown>;
}

/** A world whose operation asks for a callback, and succeeds with what it hears. */
function asking(facts: Partial<Operation<unknown>> = {}): Asking {
  const seen: Asking = { world: aWorld(), tokens: [], heard: [], told: [], meanwhile: async () => undefined };
  const operation = anOperation({
    async *run(_input, { callback, run }) {
      const open = await callback(`try-${run.tries}`, DEADLINE_MS);
      if (open.event !== undefined) {
        seen.heard.push(open.event);
        return { result: open.event.kind };
      }
      seen.tokens.push(open.token);
      await seen.meanwhile(open.token);
      yield { done: 1, total: 2, cursor: 'asked' };
      return { waitFor: open };
    },
    onCancel: async (_input, { jobId }) => {
      seen.told.push(jobId);
    },
    ...facts,
  });
  return Object.assign(seen, { world: withOperation(seen.world, operation) });
}

const say = (
  token: string | undefined,
  answer: object,
  { world }: Asking,
  caller = OPERATOR,
): Promise<void> => answerCallback({ token, ...answer }, caller, world);

/** Answers all rings that there are, and shows the job. */
async function goOn(job: Job, { world }: Asking): Promise<Job> {
  for (const ring of world.doorbell.take()) await hear(ring, world);
  return theJob(job.jobId, world);
}

describe('a job that waits for its callback', () => {
  it('is suspended until its deadline, and shown so; nothing was tried in vain', async () => {
    const { world } = asking();
    const job = await runOnce(aJob(), world);
    expect(job).toMatchObject({
      statusCode: 10,
      isWaitingForEvent: true,
      postponeUntil: at(DEADLINE_MS),
      retryCount: 0,
      progressDone: 1,
    });
    expect([shownAs(job), job.leaseEndsAt, await world.details.getCursor(job)]).toEqual([
      'Waiting',
      undefined,
      'asked',
    ]);
  });

  it.each([
    [{ result: { n: 1 } }, { kind: 'answer', result: { n: 1 } }],
    [{ error: { message: 'no' } }, { kind: 'error', message: 'no', permanent: false }],
    [
      { error: { message: 'no', code: 'E', permanent: true } },
      { kind: 'error', message: 'no', code: 'E', permanent: true },
    ],
  ])('goes on when it is answered, and hears %j', async (answer, event) => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    await say(seen.tokens[0], answer, seen);
    const over = await goOn(job, seen);
    expect([over.statusCode, seen.heard]).toEqual([30, [event]]);
    expect(over).not.toHaveProperty('isWaitingForEvent');
  });

  it('hears an answer that came before it waited, at once', async () => {
    const seen = asking();
    seen.meanwhile = (token) => say(token, { result: 'early' }, seen);
    const job = await runOnce(aJob(), seen.world);
    expect(job.statusCode).toBe(0);
    expect([(await goOn(job, seen)).statusCode, seen.heard]).toEqual([
      30,
      [{ kind: 'answer', result: 'early' }],
    ]);
  });

  it('hears one that nobody has told it of, when anybody rings', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    const secret = seen.tokens[0]?.split('.')[1] ?? '';
    await seen.world.details.answerCallback(job, secret, { result: 'kept' });
    expect((await runOnce(job, seen.world)).statusCode).toBe(30);
    expect(seen.heard).toEqual([{ kind: 'answer', result: 'kept' }]);
  });

  it('hears of a timeout at its deadline, and then nobody can answer', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    seen.world.clock.advance(DEADLINE_MS);
    expect((await runOnce(job, seen.world)).statusCode).toBe(30);
    expect(seen.heard).toEqual([{ kind: 'timeout' }]);
    await expect(say(seen.tokens[0], { result: 1 }, seen)).rejects.toThrow(NotFound);
  });

  it('hears the answer, not of a timeout, if both are there at its deadline', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    const secret = seen.tokens[0]?.split('.')[1] ?? '';
    seen.world.clock.advance(DEADLINE_MS);
    await seen.world.details.answerCallback(job, secret, { result: 1 });
    await runOnce(job, seen.world);
    expect(seen.heard).toEqual([{ kind: 'answer', result: 1 }]);
  });

  it('resumed by a person has the same token, and keeps its deadline', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    seen.world.clock.advance(1_000);
    await resumeJob(job.jobId, ADMIN, seen.world);
    const again = await goOn(job, seen);
    expect(again).toMatchObject({ isWaitingForEvent: true, postponeUntil: at(DEADLINE_MS) });
    expect(new Set(seen.tokens).size).toBe(1);
  });

  it('stays paused if a person has paused it before it waited, and hears the answer when it is resumed', async () => {
    const seen = asking();
    seen.meanwhile = () => pauseJob(job.jobId, ADMIN, seen.world);
    const job = put(aJob(), seen.world);
    const paused = await runOnce(job, seen.world);
    expect([shownAs(paused), paused.isWaitingForEvent]).toEqual(['Paused', undefined]);
    await say(seen.tokens[0], { result: 1 }, seen);
    expect(shownAs(await goOn(job, seen))).toBe('Paused');
    await resumeJob(job.jobId, ADMIN, seen.world);
    expect([(await goOn(job, seen)).statusCode, seen.heard.length]).toEqual([30, 1]);
  });

  it('sets a timer for a near deadline before it waits', async () => {
    const seen = asking();
    const world = withOperation(
      seen.world,
      anOperation({
        async *run(_input, { callback }) {
          yield { done: 0, cursor: 0 };
          return { waitFor: await callback('one', 60_000) };
        },
      }),
    );
    await runOnce(aJob(), world);
    expect(world.timers.take()).toMatchObject([{ at: Date.parse(at(60_000)) }]);
  });

  it('keeps its place in its line', async () => {
    const seen = asking();
    const [head, next] = [aJob({ dependencyToken: 't' }), aJob({ dependencyToken: 't' })];
    put(head, seen.world);
    put({ ...next, sequence: head.sequence + 1 }, seen.world);
    await runOnce(head, seen.world);
    expect(await theJob(next.jobId, seen.world)).toMatchObject({ statusCode: 0, claimNumber: 0 });
    await say(seen.tokens[0], { result: 1 }, seen);
    seen.meanwhile = async () => undefined;
    expect((await goOn(head, seen)).statusCode).toBe(30);
    expect(await theJob(next.jobId, seen.world)).toMatchObject({ statusCode: 10, isWaitingForEvent: true });
  });
});

const refusedWith = async (token: (good: string) => string, answer: object): Promise<unknown> => {
  const seen = asking();
  await runOnce(aJob(), seen.world);
  return say(token(seen.tokens[0] ?? ''), answer, seen).catch((error: unknown) => error);
};

describe('an answer', () => {
  it.each<[string, (good: string) => string]>([
    ['of another job', (good) => `${aJob().jobId}.${good.split('.')[1] ?? ''}`],
    ['with a secret that is wrong', (good) => `${good}x`],
    ['with a secret that is too short', (good) => good.slice(0, -1)],
    ['without a secret', (good) => good.split('.')[0] ?? ''],
    ['that is none', () => 'token'],
  ])('by a token %s is not known, and no more is said', async (_what, forge) => {
    expect(await refusedWith(forge, { result: 1 })).toEqual(new NotFound('open callback', 'of this token'));
  });

  it.each<[string, object, string]>([
    ['neither result nor error', {}, '/result'],
    ['both', { result: 1, error: { message: 'no' } }, '/result'],
    ['an error without a message', { error: { code: 'E' } }, '/error/message'],
    ['more than there is', { result: 1, more: 1 }, '/more'],
    ['more than 2 MiB', { result: 'x'.repeat(2 * 1024 * 1024) }, '/result'],
  ])('with %s is refused', async (_what, answer, pointer) => {
    expect(await refusedWith((good) => good, answer)).toMatchObject({
      code: 'InvalidInput',
      faults: [{ pointer }],
    });
  });

  it('may be given again, also when all is over; another one may not', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    const [token] = seen.tokens;
    await say(token, { result: 1 }, seen);
    await say(token, { result: 1 }, seen);
    await expect(say(token, { result: 2 }, seen)).rejects.toMatchObject({ code: 'Conflict' });
    await goOn(job, seen);
    await say(token, { result: 1 }, seen);
    await expect(say(token, { result: 2 }, seen)).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('comes too late for a job that is over, or gone', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    await cancelJob(job.jobId, ADMIN, seen.world);
    expect((await goOn(job, seen)).statusCode).toBe(32);
    await expect(say(seen.tokens[0], { result: 1 }, seen)).rejects.toThrow(NotFound);
    await deleteJob(job.jobId, ADMIN, seen.world);
    await expect(say(seen.tokens[0], { result: 1 }, seen)).rejects.toThrow(NotFound);
  });

  it('is acknowledged though its ring is lost: the scan finds the job', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    seen.world.doorbell.breaks();
    await say(seen.tokens[0], { result: 1 }, seen);
    expect(await theJob(job.jobId, seen.world)).toMatchObject({ statusCode: 0, watchAt: at(60_000) });
  });

  it('is not taken from readers', async () => {
    const seen = asking();
    await runOnce(aJob(), seen.world);
    await expect(say(seen.tokens[0], { result: 1 }, seen, READER)).rejects.toMatchObject({
      code: 'NotAllowed',
    });
  });
});

describe('a job whose operation is to be told of a cancel', () => {
  it.each(['waits', 'was resumed', 'runs'])('is told before it is over, while it %s', async (state) => {
    const seen = asking();
    const job = put(aJob(), seen.world);
    if (state === 'runs') seen.meanwhile = () => cancelJob(job.jobId, ADMIN, seen.world);
    await runOnce(job, seen.world);
    if (state === 'was resumed') await resumeJob(job.jobId, ADMIN, seen.world);
    seen.world.doorbell.take();
    if (state !== 'runs') {
      const asked = await cancelJob(job.jobId, ADMIN, seen.world);
      expect([asked.statusCode, seen.told]).toEqual([22, []]);
    }
    expect([(await goOn(job, seen)).statusCode, seen.told]).toEqual([32, [job.jobId]]);
  });

  it('is told before it is deleted, too', async () => {
    const seen = asking();
    const job = await runOnce(aJob(), seen.world);
    expect(await deleteJob(job.jobId, ADMIN, seen.world)).toMatchObject({ statusCode: 22 });
    for (const ring of seen.world.doorbell.take()) await hear(ring, seen.world);
    expect([await seen.world.jobs.get(job.jobId), seen.told]).toEqual([undefined, [job.jobId]]);
  });

  it('is canceled at once if it has never run: there is nothing to tell', async () => {
    const seen = asking();
    const { jobId } = put(aJob(), seen.world);
    expect((await cancelJob(jobId, ADMIN, seen.world)).statusCode).toBe(32);
    expect(seen.told).toEqual([]);
  });

  it('is told again if telling failed', async () => {
    let tries = 0;
    const onCancel = async () => {
      if (++tries === 1) throw new Error('The line was busy.');
    };
    const seen = asking({ onCancel });
    const job = await runOnce(aJob(), seen.world);
    await cancelJob(job.jobId, ADMIN, seen.world);
    await expect(goOn(job, seen)).rejects.toThrow('The line was busy.');
    expect((await runOnce(job, seen.world)).statusCode).toBe(32);
    expect(tries).toBe(2);
  });
});
