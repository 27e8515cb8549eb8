import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const order = (more: object = {}) => ({ operation: 'diagnose', input: {}, ...more });
const later = (more: object = {}) => order({ postponeUntil: '2099-01-01T00:00:00Z', ...more });
const many = (count: number, make: (n: number) => object) => Array.from({ length: count }, (_, n) => make(n));

async function send(client: ApiClient, jobs: unknown): Promise<{ status: number; body: Shown }> {
  const { status, body } = await client.send('POST', '/jobs/batch', { body: { jobs } });
  return { status, body };
}

const statuses = ({ items }: Shown): number[] => items.map((item: Shown) => item.status);
const ids = ({ items }: Shown): string[] => items.map((item: Shown) => item.job?.jobId);
const pointers = (problem: Shown): string[] => problem.errors.map((fault: Shown) => fault.pointer);

/** What fits into an answer of Lambda. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;

describe('a batch of jobs, through the synthesised template', () => {
  let service: RunningLonghaul;

  beforeAll(async () => {
    service = await startLonghaul();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** Somebody who has no job yet. */
  async function someone(): Promise<ApiClient & { jobs: () => Promise<Shown[]> }> {
    const sub = randomUUID();
    const client = apiClient(service.url, await service.token('operator', { sub }));
    return { ...client, jobs: async () => (await client.get(`/jobs?limit=1000&owner=${sub}`)).items };
  }

  it('is answered in its order, each job as if it had come alone', async () => {
    const client = await someone();
    const jobId = randomUUID();
    const { status, body } = await send(client, [
      order({ name: 'first' }),
      later({ name: 'second', jobId }),
      order({ name: 'third', idempotencyKey: 'a', dependencyToken: 'ü'.repeat(256) }),
    ]);
    expect([status, statuses(body)]).toEqual([207, [202, 202, 202]]);
    expect(body.items.map(({ job }: Shown) => job.name)).toEqual(['first', 'second', 'third']);
    expect(body.items[1].job).toMatchObject({ jobId, shownAs: 'Scheduled' });
    expect(body.items[2].job.dependencyToken).toBe('ü'.repeat(256));
    for (const place of [0, 2]) {
      expect(await client.over(ids(body)[place] ?? '')).toMatchObject({ shownAs: 'Success' });
    }
  });

  it('with wrong ones among them says which and why, and the others go on', async () => {
    const client = await someone();
    const { body } = await send(client, [
      order({ input: { steps: -1, lane: 'fast' } }),
      later(),
      order({ operation: 'sing' }),
      order({ input: { crashAtStep: 1 } }),
      'job',
      order({ jobId: randomUUID(), idempotencyKey: 'a' }),
      order({ jobId: 'zero', colour: 'red', owner: 'me' }),
      order({ input: { large: 'x'.repeat(2 * 1024 * 1024) } }),
      later(),
    ]);
    expect(statuses(body)).toEqual([400, 202, 400, 403, 400, 400, 400, 400, 202]);
    const wrong = body.items.filter(({ problem }: Shown) => problem?.status === 400);
    expect(wrong.map(({ problem }: Shown) => pointers(problem).toSorted())).toEqual([
      ['/jobs/0/input/lane', '/jobs/0/input/steps'],
      ['/jobs/2/operation'],
      ['/jobs/4'],
      ['/jobs/5/idempotencyKey'],
      ['/jobs/6/colour', '/jobs/6/jobId', '/jobs/6/owner'],
      ['/jobs/7/input'],
    ]);
    expect(body.items[0].problem.detail).toContain('/jobs/0/input/lane');
    const made = (await client.jobs()).map(({ jobId }) => jobId);
    expect(new Set(made)).toEqual(new Set([ids(body)[1], ids(body)[8]]));
  });

  it('that is sent again makes no job twice: not by id, not by key', async () => {
    const client = await someone();
    const token = randomUUID();
    const jobs = [
      ...many(30, (n) => later({ idempotencyKey: `k${n}`, dependencyToken: token })),
      ...many(30, () => later({ jobId: randomUUID(), dependencyToken: token })),
      ...many(10, (n) => later({ idempotencyKey: `free${n}` })),
      ...many(10, () => later({ jobId: randomUUID() })),
    ];
    const half = await send(client, jobs.slice(15, 45));
    const first = await send(client, jobs);
    const again = await send(client, jobs);
    expect(ids(first.body).slice(15, 45)).toEqual(ids(half.body));
    expect(ids(again.body)).toEqual(ids(first.body));
    const repeated = [
      ...Array(30).fill(202),
      ...Array(30).fill(200),
      ...Array(10).fill(202),
      ...Array(10).fill(200),
    ];
    expect(statuses(again.body)).toEqual(repeated);
    expect(await client.jobs()).toHaveLength(80);
  });

  it('with one id twice makes one job, and refuses another order under it', async () => {
    const client = await someone();
    const jobId = randomUUID();
    const { body } = await send(client, [
      later({ jobId, dependencyToken: 'a' }),
      later({ jobId, dependencyToken: 'a' }),
      later({ jobId, dependencyToken: 'b' }),
      later({ idempotencyKey: 'k' }),
      later({ idempotencyKey: 'k', name: 'Other' }),
      later({ idempotencyKey: 'k' }),
    ]);
    expect(statuses(body)).toEqual([202, 200, 409, 202, 409, 202]);
    expect(ids(body).slice(0, 2)).toEqual([jobId, jobId]);
    expect(pointers(body.items[2].problem)).toEqual(['/jobs/2/jobId']);
    expect(pointers(body.items[4].problem)).toEqual(['/jobs/4/idempotencyKey']);
    expect(await client.jobs()).toHaveLength(2);
  });

  it('with an id of somebody else’s job refuses that one, and places the others of its token', async () => {
    const [owner, other] = [await someone(), await someone()];
    const { jobId } = await owner.post('/jobs', later());
    const { body } = await send(
      other,
      many(3, (n) => later({ dependencyToken: 'mine', ...(n === 1 && { jobId }) })),
    );
    expect(statuses(body)).toEqual([202, 409, 202]);
  });

  it('a reader may not send', async () => {
    const reader = apiClient(service.url, await service.token('reader'));
    expect(await send(reader, [order()])).toMatchObject({ status: 403 });
  });

  it.each([
    ['more than a thousand', { jobs: many(1_001, () => later()) }, '/jobs'],
    ['none', { jobs: [] }, '/jobs'],
    ['no list', { jobs: later() }, '/jobs'],
    ['nothing', {}, '/jobs'],
    ['a list without its name', [later()], ''],
    ['something else beside them', { jobs: [later()], retries: 1 }, '/retries'],
  ])('of %s is refused as a whole, and nothing is made of it', async (_what, body, pointer) => {
    const client = await someone();
    const refused = await client.send('POST', '/jobs/batch', { body });
    expect([refused.status, pointers(refused.body)]).toEqual([400, [pointer]]);
    expect(await client.jobs()).toEqual([]);
  });

  it('with a key for all of them is refused, for it would have no effect', async () => {
    const client = await someone();
    const refused = await client.send('POST', '/jobs/batch', {
      body: { jobs: [later()] },
      headers: { 'idempotency-key': 'a' },
    });
    expect([refused.status, refused.body.errors[0]]).toMatchObject([
      400,
      { in: 'header', pointer: '/idempotency-key' },
    ]);
  });

  it.each([
    ['without tokens', () => ({})],
    ['on one token', () => ({ dependencyToken: 'one' })],
    ['on a token each', (n: number) => ({ dependencyToken: `each ${n}` })],
  ])('of a thousand %s is answered in one piece, and so is its repetition', async (what, facts) => {
    const client = await someone();
    const jobs = many(1_000, (n) =>
      later({ idempotencyKey: `${what}-${n}`.replaceAll(' ', '-'), ...facts(n) }),
    );
    const first = await send(client, jobs);
    const again = await send(client, jobs);
    expect([first.status, again.status]).toEqual([207, 207]);
    expect(new Set(statuses(first.body))).toEqual(new Set([202]));
    expect(ids(again.body)).toEqual(ids(first.body));
    const made = (await client.jobs()).map(({ jobId }) => jobId);
    expect([made.length, new Set(made)]).toEqual([1_000, new Set(ids(first.body))]);
  });

  it('of a thousand with the longest texts, or a thousand that are all wrong, fits into an answer', async () => {
    const client = await someone();
    const texts = {
      name: '€'.repeat(256),
      description: '€'.repeat(500),
      dependencyToken: '\u0001'.repeat(256),
    };
    const long = await send(
      client,
      many(1_000, () => later(texts)),
    );
    expect(new Set(statuses(long.body))).toEqual(new Set([202]));
    const fields = Object.fromEntries(many(100, () => ({})).map((_, n) => [`${'x'.repeat(20)}${n}`, 1]));
    const wrong = await send(
      client,
      many(1_000, () => fields),
    );
    expect(new Set(statuses(wrong.body))).toEqual(new Set([400]));
    for (const { body } of [long, wrong]) {
      expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MAX_ANSWER_BYTES);
    }
  });
});
