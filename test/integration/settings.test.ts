import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

describe('settings over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let admin: ApiClient;
  let operator: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    admin = apiClient(service.url, await service.token('admin', { name: 'Adam' }));
    operator = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const patch = (body: unknown, headers: Record<string, string> = {}) =>
    admin.send('PATCH', '/settings', { body, headers });

  it('are the defaults until somebody changes them, and a reader may see them', async () => {
    const reader = apiClient(service.url, await service.token('reader'));
    const { status, headers, body } = await reader.send('GET', '/settings');
    expect([status, headers.get('etag'), body]).toEqual([
      200,
      '"0"',
      {
        version: 0,
        retentionDays: 1,
        maxCompletedJobs: null,
        maxLogLines: 100_000,
        purgeSchedule: 'cron(0 1 * * ? *)',
        timeZone: 'UTC',
        concurrency: { standard: expect.any(Number), bulk: expect.any(Number) },
        notifications: { email: {}, events: 'completed', consoleUrl: null },
      },
    ]);
  });

  it('are changed by admins alone', async () => {
    const refused = await operator.send('PATCH', '/settings', { body: { retentionDays: 2 } });
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:longhaul:problem:NotAllowed']);
  });

  it.each([
    ['{"retentionDays":-1,"colour":"red"}', ['/retentionDays', '/colour']],
    ['{"purgeSchedule":"02:00"}', ['/purgeSchedule']],
    ['{"__proto__":{"retentionDays":0}}', ['']],
    ['[]', ['']],
    ['{', ['']],
  ])('refuse %s, with a pointer to each fault', async (body, pointers) => {
    const { status, body: problem } = await patch(body);
    expect([status, problem.errors.map((fault: Shown) => fault.pointer)]).toEqual([400, pointers]);
  });

  it('count for the next purge: the oldest above the maximum go, with all that belongs to them', async () => {
    const jobs: string[] = [];
    for (let n = 0; n < 5; n++) {
      const { jobId } = await operator.run('diagnose', { steps: n + 1 });
      jobs.push(jobId);
    }
    const waiting = await operator.post('/jobs', {
      operation: 'diagnose',
      input: {},
      postponeUntil: '2100-01-01T00:00:00Z',
    });
    const { status, headers, body } = await patch({ maxCompletedJobs: 2 }, { 'if-match': '"0"' });
    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect(body).toMatchObject({ version: 1, maxCompletedJobs: 2, retentionDays: 1 });

    const preview = await admin.post('/purge/preview', {});
    expect(preview).toMatchObject({ count: 3, aboveMaximum: 3, completedLeft: 2, isEstimate: false });
    expect(preview.sample.map(({ jobId }: Shown) => jobId)).toEqual(jobs.slice(0, 3));

    const { jobId } = await admin.post('/purge', {});
    expect(await admin.over(jobId)).toMatchObject({
      shownAs: 'Success',
      result: { removed: 3, aboveMaximum: 3, completedLeft: 2, maxCompletedJobs: 2 },
    });
    const seen = await Promise.all(
      jobs.map(async (id) => (await operator.send('GET', `/jobs/${id}`)).status),
    );
    expect(seen).toEqual([404, 404, 404, 200, 200]);
    expect(await operator.get(`/jobs/${waiting.jobId}`)).toMatchObject({ shownAs: 'Scheduled' });
  });

  it('are not changed on top of what somebody else has changed meanwhile', async () => {
    const { status, body } = await patch({ retentionDays: 9 }, { 'if-match': '"0"' });
    expect([status, body.type]).toEqual([412, 'urn:longhaul:problem:PreconditionFailed']);
  });

  it('have a history that says who changed what', async () => {
    await patch({ retentionDays: 30, maxCompletedJobs: null });
    const first = await operator.get('/settings/history?limit=1');
    expect(first.items).toEqual([
      {
        version: 2,
        at: expect.any(String),
        by: expect.any(String),
        byName: 'Adam',
        changes: { retentionDays: { from: 1, to: 30 }, maxCompletedJobs: { from: 2, to: null } },
      },
    ]);
    const { items, nextCursor } = await operator.get(`/settings/history?cursor=${first.nextCursor}`);
    expect([items.map(({ version }: Shown) => version), nextCursor]).toEqual([[1], undefined]);
    for (const query of ['limit=0', 'cursor=x', 'cursor=-1', 'colour=red']) {
      expect((await operator.send('GET', `/settings/history?${query}`)).status).toBe(400);
    }
  });

  it('survive a restart', async () => {
    service = await service.restart();
    const again = apiClient(service.url, await service.token('reader'));
    expect(await again.get('/settings')).toMatchObject({ version: 2, retentionDays: 30 });
  });
});
