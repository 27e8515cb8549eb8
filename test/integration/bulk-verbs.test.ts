import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { countBy, createMany } from '../support/many-jobs.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const LATER = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString();
const diagnose = (more: object = {}) => ({ operation: 'diagnose', input: { steps: 1 }, ...more });

const bulk = async (client: ApiClient, verb: string, body: object): Promise<Shown> => {
  const { jobId } = await client.post(`/jobs/bulk/${verb}`, body);
  return client.over(jobId);
};
const statusesOf = async (client: ApiClient, jobIds: readonly string[]): Promise<unknown> =>
  countBy(await Promise.all(jobIds.map(async (id) => (await client.get(`/jobs/${id}`)).shownAs)));
const refusedFor = async (client: ApiClient, verb: string, body: object) => {
  const { status, body: problem } = await client.send('POST', `/jobs/bulk/${verb}`, { body });
  return [status, problem.errors?.[0].pointer, problem.errors?.[0].detail];
};

describe('bulk verbs, through the synthesised template', () => {
  let service: RunningLonghaul;
  let admin: ApiClient;
  let olga: ApiClient;
  let otto: ApiClient;
  let reader: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    const as = async (role: 'admin' | 'operator' | 'reader', sub: string) =>
      apiClient(service.url, await service.token(role, { sub }));
    [admin, olga, otto, reader] = await Promise.all([
      as('admin', 'adam'),
      as('operator', 'olga'),
      as('operator', 'otto'),
      as('reader', 'rita'),
    ]);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('say beforehand what they would do, and do nothing', async () => {
    const name = 'only looked at';
    const ids = await createMany(
      olga,
      Array.from({ length: 3 }, () => diagnose({ name, postponeUntil: LATER })),
    );
    const { status, body } = await olga.send('POST', '/jobs/bulk/cancel', {
      body: { filter: `name eq '${name}'`, dryRun: true },
    });
    expect([status, body.count, body.countIsExact, body.possible]).toEqual([200, 3, true, 3]);
    expect(body.sample.map((job: Shown) => job.jobId).toSorted()).toEqual(ids.toSorted());
    expect(await statusesOf(olga, ids)).toEqual({ Scheduled: 3 });
  });

  it('delete Succeeded jobs that were completed long enough ago, in the name of Dataverse’s Bulk Delete', async () => {
    const [old] = await createMany(olga, [diagnose({ name: 'to be deleted' })]);
    await olga.over(String(old));
    const filter = "name eq 'to be deleted' and statuscode eq 30 and completedon lt now() sub duration'PT1S'";
    const youngFilter = filter.replace('PT1S', 'P30D');
    expect(await bulk(olga, 'delete', { filter: youngFilter })).toMatchObject({
      shownAs: 'Success',
      operationType: 13,
      friendlyMessage: 'No job matched.',
      result: { found: 0, done: 0 },
    });
    await eventually(async () => {
      expect((await bulk(olga, 'delete', { filter })).result).toMatchObject({
        verb: 'delete',
        found: 1,
        done: 1,
      });
    });
    expect((await olga.send('GET', `/jobs/${old}`)).status).toBe(404);
  });

  it('cancel all that waits for a token, and list what became of each; the whole list is a download', async () => {
    const token =
      'a line of 250, under a token that is too long for a row and so is known there by its hash alone';
    const ids = await createMany(
      olga,
      Array.from({ length: 250 }, () =>
        diagnose({ name: '=1+1', dependencyToken: token, postponeUntil: LATER }),
      ),
    );
    const filter = `dependencytoken eq '${token}' and statecode in (0,1)`;
    const job = await bulk(olga, 'cancel', { filter });
    expect([job.friendlyMessage, job.progress]).toMatchObject([
      'Canceled 250 of 250 jobs.',
      { done: 250, total: 250 },
    ]);
    expect(await statusesOf(olga, ids.slice(0, 20))).toEqual({ Stopped: 20 });

    const items: Shown[] = [];
    let cursor: string | undefined;
    do {
      const page = await olga.get(
        `/jobs/${job.jobId}/items?limit=70${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      expect(page.items.length).toBeLessThanOrEqual(70);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    // The youngest first, so that nobody behind a canceled head begins to run.
    expect(items.map(({ jobId }) => jobId)).toEqual(ids.toReversed());
    expect(countBy(items.map(({ outcome }) => outcome))).toEqual({ done: 250 });

    const path = `${service.url}/jobs/${job.jobId}/items/download`;
    const headers = {
      authorization: `Bearer ${await service.token('operator', { sub: 'olga' })}`,
      accept: 'text/csv',
    };
    for (const attempt of ['made', 'found again']) {
      const answer = await fetch(path, { headers, redirect: 'manual' });
      expect([attempt, answer.status]).toEqual([attempt, 303]);
      const file = await fetch(String(answer.headers.get('location')));
      expect(file.headers.get('content-disposition')).toContain(`items-of-${job.jobId}.csv`);
      const lines = Buffer.from(await file.arrayBuffer())
        .toString()
        .split('\r\n');
      expect(lines[0]).toBe('\uFEFFjobId,name,outcome,detail,newJobId');
      // A formula is made a text.
      expect([lines.length, lines[1]]).toEqual([252, `${ids.at(-1)},'=1+1,done,,`]);
    }
  });

  it('leave the jobs of others alone, unless an admin asks', async () => {
    const name = 'whose is it';
    const [hers, his] = [
      await createMany(olga, [diagnose({ name, postponeUntil: LATER })]),
      await createMany(otto, [diagnose({ name, postponeUntil: LATER })]),
    ];
    const filter = `name eq '${name}' and statuscode eq 10`;
    expect((await bulk(olga, 'cancel', { filter })).result).toMatchObject({ found: 1, done: 1 });
    expect(await statusesOf(admin, [...hers, ...his])).toEqual({ Stopped: 1, Scheduled: 1 });
    expect((await refusedFor(olga, 'cancel', { filter, asAdmin: true }))[0]).toBe(403);
    expect((await refusedFor(reader, 'cancel', { filter }))[0]).toBe(403);
    expect((await bulk(admin, 'cancel', { filter, asAdmin: false })).result).toMatchObject({ found: 0 });
    expect((await bulk(admin, 'cancel', { filter })).result).toMatchObject({ found: 1, done: 1 });
  });

  it('postpone, resume and rerun', async () => {
    const ids = await createMany(
      olga,
      Array.from({ length: 3 }, () => diagnose({ name: 'moved', postponeUntil: LATER })),
    );
    const filter = "name eq 'moved'";
    const refused = await bulk(olga, 'postpone', { filter, until: LATER });
    expect(refused.result).toMatchObject({ found: 3, already: 3 });
    expect((await bulk(olga, 'resume', { filter })).result).toMatchObject({ done: 3 });
    for (const id of ids) await olga.over(id);
    const reran = await bulk(olga, 'rerun', { filter: `${filter} and statuscode eq 30` });
    expect(reran.result).toMatchObject({ found: 3, done: 3 });
    const { items } = await olga.get(`/jobs/${reran.jobId}/items`);
    expect((await olga.get(`/jobs/${items[0].newJobId}`)).rerunOf).toBe(items[0].jobId);
  });

  it('are ordered like any job too, and once however often the order comes', async () => {
    const input = { filter: "name eq 'nobody'" };
    const asJob = await olga.post('/jobs', { operation: 'bulk-delete', input });
    expect(await olga.over(asJob.jobId)).toMatchObject({
      shownAs: 'Success',
      input: { ...input, asAdmin: false },
    });
    const headers = { 'idempotency-key': 'the-same' };
    const [one, two] = [
      await olga.send('POST', '/jobs/bulk/delete', { body: input, headers }),
      await olga.send('POST', '/jobs/bulk/delete', { body: input, headers }),
    ];
    expect([one.status, two.status, two.body.jobId]).toEqual([202, 202, one.body.jobId]);
  });

  it.each([
    ['cancel', { filter: 'statecode eq' }, '/filter', /^At character 13: Expected/],
    ['cancel', { filter: "statecode eq 'Ready'" }, '/filter', /number without quotes/],
    ['cancel', { filter: 'statecod eq 3' }, '/filter', /no column "statecod"/],
    ['cancel', { filter: `${'('.repeat(101)}depth eq 1${')'.repeat(101)}` }, '/filter', /100 parentheses/],
    ['cancel', {}, '/filter', /string/],
    ['postpone', { filter: 'depth eq 1' }, '/until', /ISO 8601/],
    ['cancel', { filter: 'depth eq 1', force: true }, '/force', /no such field/],
    ['reschedule', { filter: 'depth eq 1' }, '/verb', /Must be one of cancel/],
  ])('refuse what they can not read: %s %j', async (verb, body, pointer, detail) => {
    const [status, where, why] = await refusedFor(olga, verb, body);
    expect([status, where]).toEqual([400, pointer]);
    expect(why).toMatch(detail);
  });

  it('have lists of items; other jobs have none', async () => {
    const { jobId } = await olga.run('diagnose', { steps: 1 });
    expect((await olga.send('GET', `/jobs/${jobId}/items`)).status).toBe(404);
    expect((await olga.send('GET', `/jobs/${jobId}/items/download`)).status).toBe(404);
  });
});
