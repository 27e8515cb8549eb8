import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const inMs = (ms: number): string => new Date(Math.ceil((Date.now() + ms) / 1_000) * 1_000).toISOString();

const order = (recurrence: Record<string, unknown>, others: Record<string, unknown> = {}) => ({
  operation: 'diagnose',
  input: { steps: 1 },
  ...others,
  recurrence: { pattern: 'FREQ=DAILY;', ...recurrence },
});

describe('series over HTTP, through the synthesised template', () => {
  let service: RunningLonghaul;
  let olga: ApiClient;
  let oscar: ApiClient;
  let reader: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    olga = apiClient(service.url, await service.token('operator', { sub: v7(), name: 'Olga' }));
    oscar = apiClient(service.url, await service.token('operator', { sub: v7() }));
    reader = apiClient(service.url, await service.token('reader', { sub: v7() }));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const begin = (
    recurrence: Record<string, unknown> = {},
    others: Record<string, unknown> = {},
  ): Promise<Shown> => olga.post('/jobs', order({ startTime: inMs(HOUR_MS), ...recurrence }, others));
  const jobsOf = async (seriesId: string): Promise<Shown[]> =>
    (await olga.get(`/series/${seriesId}/jobs`)).items;

  it('an occurrence runs at its date, and the next one is scheduled', async () => {
    const startTime = inMs(2_000);
    const job = await begin({ startTime }, { dependencyToken: `line ${v7()}` });
    expect(job).toMatchObject({
      shownAs: 'Scheduled',
      postponeUntil: startTime,
      recurrencePattern: 'FREQ=DAILY;',
      recurrenceStartTime: startTime,
    });
    expect(await olga.over(job.jobId)).toMatchObject({ shownAs: 'Success', seriesId: job.seriesId });
    const series = await olga.get(`/series/${job.seriesId}`);
    expect(series).toMatchObject({
      shownAs: 'Active',
      nextAt: new Date(Date.parse(startTime) + DAY_MS).toISOString(),
      lastJobId: job.jobId,
      operation: 'diagnose',
      input: { steps: 1 },
      recurrence: { pattern: 'FREQ=DAILY;', startTime, missed: 'once', overlap: 'queue' },
    });
    const jobs = await jobsOf(job.seriesId);
    expect(jobs.map(({ jobId }) => jobId)).toEqual([series.nextJobId, job.jobId]);
    expect(jobs[0]).toMatchObject({ shownAs: 'Scheduled', postponeUntil: series.nextAt });
  });

  it('an order without a start begins at once, may be repeated, and COUNT ends it', async () => {
    const jobId = v7();
    const body = order({ pattern: 'freq=hourly;count=2', overlap: 'skip' });
    const first = await olga.send('PUT', `/jobs/${jobId}`, { body });
    expect(first).toMatchObject({ status: 202, body: { jobId, recurrencePattern: 'FREQ=HOURLY;COUNT=2;' } });
    await olga.over(jobId);
    expect(await olga.send('PUT', `/jobs/${jobId}`, { body })).toMatchObject({
      status: 200,
      body: { jobId },
    });
    const { seriesId } = first.body;
    const { nextJobId, occurrencesLeft } = await olga.get(`/series/${seriesId}`);
    expect(occurrencesLeft).toBe(1);
    await olga.post(`/jobs/${nextJobId}/resume`, {});
    expect(await olga.over(nextJobId)).toMatchObject({ shownAs: 'Success' });
    const series = await olga.get(`/series/${seriesId}`);
    expect(series).toMatchObject({ shownAs: 'Ended', occurrencesLeft: 0 });
    expect(series).not.toHaveProperty('nextAt');
    expect(await jobsOf(seriesId)).toHaveLength(2);
    expect(await olga.send('POST', `/series/${seriesId}/pause`)).toMatchObject({ status: 409 });
    expect(await olga.send('DELETE', `/series/${seriesId}`)).toMatchObject({ status: 204 });
  });

  it('is paused, resumed, changed and deleted, by those who may', async () => {
    const { seriesId, jobId } = await begin({}, { name: 'Nightly' });
    const path = `/series/${seriesId}`;
    for (const other of [oscar, reader])
      expect(await other.send('POST', `${path}/pause`)).toMatchObject({ status: 403 });
    expect(await reader.send('GET', path)).toMatchObject({
      status: 200,
      body: { seriesId, name: 'Nightly' },
    });
    expect((await reader.send('GET', path)).body).not.toHaveProperty('input');

    const paused = await olga.send('POST', `${path}/pause`);
    expect(paused).toMatchObject({ status: 200, body: { shownAs: 'Paused', isPaused: true } });
    expect(await olga.get(`/jobs/${jobId}`)).toMatchObject({
      shownAs: 'Paused',
      openVerbs: ['cancel', 'delete'],
    });
    const etag = paused.headers.get('etag') ?? '';
    const resumed = await olga.send('POST', `${path}/resume`, { headers: { 'if-match': etag } });
    expect(resumed).toMatchObject({ status: 200, body: { shownAs: 'Active', nextJobId: jobId } });
    const patch = { name: 'Weekly', input: { steps: 2 }, recurrence: { pattern: 'FREQ=WEEKLY;BYDAY=MO;' } };
    const stale = { body: patch, headers: { 'if-match': etag } };
    expect(await olga.send('PATCH', path, stale)).toMatchObject({ status: 412 });
    const { body: changed } = await olga.send('PATCH', path, { body: patch });
    expect(changed).toMatchObject({ name: 'Weekly', recurrence: { pattern: 'FREQ=WEEKLY;BYDAY=MO;' } });
    expect(new Date(changed.nextAt).getUTCDay()).toBe(1);
    expect(await jobsOf(seriesId)).toMatchObject([{ jobId: changed.nextJobId, name: 'Weekly' }]);
    expect(await olga.get(`/jobs/${changed.nextJobId}`)).toMatchObject({ input: { steps: 2 } });

    expect(await olga.send('DELETE', path)).toMatchObject({ status: 204 });
    for (const gone of [path, `/jobs/${changed.nextJobId}`])
      expect(await olga.send('GET', gone)).toMatchObject({ status: 404 });
  });

  it('an occurrence to come may be canceled, deleted or moved; the series goes on', async () => {
    const { seriesId, jobId } = await begin();
    expect(await olga.post(`/jobs/${jobId}/cancel`, { reason: 'A holiday.' })).toMatchObject({
      shownAs: 'Stopped',
    });
    const [entry] = (await olga.get(`/jobs/${jobId}/audit`)).items;
    expect(entry).toMatchObject({ verb: 'cancel', reason: 'A holiday.' });
    const second = await olga.get(`/series/${seriesId}`);
    expect(await olga.send('DELETE', `/jobs/${second.nextJobId}`)).toMatchObject({ status: 204 });
    const third = await olga.get(`/series/${seriesId}`);
    expect(Date.parse(third.nextAt) - Date.parse(second.nextAt)).toBe(DAY_MS);
    await olga.post(`/jobs/${third.nextJobId}/reschedule`, { until: inMs(0) });
    expect(await olga.over(third.nextJobId)).toMatchObject({ shownAs: 'Success' });
    const found = new Set((await jobsOf(seriesId)).map(({ shownAs }) => shownAs));
    expect(found).toEqual(new Set(['Scheduled', 'Stopped', 'Success']));
  });

  it('series are listed newest first, by pages', async () => {
    const made: string[] = [];
    for (let each = 0; each < 3; each++) made.unshift((await begin()).seriesId);
    const first = await olga.get('/series?limit=2');
    expect(first.items.map(({ seriesId }: Shown) => seriesId)).toEqual(made.slice(0, 2));
    const second = await olga.get(`/series?limit=1&cursor=${first.nextCursor}`);
    expect(second.items[0].seriesId).toBe(made[2]);
    const listed = (await olga.get('/jobs?limit=1')).items[0];
    expect(listed).toMatchObject({ seriesId: made[0], recurrencePattern: 'FREQ=DAILY;' });
    const foreign = `/series/${made[0]}/jobs?cursor=${first.nextCursor}`;
    expect(await olga.send('GET', foreign)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/cursor' }] },
    });
  });

  it('dates are previewed, in their zone', async () => {
    const said = {
      pattern: 'FREQ=DAILY;',
      startTime: '2027-03-27T01:30:00Z',
      timeZone: 'Europe/Berlin',
      count: 3,
    };
    const { body } = await reader.send('POST', '/recurrences/preview', { body: said });
    expect(body.dates).toEqual([
      { at: '2027-03-27T01:30:00.000Z', local: '2027-03-27T02:30:00' },
      { at: '2027-03-28T01:30:00.000Z', local: '2027-03-28T03:30:00' },
      { at: '2027-03-29T00:30:00.000Z', local: '2027-03-29T02:30:00' },
    ]);
  });

  it.each([
    ['/pattern', { pattern: 'FREQ=SECONDLY;' }],
    ['/pattern', { pattern: 'FREQ=DAILY;BYHOUR=25;' }],
    ['/pattern', { pattern: 'FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30;' }],
    ['/pattern', { pattern: '' }],
    ['/pattern', {}],
    ['/timeZone', { pattern: 'FREQ=DAILY;', timeZone: 'Nowhere/City' }],
    ['/startTime', { pattern: 'FREQ=DAILY;', startTime: 'tomorrow' }],
    ['/other', { pattern: 'FREQ=DAILY;', other: 1 }],
  ])('a fault is pointed at, in a preview and in an order: %s %j', async (pointer, recurrence) => {
    const previewed = await olga.send('POST', '/recurrences/preview', { body: recurrence });
    expect(previewed).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
    const body = { operation: 'diagnose', input: { steps: 1 }, recurrence };
    const ordered = await olga.send('POST', '/jobs', { body });
    expect(ordered).toMatchObject({ status: 400, body: { errors: [{ pointer: `/recurrence${pointer}` }] } });
  });

  it('a batch takes no series, and says so', async () => {
    const { body } = await olga.send('POST', '/jobs/batch', { body: { jobs: [order({})] } });
    expect(body.items[0].problem.errors).toMatchObject([{ pointer: '/jobs/0/recurrence' }]);
  });
});
