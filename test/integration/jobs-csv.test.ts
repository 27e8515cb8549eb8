import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { recordsOf } from '../support/parse-csv.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

describe('jobs as CSV over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let operator: ApiClient;
  let token: string;
  beforeAll(async () => {
    service = await startLonghaul();
    token = await service.token('operator', { sub: 'olga' });
    operator = apiClient(service.url, token);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const ask = (path: string, bearer = token) =>
    fetch(`${service.url}${path}`, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'text/csv' },
      redirect: 'manual',
    });

  it('one job is one line, safe to open', async () => {
    const order = { operation: 'diagnose', name: '=1+1', description: 'a\nb', input: { steps: 2 } };
    const { jobId } = await operator.post('/jobs', order);
    await operator.over(jobId);
    const answer = await ask(`/jobs/${jobId}`);
    expect([
      answer.status,
      answer.headers.get('content-type'),
      answer.headers.get('content-disposition'),
    ]).toEqual([200, 'text/csv; charset=utf-8', `attachment; filename="job-${jobId}.csv"`]);
    expect(recordsOf(await answer.text())).toMatchObject([
      { AsyncOperationId: jobId, Name: "'=1+1", Description: 'a\nb', ShownAs: 'Success', StateCode: '3' },
    ]);
  });

  it('an occurrence says how it recurs, as the job does', async () => {
    const recurrence = { pattern: 'FREQ=DAILY;INTERVAL=3;', startTime: '2099-01-01T00:00:00Z' };
    const { jobId } = await operator.post('/jobs', { operation: 'diagnose', input: {}, recurrence });
    const job = await operator.get(`/jobs/${jobId}`);
    const [row = {}] = recordsOf(await (await ask(`/jobs/${jobId}`)).text());
    expect(row).toMatchObject({
      RecurrencePattern: 'FREQ=DAILY;INTERVAL=3;',
      RecurrenceStartTime: job.recurrenceStartTime,
      OwningExtensionId: job.owningExtensionId,
      SeriesId: job.seriesId,
    });
    expect(job).toMatchObject({ recurrencePattern: 'FREQ=DAILY;INTERVAL=3;', seriesId: expect.any(String) });
    const rows = recordsOf(await (await ask('/jobs?operation=diagnose')).text());
    expect(rows.find((each) => each['AsyncOperationId'] === jobId)).toEqual(row);
    await operator.send('DELETE', `/series/${job.seriesId}`);
  });

  it('shows payloads only to those who may see them', async () => {
    const { jobId } = await operator.run('diagnose', { steps: 1 });
    const reader = await service.token('reader', { sub: 'rita' });
    const [seen = {}] = recordsOf(await (await ask(`/jobs/${jobId}`, reader)).text());
    expect([seen['Data'], seen['DataNotShown']]).toEqual(['', 'not allowed']);
    const [own = {}] = recordsOf(await (await ask(`/jobs/${jobId}`)).text());
    expect(JSON.parse(own['Data'] ?? '')).toMatchObject({ steps: 1 });
  });

  it('a list is whole as filtered, without pages', async () => {
    const order = {
      operation: 'diagnose',
      input: {},
      postponeUntil: '2099-01-01T00:00:00Z',
      dependencyToken: 'csv',
    };
    const jobs = Array.from({ length: 120 }, (_, n) => ({ ...order, name: `number ${n}` }));
    const { items } = await operator.post('/jobs/batch', { jobs });
    const rows = recordsOf(await (await ask('/jobs?dependencyToken=csv')).text());
    expect(items.filter(({ status }: Shown) => status !== 202)).toEqual([]);
    expect(rows.map((row) => row['AsyncOperationId'])).toEqual(
      items.map(({ job }: Shown) => job.jobId).toReversed(),
    );
    expect(new Set(rows.map((row) => row['ShownAs']))).toEqual(new Set(['Scheduled']));
    const refused = await ask('/jobs?limit=10');
    expect([refused.status, await refused.json()]).toMatchObject([400, { errors: [{ pointer: '/limit' }] }]);
  });

  it('answers in JSON whoever does not name CSV', async () => {
    const { body } = await operator.send('GET', '/jobs?limit=1', { headers: { accept: '*/*' } });
    expect(body.items).toHaveLength(1);
  });

  it('a long list lies elsewhere', async () => {
    const input = { function: 'longhaul-local-example', payload: 'x'.repeat(30_000) };
    const order = { operation: 'invoke-function', postponeUntil: '2099-01-01T00:00:00Z', input };
    for (const part of [1, 2, 3]) {
      const jobs = Array.from({ length: 60 }, (_, n) => ({ ...order, name: `${part}/${n}` }));
      await operator.post('/jobs/batch', { jobs });
    }
    let answer = await ask('/jobs?operation=invoke-function');
    for (let asked = 0; answer.status === 202 && asked < 20; asked++) {
      answer = await ask(answer.headers.get('location') ?? '');
    }
    expect(answer.status).toBe(303);
    const file = await fetch(answer.headers.get('location') ?? '');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="jobs.csv"');
    const rows = recordsOf(await file.text());
    expect(rows).toHaveLength(180);
    expect(rows.every((row) => (row['Data']?.length ?? 0) > 30_000)).toBe(true);
  });

  it('knows no export that was not begun', async () => {
    expect((await ask('/jobs/exports/0199a000-0000-7000-8000-000000000000')).status).toBe(404);
  });
});
