import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const textsOf = ({ items }: Shown): string[] =>
  items.map(({ text }: Shown) => text).filter((text: string) => text.startsWith('diagnose: line'));
const expected = (from: number, to: number, of: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, place) => `diagnose: line ${from + place} of ${of}`);

describe('logs over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let operator: ApiClient;
  let token: string;

  beforeAll(async () => {
    service = await startLonghaul();
    token = await service.token('reader');
    operator = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const download = (jobId: string, headers: Record<string, string> = {}) =>
    fetch(`${service.url}/jobs/${jobId}/logs/download`, {
      headers: { authorization: `Bearer ${token}`, ...headers },
      redirect: 'manual',
    });

  it('a job that says nothing has none', async () => {
    const { jobId } = await operator.run('diagnose', {});
    expect(await operator.get(`/jobs/${jobId}/logs`)).toEqual({ items: [], next: 0, isComplete: true });
    const { status, headers } = await download(jobId);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  });

  it('shows the latest 500, leads backwards to the first, and any reader may see it', async () => {
    const { jobId } = await operator.run('diagnose', { steps: 10, logLines: 1_200 });
    const reader = apiClient(service.url, token);
    const latest = await reader.get(`/jobs/${jobId}/logs`);
    expect(latest.items).toHaveLength(500);
    expect(textsOf(latest)[0]).toBe('diagnose: line 1200 of 1200');
    const texts = [...textsOf(latest)];
    for (let { nextCursor } = latest; nextCursor !== undefined; ) {
      const page = await reader.get(`/jobs/${jobId}/logs?limit=300&cursor=${nextCursor}`);
      texts.push(...textsOf(page));
      ({ nextCursor } = page);
    }
    expect(texts.toReversed()).toEqual(expected(1, 1_200, 1_200));
    const [line] = latest.items;
    expect(line).toMatchObject({ number: expect.any(Number), at: expect.any(String), level: 'info' });
  });

  it('can be followed while the job runs, line by line, to its end', async () => {
    const { jobId } = await operator.post('/jobs', {
      operation: 'diagnose',
      input: { steps: 30, stepMs: 100, logLines: 90 },
    });
    const texts: string[] = [];
    const looks = new Set<number>();
    for (let after = 0, isComplete = false; !isComplete; ) {
      const page = await operator.get(`/jobs/${jobId}/logs?after=${after}`);
      texts.push(...textsOf(page));
      looks.add(page.next);
      ({ next: after, isComplete } = page);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(texts).toEqual(expected(1, 90, 90));
    expect(looks.size).toBeGreaterThan(2);
  });

  it('says with which error a job failed, and when it was tried again', async () => {
    const { jobId } = await operator.run('diagnose', { failAtStep: 1, permanent: true });
    expect((await operator.get(`/jobs/${jobId}/logs`)).items).toMatchObject([
      { level: 'error', text: 'The try failed: Failed at step 1, as it was asked to.' },
      { level: 'info', text: 'A worker took the job (claim 1, try 1).' },
    ]);
  });

  it('is downloaded as it is where it is short', async () => {
    const { jobId } = await operator.run('diagnose', { steps: 3, logLines: 300 });
    const answer = await download(jobId, { accept: 'text/plain' });
    expect([answer.status, answer.headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="log-of-${jobId}.txt"`,
    ]);
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(302);
    expect(lines[300]).toMatch(/^\S+Z INFO {2}diagnose: line 300 of 300/);
  });

  it('is downloaded from where it was joined where it is long', async () => {
    const LINES = 90_000;
    const { jobId } = await operator.post('/jobs', {
      operation: 'diagnose',
      input: { steps: 100, logLines: LINES, lane: 'bulk' },
    });
    await operator.over(jobId);
    let answer = await download(jobId);
    for (let asked = 0; answer.status === 202 && asked < 20; asked++) {
      expect(answer.headers.get('retry-after')).toBe('1');
      answer = await download(jobId);
    }
    expect(answer.status).toBe(303);
    const file = await fetch(answer.headers.get('location') ?? '');
    expect(file.headers.get('content-disposition')).toContain(`log-of-${jobId}.txt`);
    const lines = (await file.text())
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes('diagnose: line'));
    expect(lines).toHaveLength(LINES);
    expect(lines.at(-1)).toContain(`line ${LINES} of ${LINES}`);
  });

  it.each([
    ['limit=0', '/limit'],
    ['after=x', '/after'],
    ['cursor=x', '/cursor'],
    ['tail=true', '/tail'],
  ])('refuses ?%s with a pointer', async (query, pointer) => {
    const { jobId } = await operator.run('diagnose', {});
    const { status, body } = await operator.send('GET', `/jobs/${jobId}/logs?${query}`);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('answers in what it is asked for, or refuses', async () => {
    const { jobId } = await operator.run('diagnose', {});
    expect((await download(jobId, { accept: 'image/png' })).status).toBe(406);
    expect((await download(jobId, { accept: 'text/*' })).status).toBe(200);
    expect(
      (await operator.send('GET', `/jobs/${jobId}/logs`, { headers: { accept: 'text/plain' } })).status,
    ).toBe(406);
    expect((await download('00000000-0000-4000-8000-000000000000')).status).toBe(404);
  });
});
