import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { createMany } from '../support/many-jobs.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const FAR = '2099-01-01T00:00:00.000Z';
const diagnose = (dependencyToken?: string, input: object = {}, more: object = {}) => ({
  operation: 'diagnose',
  input,
  ...(dependencyToken !== undefined && { dependencyToken }),
  ...more,
});

describe('why a job is not running, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;
  let reader: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
    reader = apiClient(service.url, await service.token('reader'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const explained = (jobId: string, by: ApiClient = client) => by.get(`/jobs/${jobId}/explain`);
  const lineOf = (token: string, more = '') =>
    reader.get(`/tokens?token=${encodeURIComponent(token)}${more}`);
  const heldLine = (token: string, many: number) =>
    createMany(client, [
      diagnose(token, {}, { postponeUntil: FAR, name: 'The first' }),
      ...Array.from({ length: many - 1 }, () => diagnose(token)),
    ]);

  it('is told of a job behind a head that waits for its date, with the way out', async () => {
    const [head, , third = ''] = await heldLine(randomUUID(), 3);
    const told = await explained(third);
    expect(told).toMatchObject({
      jobId: third,
      stateLabel: 'Ready',
      statusLabel: 'Waiting For Resources',
      shownAs: 'Queued',
      because: 'waitsForTurn',
      ahead: { count: 2 },
      head: { jobId: head, name: 'The first', shownAs: 'Scheduled', because: 'postponed', until: FAR },
      expectedStart: { notBefore: FAR },
      freedBy: [
        { verb: 'resume', jobId: head, mayYou: true },
        { verb: 'cancel', jobId: head, mayYou: true },
      ],
    });
    expect(told.text).toContain(`"The first" (${head}), is postponed until ${FAR} by`);
    expect((await explained(third, reader)).freedBy[0].mayYou).toBe(false);
  });

  it('is told of one that runs, and of one that is over', async () => {
    const token = randomUUID();
    const [running = '', next = ''] = await createMany(client, [
      diagnose(token, { steps: 100, stepMs: 50 }),
      diagnose(token),
    ]);
    await eventually(async () => expect((await explained(running)).because).toBe('runs'));
    expect(await explained(next)).toMatchObject({
      because: 'waitsForTurn',
      ahead: { count: 1 },
      head: { jobId: running, because: 'runs', shownAs: 'Active' },
      freedBy: [{ verb: 'cancel', jobId: running }],
    });
    await client.over(next);
    expect(await explained(running)).toMatchObject({ because: 'over', shownAs: 'Success', freedBy: [] });
  });

  it('is told of one that may run, by the load of its lane', async () => {
    const crowd = await createMany(
      client,
      Array.from({ length: 30 }, () => diagnose(undefined, { lane: 'bulk', stepMs: 500, steps: 2 })),
    );
    const told = await explained(crowd.at(-1) ?? '');
    expect(['isNext', 'laneIsFull']).toContain(told.because);
    await eventually(async () => {
      const all = await Promise.all(crowd.map((jobId) => explained(jobId)));
      expect(all.map(({ because }) => because)).toContain('laneIsFull');
    });
  });

  it('is shown for a whole line, page by page, also by a token of two hundred characters', async () => {
    const token = `ü/&# ${randomUUID()} ${'日'.repeat(150)}`;
    const created = await heldLine(token, 120);
    const seen: { position: number; jobId: string }[] = [];
    let cursor = '';
    for (;;) {
      const page = await lineOf(token, `&limit=50${cursor}`);
      expect(page).toMatchObject({ token, head: { jobId: created[0], because: 'postponed' } });
      for (const item of page.items) {
        expect(item).toMatchObject({ dependencyToken: token, lane: 'standard', operation: 'diagnose' });
        seen.push(item);
      }
      if (page.nextCursor === undefined) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    expect(seen.map(({ position, jobId }) => [position, jobId])).toEqual(
      created.map((jobId, n) => [n + 1, jobId]),
    );
  });

  it('is an empty line for a token that nobody has', async () => {
    expect(await lineOf('nobody has it')).toEqual({ token: 'nobody has it', items: [] });
  });

  it.each([
    ['/tokens', 400, '/token'],
    ['/tokens?token=', 400, '/token'],
    [`/tokens?token=${'x'.repeat(257)}`, 400, '/token'],
    ['/tokens?token=a&limit=0', 400, '/limit'],
    ['/tokens?token=a&limit=1001', 400, '/limit'],
    ['/tokens?token=a&cursor=abc', 400, '/cursor'],
    ['/tokens?token=a&head=1', 400, '/head'],
    ['/jobs/x/explain', 400, '/jobId'],
  ])('is refused with the place of the fault: %s', async (path, status, pointer) => {
    const answer = await client.send('GET', path);
    expect([answer.status, answer.body.errors.map((fault: { pointer: string }) => fault.pointer)]).toEqual([
      status,
      [pointer],
    ]);
  });

  it('is not there for a job that is not there', async () => {
    expect((await client.send('GET', `/jobs/${randomUUID()}/explain`)).status).toBe(404);
  });
});
