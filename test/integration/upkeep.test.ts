import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const diagnose = { operation: 'diagnose', input: {} };

describe('upkeep over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let admin: ApiClient;
  let operator: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    admin = apiClient(service.url, await service.token('admin'));
    operator = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const ROUTES = ['/purge', '/purge/preview', '/upkeep/scan'];

  it.each(ROUTES)('%s is for admins', async (path) => {
    expect(await operator.send('POST', path)).toMatchObject({
      status: 403,
      body: { type: 'urn:longhaul:problem:NotAllowed' },
    });
  });

  it.each(ROUTES.flatMap((path) => ['{"force":true}', '[]', 'null', '{', '"x"'].map((body) => [path, body])))(
    '%s refuses the body %s, which would have no effect',
    async (path, body) => {
      const { status, body: problem } = await admin.send('POST', path, { body });
      expect([status, problem.type]).toEqual([400, 'urn:longhaul:problem:InvalidInput']);
    },
  );

  it('a purge that an admin asks for is a job of the system’s own, with a report', async () => {
    const over = await operator.over((await operator.post('/jobs', diagnose)).jobId);
    const { status, headers, body } = await admin.send('POST', '/purge');
    expect([status, headers.get('location')]).toEqual([202, `/jobs/${body.jobId}`]);
    expect(body).toMatchObject({ operation: 'purge', isPlatformGenerated: true });
    const job = await admin.over(body.jobId);
    expect(job).toMatchObject({
      shownAs: 'Success',
      result: { removed: 0, retentionDays: 1, completedLeft: expect.any(Number) },
      friendlyMessage: expect.stringContaining('Nothing was due'),
    });
    expect(job.result.completedLeft).toBeGreaterThan(0);
    expect(await operator.get(`/jobs/${over.jobId}`)).toMatchObject({ shownAs: 'Success' });
  });

  it('a preview says what a purge would delete now, and deletes nothing', async () => {
    const before = (await operator.get('/jobs?limit=1000')).items.length;
    expect(await admin.send('POST', '/purge/preview', { body: {} })).toMatchObject({
      status: 200,
      body: { count: 0, isEstimate: false, pastRetention: 0, aboveMaximum: 0, retentionDays: 1, sample: [] },
    });
    expect((await operator.get('/jobs?limit=1000')).items).toHaveLength(before);
  });

  it('a scan that an admin asks for is a job that says what it did', async () => {
    const { status, body } = await admin.send('POST', '/upkeep/scan');
    expect([status, body.operation]).toEqual([202, 'reprocess']);
    const job = await admin.over(body.jobId);
    expect(job).toMatchObject({ shownAs: 'Success', result: { looked: expect.any(Number) } });
  });

  it('many admins at once get few jobs, and all of them end', async () => {
    const asked = await Promise.all(Array.from({ length: 5 }, () => admin.post('/upkeep/scan', {})));
    const jobs = await Promise.all(asked.map(({ jobId }: Shown) => admin.over(jobId)));
    expect(jobs.map(({ shownAs }) => shownAs)).toEqual(jobs.map(() => 'Success'));
  });

  it('nobody can cancel, or order, what the service runs for itself', async () => {
    expect((await admin.send('POST', '/jobs', { body: { operation: 'reprocess', input: {} } })).status).toBe(
      400,
    );
  });
});
