import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const order = (more: object = {}) => ({ operation: 'diagnose', input: { steps: 1 }, ...more });
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString();

const pointers = (body: Shown): string[] =>
  body.errors.map((fault: Shown) => `${fault.in ?? 'body'} ${fault.pointer}`);

describe('creating a job, through the synthesised template', () => {
  let service: RunningLonghaul;

  beforeAll(async () => {
    service = await startLonghaul();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** Somebody who has no job yet. */
  async function someone(): Promise<ApiClient & { jobs: () => Promise<Shown[]> }> {
    const sub = randomUUID();
    const client = apiClient(service.url, await service.token('operator', { sub }));
    return { ...client, jobs: async () => (await client.get(`/jobs?owner=${sub}`)).items };
  }

  it('with a key, again and again, makes one job: a lost answer costs nothing', async () => {
    const client = await someone();
    const headers = { 'idempotency-key': 'import-of-monday' };
    const body = order({ name: 'Import', postponeUntil: inAMonth() });
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => client.send('POST', '/jobs', { body, headers })),
    );
    answers.push(await client.send('POST', '/jobs', { body, headers }));
    const [{ jobId }] = await client.jobs();
    for (const { status, headers: sent, body: job } of answers) {
      expect([status, job.jobId, sent.get('location')]).toEqual([202, jobId, `/jobs/${jobId}`]);
    }
    expect(await client.jobs()).toHaveLength(1);
  });

  it('with a large input may be repeated too, and the job keeps its own', async () => {
    const client = await someone();
    const headers = { 'idempotency-key': 'large' };
    const excludedFolders = Array.from({ length: 400 }, (_, n) =>
      `/content/dam/${'x'.repeat(200)}${n}`.repeat(4),
    );
    const input = { folder: '/content/dam', excludedFolders };
    const body = { operation: 'process-assets', input };
    const { body: job } = await client.send('POST', '/jobs', { body, headers });
    const again = await client.send('POST', '/jobs', { body, headers });
    expect([again.status, again.body.jobId]).toEqual([202, job.jobId]);
    expect(await client.over(job.jobId)).toMatchObject({ shownAs: 'Success', input });
  });

  it('with the key of another order is refused, and changes nothing', async () => {
    const client = await someone();
    const headers = { 'idempotency-key': 'a' };
    const { body: job } = await client.send('POST', '/jobs', { body: order(), headers });
    const refused = await client.send('POST', '/jobs', { body: order({ name: 'Other' }), headers });
    expect(refused).toMatchObject({ status: 409, body: { type: 'urn:longhaul:problem:Conflict' } });
    expect(await client.over(job.jobId)).toMatchObject({ name: 'Diagnose', shownAs: 'Success' });
    expect(await client.jobs()).toHaveLength(1);
  });

  it('with a key that somebody else has too makes two jobs', async () => {
    const headers = { 'idempotency-key': 'the-same' };
    const [a, b] = [await someone(), await someone()];
    const [one, two] = [
      await a.send('POST', '/jobs', { body: order(), headers }),
      await b.send('POST', '/jobs', { body: order(), headers }),
    ];
    expect([one.status, two.status]).toEqual([202, 202]);
    expect(one.body.jobId).not.toBe(two.body.jobId);
  });

  it('under an id of one’s own answers 202 the first time, and 200 with the same job afterwards', async () => {
    const client = await someone();
    const jobId = randomUUID();
    const first = await client.send('PUT', `/jobs/${jobId}`, { body: order() });
    expect([first.status, first.body.jobId, first.headers.get('location')]).toEqual([
      202,
      jobId,
      `/jobs/${jobId}`,
    ]);
    await client.over(jobId);
    const again = await client.send('PUT', `/jobs/${jobId.toUpperCase()}`, { body: order() });
    expect([again.status, again.body.jobId, again.body.shownAs]).toEqual([200, jobId, 'Success']);
  });

  it('under one id by ten at once makes one job, and one is told that it is new', async () => {
    const client = await someone();
    const body = order({ dependencyToken: randomUUID() });
    const path = `/jobs/${randomUUID()}`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => client.send('PUT', path, { body })));
    const told = Map.groupBy(answers, ({ status }) => status);
    expect([told.get(202)?.length, told.get(200)?.length]).toEqual([1, 9]);
    expect(await client.jobs()).toHaveLength(1);
  });

  it('under an id that is taken is refused, be it by another order or by another caller', async () => {
    const [owner, other] = [await someone(), await someone()];
    const path = `/jobs/${randomUUID()}`;
    await owner.send('PUT', path, { body: order() });
    expect((await owner.send('PUT', path, { body: order({ maxRetries: 1 }) })).status).toBe(409);
    expect((await other.send('PUT', path, { body: order() })).status).toBe(409);
    expect(await other.jobs()).toEqual([]);
  });

  it('for later is shown with its date and does not run', async () => {
    const client = await someone();
    const postponeUntil = inAMonth();
    const job = await client.post('/jobs', order({ postponeUntil, maxRetries: 0 }));
    expect(job).toMatchObject({ shownAs: 'Scheduled', stateCode: 1, statusCode: 10, postponeUntil });
    expect(job).toMatchObject({ maxRetries: 0, retryCount: 0 });
  });

  it('shows nothing of how the row keeps its order, its fence and its id', async () => {
    const client = await someone();
    const headers = { 'idempotency-key': 'a' };
    const { body } = await client.send('POST', '/jobs', { body: order({ dependencyToken: 'x' }), headers });
    const inner = ['requestHash', 'claimNumber', 'watchAt', 'longTexts', 'input', 'crashCount', 'isRetrying'];
    expect(inner.filter((name) => name in body)).toEqual([]);
  });

  it('is shown in the lane in which it runs', async () => {
    const client = await someone();
    const lane = 'bulk';
    const job = await client.post('/jobs', { operation: 'diagnose', input: { lane } });
    expect(job.lane).toBe(lane);
    expect(await client.over(job.jobId)).toMatchObject({ lane, shownAs: 'Success' });
  });

  it('shows long texts whole, and lists the jobs of a token by it, however long it is', async () => {
    const client = await someone();
    const texts = { name: 'n'.repeat(256), description: '€'.repeat(1_000), dependencyToken: 'ü'.repeat(256) };
    const { jobId, ...shown } = await client.post('/jobs', order(texts));
    expect(shown).toMatchObject(texts);
    expect(await client.over(jobId)).toMatchObject(texts);
    const other = await client.post('/jobs', order({ dependencyToken: `${'ü'.repeat(255)}u` }));
    const { items } = await client.get(`/jobs?dependencyToken=${encodeURIComponent(texts.dependencyToken)}`);
    expect(items.map((job: Shown) => [job.jobId, job.dependencyToken])).toEqual([
      [jobId, texts.dependencyToken],
    ]);
    const all = await client.jobs();
    expect(all.map((job) => job.dependencyToken.length)).toEqual([256, 256]);
    expect(all[0].jobId).toBe(other.jobId);
  });

  it('that would crash its worker is for admins', async () => {
    const client = await someone();
    const body = { operation: 'diagnose', input: { crashAtStep: 1 } };
    const refused = await client.send('POST', '/jobs', { body });
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:longhaul:problem:NotAllowed' } });
    expect(await client.jobs()).toEqual([]);
  });

  const headers = { 'idempotency-key': 'a' };
  const path = `/jobs/${randomUUID()}`;
  const large = 'x'.repeat(2 * 1024 * 1024);
  it.each([
    ['an operation that nobody knows', order({ operation: 'sing' }), {}, 'body /operation'],
    ['an input that does not fit', order({ input: { steps: 'many' } }), {}, 'body /input/steps'],
    ['an input of more than 2 MiB', order({ input: { large } }), {}, 'body /input'],
    ['no input', { operation: 'diagnose' }, {}, 'body /input'],
    ['two inputs', order({ inputBlobId: randomUUID() }), {}, 'body /input'],
    ['an upload that is none', { operation: 'diagnose', inputBlobId: 'x' }, {}, 'body /inputBlobId'],
    ['negative retries', order({ maxRetries: -1 }), {}, 'body /maxRetries'],
    ['more retries than a hundred', order({ maxRetries: 101 }), {}, 'body /maxRetries'],
    ['half a retry', order({ maxRetries: 0.5 }), {}, 'body /maxRetries'],
    ['a date that is none', order({ postponeUntil: 'tomorrow' }), {}, 'body /postponeUntil'],
    ['a token that is too long', order({ dependencyToken: 'x'.repeat(257) }), {}, 'body /dependencyToken'],
    ['an empty token', order({ dependencyToken: '' }), {}, 'body /dependencyToken'],
    ['a token that is no text', order({ dependencyToken: 7 }), {}, 'body /dependencyToken'],
    ['a name that is too long', order({ name: 'x'.repeat(257) }), {}, 'body /name'],
    ['an id in the body', order({ jobId: randomUUID() }), {}, 'body /jobId'],
    ['a key in the body', order({ idempotencyKey: 'a' }), {}, 'body /idempotencyKey'],
    ['an empty key', order(), { headers: { 'idempotency-key': '' } }, 'header /idempotency-key'],
    ['a long key', order(), { headers: { 'idempotency-key': 'x'.repeat(257) } }, 'header /idempotency-key'],
    ['a key beside its id', order(), { method: 'PUT', path, headers }, 'header /idempotency-key'],
    ['an id in path and body', order({ jobId: randomUUID() }), { method: 'PUT', path }, 'body /jobId'],
    ['an id that is none', order(), { method: 'PUT', path: '/jobs/zero' }, 'path /jobId'],
  ])('with %s is refused with its pointer, and nothing is left of it', async (_what, body, how, pointer) => {
    const client = await someone();
    const { method = 'POST', path: to = '/jobs', ...options } = how as Shown;
    const refused = await client.send(method, to, { body, ...options });
    expect([refused.status, pointers(refused.body)]).toEqual([400, [pointer]]);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(await client.jobs()).toEqual([]);
  });
});
