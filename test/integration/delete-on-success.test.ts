import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const ORDER = { operation: 'diagnose', input: { steps: 2 }, deleteOnSuccess: true };

describe('a job that deletes itself, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const gone = (jobId: string): Promise<void> =>
    eventually(async () => {
      const { status, body } = await client.send('GET', `/jobs/${jobId}`);
      if (status !== 404) throw new Error(`It is still there: ${JSON.stringify(body)}`);
    });

  it.each([{}, { dependencyToken: 'no-trace' }])(
    'is not there any more when it has succeeded: %j',
    async (more) => {
      const { jobId, deleteOnSuccess } = await client.post('/jobs', { ...ORDER, ...more });
      expect(deleteOnSuccess).toBe(true);
      await gone(jobId);
      const { items } = await client.get('/jobs?operation=diagnose&limit=1000');
      expect(items.filter((job: Shown) => job.jobId === jobId)).toEqual([]);
    },
  );

  it('with a key leaves a stub: the same order again does not run again', async () => {
    const headers = { 'idempotency-key': 'once' };
    const send = () => client.send('POST', '/jobs', { body: ORDER, headers });
    const { jobId } = (await send()).body;
    const over = await client.over(jobId);
    expect(over).toMatchObject({ shownAs: 'Success', deleteOnSuccess: true });
    expect([over.input, over.result]).toEqual([undefined, undefined]);
    const again = await send();
    expect(again).toMatchObject({ status: 202, body: { jobId, completedOn: over.completedOn } });
    const body = { ...ORDER, input: { steps: 3 } };
    expect((await client.send('POST', '/jobs', { body, headers })).status).toBe(409);
  });

  it('with an id of the client’s own too', async () => {
    const jobId = randomUUID();
    const put = () => client.send('PUT', `/jobs/${jobId}`, { body: ORDER });
    expect((await put()).status).toBe(202);
    const { completedOn } = await client.over(jobId);
    expect(await put()).toMatchObject({ status: 200, body: { completedOn } });
  });

  it('stays if it fails', async () => {
    const { jobId } = await client.post('/jobs', { ...ORDER, input: { failAtStep: 1, permanent: true } });
    expect(await client.over(jobId)).toMatchObject({ shownAs: 'Fail', input: { failAtStep: 1 } });
  });

  it('is refused if it says something else than yes or no', async () => {
    const { status, body } = await client.send('POST', '/jobs', {
      body: { ...ORDER, deleteOnSuccess: 'yes' },
    });
    expect([status, body.errors[0].pointer]).toEqual([400, '/deleteOnSuccess']);
  });
});
