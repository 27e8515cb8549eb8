import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import type { Json } from '../../../shared/job/json.ts';
import { type FunctionRepositories, invokeFunction } from '../../../shared/operations/invoke-function.ts';
import { answerCallback } from '../../../shared/service/answer-callback.ts';
import { PermanentError } from '../../../shared/service/operation.ts';
import type { FunctionAnswer } from '../../../shared/service/own-functions.ts';
import { resultOf } from '../../../shared/service/result.ts';
import { cancelJob, pauseJob } from '../../../shared/service/verbs.ts';
import { aJob } from '../../support/a-job.ts';
import { aWorldWith, hear, put, runOnce, theJob, type World } from '../../support/a-world.ts';
import { ADMIN, OPERATOR } from '../../support/callers.ts';
import { abortedBy } from '../../support/steps.ts';

type Sent = Readonly<Record<string, Json>>;

interface Called {
  readonly world: World<FunctionRepositories>;
  readonly calls: Json[];
  readonly sent: Sent[];
}

/** A world in which the function "report" answers as it is told. */
function calling(answer: (signal: AbortSignal) => Promise<FunctionAnswer>): Called {
  const [calls, sent]: [Json[], Sent[]] = [[], []];
  const functions: FunctionRepositories['functions'] = {
    names: ['report', 'import'],
    call: (name, event, signal) => {
      calls.push([name, event]);
      return answer(signal);
    },
    send: async (name, event) => {
      if (typeof event !== 'object' || event === null || Array.isArray(event)) throw new Error('No event.');
      sent.push({ name, ...event });
    },
  };
  return { world: aWorldWith<FunctionRepositories>({ functions }, invokeFunction), calls, sent };
}

const nobody = () => Promise.reject(new Error('It is not called.'));
const jobOf = (input: object, facts: Partial<Job> = {}): Job =>
  aJob({
    operation: 'invoke-function',
    input: JSON.stringify({ function: 'report', payload: { n: 1 }, ...input }),
    ...facts,
  });
const tokenOf = ({ sent }: Called): string => {
  const { callback } = sent.at(-1) ?? {};
  if (typeof callback !== 'object' || callback === null || Array.isArray(callback)) throw new Error('None.');
  const { token } = callback;
  if (typeof token !== 'string') throw new Error('No token was sent.');
  return token;
};

describe('a job that calls a function', () => {
  it('hands over its id and payload, and has its answer as its result', async () => {
    const { world, calls } = calling(async () => ({ is: 'result', result: { pages: 7 } }));
    const job = await runOnce(jobOf({}), world);
    expect([job.statusCode, await resultOf(job, world.details)]).toEqual([30, { pages: 7 }]);
    expect(calls).toEqual([['report', { type: 'invoked', jobId: job.jobId, payload: { n: 1 } }]]);
  });

  it.each([
    ['is tried again where the function has thrown', 'ReportError', 10, 1],
    ['fails for good where it says so by the name of the error', 'ReportPermanentError', 31, 2],
  ])('%s', async (_what, type, statusCode, errorCode) => {
    const { world } = calling(async () => ({ is: 'error', type, message: 'no paper' }));
    const job = await runOnce(jobOf({}), world);
    expect([job.statusCode, job.errorCode, await world.details.getText(job, 'message')]).toEqual([
      statusCode,
      errorCode,
      `"report" failed: ${type}: no paper`,
    ]);
  });

  it('is tried again where Lambda could not be reached', async () => {
    const { world } = calling(() => Promise.reject(new Error('Rate exceeded.')));
    expect(await runOnce(jobOf({}), world)).toMatchObject({ statusCode: 10, isRetrying: true });
  });

  it('calls no function that the deployment does not name, and says which there are', async () => {
    const { world, calls } = calling(nobody);
    const job = await runOnce(jobOf({ function: 'other' }), world);
    expect([job.statusCode, calls]).toEqual([31, []]);
    expect(await world.details.getText(job, 'message')).toBe(
      'This deployment may not call the function "other". It may call: report, import.',
    );
  });

  it('does not send more than Lambda takes', async () => {
    const { world, sent } = calling(nobody);
    const job = await runOnce(jobOf({ wait: 'callback', payload: 'x'.repeat(1024 * 1024) }), world);
    expect([job.statusCode, job.errorCode, sent]).toEqual([31, 2, []]);
  });

  it('calls once more in its next slice, three times at most', async () => {
    const called = calling((signal) => abortedBy(signal));
    const { world, calls } = called;
    const job = put(jobOf({}), world);
    for (let slice = 1; slice <= 4; slice++) {
      const slicesEndAt = world.clock() + 60_000;
      const hearing = hear({ jobId: job.jobId, lane: 'bulk' }, world, { slicesEndAt });
      // Until the call is under way.
      for (let tick = 0; tick < 50; tick++) await Promise.resolve();
      world.clock.advance(60_000);
      await hearing;
    }
    expect([calls.length, (await theJob(job.jobId, world)).statusCode]).toEqual([3, 31]);
  });
});

