import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const EXAMPLE = 'longhaul-local-example';
/** What the API never gives out: a token as those look that are good. */
const FORGED = `01234567-89ab-7000-8000-0123456789ab.${'A'.repeat(43)}`;

describe('a job that calls a function of the organisation, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const order = (input: object, more: object = {}): Promise<Shown> =>
    client.post('/jobs', { operation: 'invoke-function', input: { function: EXAMPLE, ...input }, ...more });
  const ends = async (input: object, more?: object): Promise<Shown> =>
    client.over((await order(input, more)).jobId);

  describe('and waits for its answer', () => {
    it('gets it', async () => {
      const job = await ends({ payload: { n: [1, { deep: null }], waitMs: 20 } });
      expect(job).toMatchObject({
        shownAs: 'Success',
        result: { echo: { n: [1, { deep: null }], waitMs: 20 } },
        friendlyMessage: `"${EXAMPLE}" has answered.`,
      });
    });

    it('fails as the function does, and is tried again', async () => {
      const job = await ends({ payload: { fail: 'no paper' } }, { maxRetries: 1 });
      expect(job).toMatchObject({
        shownAs: 'Fail',
        retryCount: 1,
        errorCode: 1,
        message: `"${EXAMPLE}" failed: ExampleError: no paper`,
      });
    });

    it('is not tried again after an error that is called permanent', async () => {
      const job = await ends({ payload: { fail: 'no printer', permanent: true } });
      expect(job).toMatchObject({ shownAs: 'Fail', retryCount: 0, errorCode: 2 });
      expect(job.friendlyMessage).toBe(`"${EXAMPLE}" failed: ExamplePermanentError: no printer`);
    });

    it('may call none that the context does not name', async () => {
      const job = await ends({ function: 'longhaul-local-api' });
      expect(job).toMatchObject({ shownAs: 'Fail', retryCount: 0 });
      expect(job.friendlyMessage).toBe(
        `This deployment may not call the function "longhaul-local-api". It may call: ${EXAMPLE}.`,
      );
    });
  });

  it.each([
    ['a function without a name', { function: '' }, '/input/function'],
    ['an ARN', { function: 'arn:aws:lambda:us-east-1:000000000000:function:x' }, '/input/function'],
    ['another way to wait', { wait: 'never' }, '/input/wait'],
    ['a deadline for an answer', { deadlineSeconds: 5 }, '/input/deadlineSeconds'],
    ['a deadline in the past', { wait: 'callback', deadlineSeconds: 0 }, '/input/deadlineSeconds'],
  ])('is refused with %s', async (_what, input, pointer) => {
    const body = { operation: 'invoke-function', input: { function: EXAMPLE, ...input } };
    const refused = await client.send('POST', '/jobs', { body });
    expect([refused.status, refused.body.errors.map((fault: Shown) => fault.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  /** What the function was told for this job, from its log, where it may stand a moment later. */
  const told = (jobId: string, type: 'invoked' | 'canceled'): Promise<Shown> =>
    eventually(() => {
      const log = readFileSync(join(service.dataFolder, 'logs', `${EXAMPLE}.log`), 'utf8');
      const events: Shown[] = [...log.matchAll(/example: (\{.*\})/g)].map(([, text = '']) =>
        JSON.parse(text.replaceAll('\\"', '"')),
      );
      const event = events.findLast((each) => each.jobId === jobId && each.type === type);
      if (event === undefined) throw new Error(`The function was not told of ${jobId}: ${log.slice(-500)}`);
      return event;
    });
  const waiting = (jobId: string): Promise<Shown> =>
    eventually(async () => {
      const job = await client.get(`/jobs/${jobId}`);
      if (job.shownAs !== 'Waiting') throw new Error(`It does not wait: ${JSON.stringify(job)}`);
      return job;
    });
  const say = (token: string, answer: object) =>
    client.send('POST', '/callbacks', { body: { token, ...answer } });

  const begun = async (more: object = {}, input: object = {}) => {
    const { jobId } = await order({ wait: 'callback', payload: 'report', ...input }, more);
    const { callback, ...event } = await told(jobId, 'invoked');
    return { jobId, token: String(callback.token), deadline: String(callback.deadline), event };
  };

  describe('and waits for a callback', () => {
    it('goes on with its answer, which may be given twice, but not two of them', async () => {
      const { jobId, token, deadline, event } = await begun();
      expect(event).toEqual({ type: 'invoked', jobId, payload: 'report' });
      const job = await waiting(jobId);
      expect(job).toMatchObject({
        stateLabel: 'Suspended',
        statusLabel: 'Waiting',
        isWaitingForEvent: true,
        postponeUntil: deadline,
      });
      const result = { pages: 7, text: 'x'.repeat(300_000) };
      expect(await say(token, { result })).toMatchObject({ status: 200, body: { accepted: true } });
      expect((await say(token, { result })).status).toBe(200);
      expect((await say(token, { result: 'another' })).status).toBe(409);
      const over = await client.over(jobId);
      expect(over).toMatchObject({ shownAs: 'Success', isWaitingForEvent: false, retryCount: 0 });
      expect(over.result).toEqual(result);
      expect((await say(token, { result })).status).toBe(200);
    });

    it('fails as it is told, for good if it is told so', async () => {
      const { jobId, token } = await begun();
      await say(token, { error: { message: 'no paper', code: 'E7', permanent: true } });
      const over = await client.over(jobId);
      expect(over).toMatchObject({ shownAs: 'Fail', errorCode: 2, retryCount: 0 });
      expect(over.friendlyMessage).toBe(`"${EXAMPLE}" failed: E7: no paper`);
    });

    it('does not wait longer than its deadline, and then nobody can answer', async () => {
      const { jobId, token } = await begun({ maxRetries: 0 }, { deadlineSeconds: 2 });
      const over = await client.over(jobId);
      expect(over).toMatchObject({ shownAs: 'Fail', errorCode: 1 });
      expect(over.message).toBe(`"${EXAMPLE}" was called, and nobody has answered its callback in time.`);
      expect((await say(token, { result: 1 })).status).toBe(404);
    });

    it('holds the others of its token until it is answered', async () => {
      const dependencyToken = 'callbacks';
      const { jobId, token } = await begun({ dependencyToken });
      const follower = await client.post('/jobs', { operation: 'diagnose', input: {}, dependencyToken });
      await waiting(jobId);
      expect(await client.get(`/jobs/${follower.jobId}`)).toMatchObject({ shownAs: 'Queued' });
      await say(token, { result: null });
      const [head, next] = [await client.over(jobId), await client.over(follower.jobId)];
      expect([head.shownAs, head.result, next.shownAs]).toEqual(['Success', null, 'Success']);
      expect(next.startedOn >= head.completedOn).toBe(true);
    });

    it('tells the function when it is canceled, before it is over, and its audit says who and why', async () => {
      const { jobId, token } = await begun();
      await waiting(jobId);
      expect(await client.get(`/jobs/${jobId}/explain`)).toMatchObject({
        because: 'waitsForEvent',
        shownAs: 'Waiting',
      });
      const canceled = await client.post(`/jobs/${jobId}/cancel`, { reason: 'The report is not needed' });
      expect(canceled.statusLabel).toBe('Canceling');
      expect(await client.over(jobId)).toMatchObject({ shownAs: 'Stopped' });
      await told(jobId, 'canceled');
      expect((await say(token, { result: 1 })).status).toBe(404);
      const { items } = await client.get(`/jobs/${jobId}/audit`);
      expect(items.map(({ verb }: Shown) => verb)).toEqual(['settle', 'cancel', 'await', 'claim', 'create']);
      expect(items[1].reason).toBe('The report is not needed');
    });

    it('is still called back after everything was killed', async () => {
      const { jobId, token } = await begun();
      await waiting(jobId);
      await service.kill('SIGKILL');
      service = await service.restart();
      client = apiClient(service.url, await service.token('operator'));
      expect((await say(token, { result: 'at last' })).status).toBe(200);
      // What its worker had not given back to the queue keeps its group locked for a while.
      const over = await client.over(jobId);
      expect(over).toMatchObject({ shownAs: 'Success', result: 'at last' });
    }, 180_000);
  });

  describe('a callback', () => {
    it.each([
      ['a forged token', { token: FORGED, result: 1 }, 404],
      ['something that is no token', { token: '../jobs', result: 1 }, 404],
      ['no answer', { token: FORGED }, 400],
      ['two answers', { token: FORGED, result: 1, error: { message: 'x' } }, 400],
      ['an error that says nothing', { token: FORGED, error: {} }, 400],
      ['an answer that is too long', { token: FORGED, result: 'x'.repeat(2 * 1024 * 1024) }, 400],
    ])('with %s is refused', async (_what, body, status) => {
      expect((await client.send('POST', '/callbacks', { body })).status).toBe(status);
    });

    it('is refused to those who only read', async () => {
      const reader = apiClient(service.url, await service.token('reader'));
      const body = { token: FORGED, result: 1 };
      expect((await reader.send('POST', '/callbacks', { body })).status).toBe(403);
    });
  });
});
