import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const MB = 1_000_000;
const INPUT = JSON.stringify({ folder: '/content/dam' });
const orderWith = (inputBlobId: string) => ({ operation: 'process-assets', inputBlobId });

describe('an uploaded input, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const announce = (bytes: unknown) => client.send('POST', '/jobs/inputs', { body: { bytes } });

  /** Uploads a text; the id for the order. */
  async function upload(text: string): Promise<string> {
    const { body: ticket } = await announce(Buffer.byteLength(text));
    const put = await fetch(ticket.url, { method: 'PUT', headers: ticket.headers, body: text });
    expect(put.status).toBe(200);
    return ticket.inputBlobId;
  }

  it('is PUT to the bucket, and the job reads it from there', async () => {
    const inputBlobId = await upload(INPUT + ' '.repeat(3 * MB));
    const job = await client.post('/jobs', orderWith(inputBlobId));
    expect(job).toMatchObject({ inputBlobId, lane: 'bulk' });
    const over = await client.over(job.jobId);
    expect(over).toMatchObject({ shownAs: 'Success', inputBlobId, result: { files: 0 } });
    expect(over).not.toHaveProperty('input');
  });

  it('is not for operations that look at their input to see who may order them', async () => {
    const inputBlobId = await upload('{ "crashAtStep": 1 }');
    const refused = await client.send('POST', '/jobs', { body: { operation: 'diagnose', inputBlobId } });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/inputBlobId']);
  });

  it('is announced with the URL, its headers, and how long they are good', async () => {
    const { status, body } = await announce(1);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      inputBlobId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      url: expect.stringContaining(`/inputs/${body.inputBlobId}`),
      headers: { 'content-type': 'application/json' },
    });
    expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now());
  });

  it.each([0, -1, 100 * MB + 1, 1.5, '1', null, undefined])('of %s bytes is refused', async (bytes) => {
    const { status, body } = await announce(bytes);
    expect([status, body.errors[0].pointer]).toEqual([400, '/bytes']);
  });

  it('a reader may not announce', async () => {
    const reader = apiClient(service.url, await service.token('reader'));
    expect((await reader.send('POST', '/jobs/inputs', { body: { bytes: 1 } })).status).toBe(403);
  });

  it('that was never announced, or never came, is refused with its pointer, and no job is made', async () => {
    const sub = randomUUID();
    const fresh = apiClient(service.url, await service.token('operator', { sub }));
    const { body: announced } = await announce(10);
    for (const inputBlobId of [randomUUID(), announced.inputBlobId]) {
      const refused = await fresh.send('POST', '/jobs', { body: orderWith(inputBlobId) });
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/inputBlobId']);
    }
    expect((await fresh.get(`/jobs?owner=${sub}`)).items).toEqual([]);
  });

  it('is looked for in a batch too', async () => {
    const inputBlobId = await upload(INPUT);
    const jobs = [orderWith(randomUUID()), orderWith(inputBlobId)];
    const { items } = await client.post('/jobs/batch', { jobs });
    expect(items.map((item: Shown) => item.status)).toEqual([400, 202]);
    expect(items[0].problem.errors[0].pointer).toBe('/jobs/0/inputBlobId');
    expect(await client.over(items[1].job.jobId)).toMatchObject({ shownAs: 'Success' });
  });

  it.each([
    ['is no JSON', '{', 'no JSON'],
    ['does not fit its operation', '{ "folder": "/etc" }', '/input/folder'],
  ])('that %s fails its job for good, and says why', async (_what, text, why) => {
    const { jobId } = await client.post('/jobs', orderWith(await upload(text)));
    const job = await client.over(jobId);
    expect(job).toMatchObject({ shownAs: 'Fail', retryCount: 0, message: expect.stringContaining(why) });
  });
});