describe('a job that a function calls back', () => {
  it('gives it a token, and has the answer as its result', async () => {
    const called = calling(nobody);
    const { world, sent } = called;
    const job = await runOnce(jobOf({ wait: 'callback', deadlineSeconds: 60 }), world);
    expect(job).toMatchObject({ statusCode: 10, isWaitingForEvent: true });
    const callback = { token: tokenOf(called), deadline: job.postponeUntil };
    expect(sent).toEqual([
      { name: 'report', type: 'invoked', jobId: job.jobId, payload: { n: 1 }, callback },
    ]);
    await answerCallback({ token: callback.token, result: 7 }, OPERATOR, world);
    const over = await runOnce(job, world);
    expect([over.statusCode, await resultOf(over, world.details), sent.length]).toEqual([30, 7, 1]);
  });

  it('tries again after an error and after its deadline, each time with a token of its own', async () => {
    const called = calling(nobody);
    const { world, sent } = called;
    const job = await runOnce(jobOf({ wait: 'callback', deadlineSeconds: 60 }), world);
    const first = tokenOf(called);
    await answerCallback({ token: first, error: { message: 'no' } }, OPERATOR, world);
    expect((await runOnce(job, world)).isRetrying).toBe(true);
    world.clock.advance(600_000);
    expect((await runOnce(job, world)).isWaitingForEvent).toBe(true);
    world.clock.advance(60_000);
    expect((await runOnce(job, world)).isRetrying).toBe(true);
    world.clock.advance(600_000);
    await runOnce(job, world);
    expect(new Set(sent.map(({ callback }) => JSON.stringify(callback))).size).toBe(3);
    const late = answerCallback({ token: first, result: 1 }, OPERATOR, world);
    await expect(late).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('waits on with the same token when a person has stopped it in between', async () => {
    const called = calling(nobody);
    const { world, sent } = called;
    const job = await runOnce(jobOf({ wait: 'callback' }), world);
    world.jobs.put({ ...job, statusCode: 0 });
    await runOnce(job, world);
    expect([sent.length, (await theJob(job.jobId, world)).isWaitingForEvent]).toEqual([1, true]);
  });
});

describe('a job that is canceled', () => {
  it.each(['callback', 'answer'])('tells its function: %s', async (wait) => {
    const called = calling(async (signal) => {
      await cancelJob(job.jobId, ADMIN, called.world);
      return abortedBy(signal);
    });
    const { world, sent } = called;
    const job = put(jobOf({ wait }), world);
    const running = runOnce(job, world);
    for (let tick = 0; tick < 50; tick++) await Promise.resolve();
    world.clock.advance(10_000);
    await running;
    if (wait === 'callback') {
      await cancelJob(job.jobId, ADMIN, world);
      await runOnce(job, world);
    }
    expect((await theJob(job.jobId, world)).statusCode).toBe(32);
    expect(sent.at(-1)).toEqual({ name: 'report', type: 'canceled', jobId: job.jobId, payload: { n: 1 } });
  });

  it('ends though its function is gone', async () => {
    const called = calling(nobody);
    const { world } = called;
    const job = await runOnce(jobOf({ wait: 'callback' }), world);
    world.repositories.functions.send = () => Promise.reject(new PermanentError('There is none.'));
    await cancelJob(job.jobId, ADMIN, world);
    expect((await runOnce(job, world)).statusCode).toBe(32);
  });

  it('is not told of a pause', async () => {
    const called = calling(async (signal) => {
      await pauseJob(job.jobId, ADMIN, called.world);
      return abortedBy(signal);
    });
    const job = put(jobOf({}), called.world);
    const running = runOnce(job, called.world);
    for (let tick = 0; tick < 50; tick++) await Promise.resolve();
    called.world.clock.advance(10_000);
    await running;
    expect([(await theJob(job.jobId, called.world)).statusCode, called.sent]).toEqual([10, []]);
  });
});
