import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const order = (folder = '/content/dam') => ({ operation: 'process-assets', input: { folder } });

const pointers = (body: Shown): string[] =>
  body.errors.map((fault: Shown) => `${fault.in ?? 'body'} ${fault.pointer}`);

describe('jobs over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let operator: ApiClient;
  let reader: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    operator = apiClient(service.url, await service.token('operator'));
    reader = apiClient(service.url, await service.token('reader'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('a job that is created is run, and ends with Success', async () => {
    const { status, headers, body } = await operator.send('POST', '/jobs', {
      body: { ...order(), name: 'Nightly' },
    });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe(`/jobs/${body.jobId}`);
    expect(body).toMatchObject({ name: 'Nightly', shownAs: 'Queued', stateCode: 0, statusCode: 0 });
    const job = await operator.over(body.jobId);
    expect(job).toMatchObject({ shownAs: 'Success', stateCode: 3, statusCode: 30, result: { files: 0 } });
    expect(Date.parse(job.completedOn)).toBeGreaterThanOrEqual(Date.parse(job.startedOn));
  });

  it('the caller of the token is creator and owner', async () => {
    const someone = '0b8f3c0e-5a0f-4f7e-9c53-2f8a53d2f6a1';
    const client = apiClient(service.url, await service.token('operator', { sub: someone }));
    expect(await client.post('/jobs', order())).toMatchObject({ createdBy: someone, ownerId: someone });
  });

  it('a reader may look and may not create', async () => {
    const refused = await reader.send('POST', '/jobs', { body: order() });
    expect(refused).toMatchObject({ status: 403, body: { type: 'urn:longhaul:problem:NotAllowed' } });
    expect((await reader.send('GET', '/jobs')).status).toBe(200);
  });

  it('a reader does not see the payloads of others', async () => {
    const { jobId } = await operator.run('process-assets', { folder: '/content/dam' });
    const seen = await reader.get(`/jobs/${jobId}`);
    expect(seen).not.toHaveProperty('input');
    expect(seen).not.toHaveProperty('result');
    expect(await operator.get(`/jobs/${jobId}`)).toHaveProperty('result.files', 0);
  });

  it('without a token nothing is served', async () => {
    expect(await apiClient(service.url, '').send('GET', '/jobs')).toMatchObject({
      status: 401,
      body: { message: 'Unauthorized' },
    });
  });

  it('every fault of an order is named at once, with its pointer', async () => {
    const body = {
      operation: '',
      name: 'x'.repeat(257),
      input: {},
      postponeUntil: '2030-01-01',
      colour: 'red',
    };
    const { status, headers, body: problem } = await operator.send('POST', '/jobs', { body });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(pointers(problem).toSorted()).toEqual(
      ['/colour', '/name', '/operation', '/postponeUntil'].map((p) => `body ${p}`),
    );
  });

  it.each(['regarding', 'owner'])('the field %s of a later version is refused and says so', async (field) => {
    const { status, body } = await operator.send('POST', '/jobs', { body: { ...order(), [field]: 'x' } });
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ pointer: `/${field}`, detail: expect.stringContaining('not serve') }]);
  });

  it('an input that does not fit its operation is refused below /input', async () => {
    const input = { folder: '/etc', excludedFolders: ['/content/dam/a', 7], depth: 1 };
    const { status, body } = await operator.send('POST', '/jobs', {
      body: { operation: 'process-assets', input },
    });
    expect(status).toBe(400);
    expect(pointers(body)).toEqual(expect.arrayContaining(['body /input/folder', 'body /input/depth']));
  });

  it.each([
    ['not JSON', '{', {}, 400],
    ['no JSON type', '{}', { 'content-type': 'text/plain' }, 415],
    ['a forbidden key', '{"__proto__":{}}', {}, 400],
  ])('a body that is %s is refused', async (_what, body, headers, status) => {
    const answer = await operator.send('POST', '/jobs', { body, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('an unknown page is 404, an unknown method 405 with what is allowed, another type 406', async () => {
    expect((await operator.send('GET', '/nothing')).status).toBe(404);
    const wrongMethod = await operator.send('DELETE', '/jobs');
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST, GET']);
    const batches = await operator.send('GET', '/jobs/batch');
    expect([batches.status, pointers(batches.body)]).toEqual([400, ['path /jobId']]);
    expect((await operator.send('GET', '/jobs', { headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it('a job that does not exist is 404, and an id that is none is 400', async () => {
    expect((await operator.send('GET', '/jobs/01890000-0000-7000-8000-000000000000')).status).toBe(404);
    expect((await operator.send('GET', '/jobs/zero')).status).toBe(400);
  });

  it('jobs page newest first, each once, and filters hold on every page', async () => {
    const created: string[] = [];
    for (let n = 0; n < 7; n++) created.push((await operator.post('/jobs', order())).jobId);
    await Promise.all(created.map((jobId) => operator.over(jobId)));
    const seen: string[] = [];
    let path: string | undefined = '/jobs?limit=3&status=30';
    for (let pages = 0; path !== undefined && pages < 50; pages++) {
      const page: Shown = await reader.get(path);
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map((job: Shown) => job.jobId));
      path = page.nextCursor && `/jobs?limit=3&status=30&cursor=${page.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 7)).toEqual(created.toReversed());
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'state=9',
    'status=1',
    'cursor=x',
    'createdAfter=yesterday',
    'colour=red',
    'dependencyToken=',
  ])('the query %s is refused with its pointer', async (query) => {
    const { status, body } = await operator.send('GET', `/jobs?${query}`);
    expect([status, pointers(body)]).toEqual([400, [`query /${query.split('=')[0]}`]]);
  });

  it('a cursor is good for its own list only', async () => {
    const { nextCursor } = await operator.get('/jobs?limit=1');
    expect((await operator.send('GET', `/jobs?limit=1&cursor=${nextCursor}`)).status).toBe(200);
    expect((await operator.send('GET', `/jobs?limit=1&status=30&cursor=${nextCursor}`)).status).toBe(400);
  });

  it('a cursor that somebody has changed is refused', async () => {
    const { nextCursor } = await operator.get('/jobs?limit=1');
    const content = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...content, at: 'x/y' })).toString('base64url');
    for (const cursor of [forged, nextCursor.slice(1), `${nextCursor.slice(0, -4)}AAAA`]) {
      const { status, body } = await operator.send('GET', `/jobs?limit=1&cursor=${cursor}`);
      expect([status, pointers(body)]).toEqual([400, ['query /cursor']]);
    }
  });

  it('operations are listed with the schema of their input', async () => {
    const { items } = await reader.get('/operations');
    expect(items.map(({ name, lane }: Shown) => [name, lane])).toEqual([
      ...['cancel', 'delete', 'pause', 'postpone', 'rerun', 'resume'].map((verb) => [`bulk-${verb}`, 'bulk']),
      ['diagnose', 'standard'],
      ['invoke-function', 'bulk'],
      ['process-assets', 'bulk'],
      ['process-overdue', 'bulk'],
      ['purge', 'standard'],
      ['reprocess', 'standard'],
    ]);
    const named = (name: string): Shown => items.find((item: Shown) => item.name === name);
    expect(named('bulk-delete').inputSchema.properties).toHaveProperty('filter');
    expect(named('diagnose').inputSchema.properties).toHaveProperty('crashAtStep');
    expect(named('process-assets').inputSchema.properties).toHaveProperty('excludedFolders');
    expect(named('purge')).toMatchObject({ isPlatformGenerated: true });
  });

  it('what the service runs for itself cannot be created by anybody', async () => {
    const { status, body } = await operator.send('POST', '/jobs', {
      body: { operation: 'purge', input: {} },
    });
    expect([status, pointers(body)]).toEqual([400, ['body /operation']]);
  });
});
