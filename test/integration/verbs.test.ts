import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import type { Job } from '../../shared/job/job.ts';
import { PERSON_VERBS, type PersonVerb } from '../../shared/job/open-verbs.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import { ALL_STATUSES, Status, type StatusCode, statusLabel } from '../../shared/job/status.ts';
import { aJob } from '../support/a-job.ts';
import { rowsOf } from '../support/a-job-on-tables.ts';
import { type Answered, type ApiClient, apiClient } from '../support/api-client.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const ADMIN_ID = '00000000-0000-4000-8000-00000000000a';
const OLGA_ID = '00000000-0000-4000-8000-00000000000b';
const HOUR_MS = 3_600_000;
const FAR = new Date(Date.now() + 24 * HOUR_MS).toISOString();

/** To which status a verb leads from each status; 204 where the job is gone. All else is refused. */
const LEADS: Readonly<
  Record<PersonVerb | 'force', Partial<Record<StatusCode, StatusCode | 'gone' | 'new'>>>
> = {
  cancel: { 0: 32, 10: 32, 20: 22, 21: 22, 22: 22 },
  pause: { 20: 21, 21: 21 },
  resume: { 10: 0 },
  postpone: { 0: 10, 20: 21, 21: 21 },
  reschedule: { 10: 10 },
  rerun: { 30: 'new', 31: 'new', 32: 'new' },
  delete: { 10: 'gone', 30: 'gone', 31: 'gone', 32: 'gone' },
  force: { 0: 'gone', 10: 'gone', 20: 22, 21: 22, 22: 22, 30: 'gone', 31: 'gone', 32: 'gone' },
};
/** Of a job that the service has made for itself. */
const LEADS_OF_PLATFORM: typeof LEADS = {
  cancel: {},
  pause: {},
  resume: {},
  postpone: {},
  reschedule: {},
  rerun: {},
  delete: { 30: 'gone', 31: 'gone', 32: 'gone' },
  force: { 30: 'gone', 31: 'gone', 32: 'gone' },
};

const KINDS = ['alone', 'in a line', 'of the service itself'] as const;
type Kind = (typeof KINDS)[number];
const ASKED = [...PERSON_VERBS, 'force'] as const;
const CELLS = KINDS.flatMap((kind) =>
  ALL_STATUSES.map((status) => [kind, statusLabel(status), status] as const),
);

describe('verbs over HTTP, through the synthesised template', () => {
  let emulators: Emulators;
  let service: RunningLonghaul;
  let admin: ApiClient;
  let olga: ApiClient;
  let oscar: ApiClient;
  let reader: ApiClient;
  let put: (row: Job) => Promise<void>;
  const nextSequence = sequenceMaker(Date.now, Math.random);

  beforeAll(async () => {
    emulators = await startEmulators();
    const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    service = await startLonghaul({ environment: { DYNAMODB_ENDPOINT: endpoint } });
    admin = apiClient(service.url, await service.token('admin', { sub: ADMIN_ID, name: 'Adam' }));
    olga = apiClient(service.url, await service.token('operator', { sub: OLGA_ID, name: 'Olga' }));
    oscar = apiClient(service.url, await service.token('operator', { sub: v7() }));
    reader = apiClient(service.url, await service.token('reader', { sub: v7() }));
    put = rowsOf(emulators).put;
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await emulators[Symbol.asyncDispose]();
  });

  const aRow = (status: StatusCode, kind: Kind = 'alone'): Job => {
    const now = new Date().toISOString();
    const isLocked = [20, 21, 22].some((locked) => locked === status);
    return aJob({
      jobId: v7(),
      sequence: nextSequence(),
      operation: kind === 'of the service itself' ? 'reprocess' : 'diagnose',
      input: '{"stepMs":0}',
      createdOn: now,
      modifiedOn: now,
      createdBy: OLGA_ID,
      ownerId: OLGA_ID,
      modifiedBy: OLGA_ID,
      statusCode: status,
      claimNumber: 1,
      startedOn: now,
      ...(isLocked && { leaseEndsAt: FAR, hostId: 'a-host' }),
      ...(status === Status.Waiting && { postponeUntil: FAR }),
      ...(status >= Status.Succeeded && { completedOn: now }),
      ...(kind === 'in a line' && { dependencyToken: `line-${nextSequence()}` }),
      ...(kind === 'of the service itself' && { isPlatformGenerated: true }),
    });
  };

  const ask = (verb: (typeof ASKED)[number], jobId: string, client = admin): Promise<Answered> => {
    if (verb === 'delete') return client.send('DELETE', `/jobs/${jobId}`);
    if (verb === 'force') return client.send('DELETE', `/jobs/${jobId}?force=true`);
    const isToDate = verb === 'postpone' || verb === 'reschedule';
    return client.send('POST', `/jobs/${jobId}/${verb}`, { body: isToDate ? { until: FAR } : {} });
  };

  describe.each(CELLS)('a job %s that is %s', (kind, _label, status) => {
    const leads = kind === 'of the service itself' ? LEADS_OF_PLATFORM : LEADS;

    it.each(ASKED)('does on "%s" what the design says', async (verb) => {
      const row = aRow(status, kind);
      await put(row);
      const to = leads[verb][status];
      const { status: code, body } = await ask(verb, row.jobId);
      if (to === undefined) {
        const open = PERSON_VERBS.filter((each) => leads[each][status] !== undefined);
        expect([code, body.type]).toEqual([409, 'urn:longhaul:problem:VerbRefused']);
        expect(body).toMatchObject({ statusCode: status, openVerbs: open, detail: expect.any(String) });
        expect(await admin.get(`/jobs/${row.jobId}`)).toMatchObject({ statusCode: status, openVerbs: open });
      } else if (to === 'gone') {
        expect([code, body]).toEqual([204, undefined]);
        expect((await admin.send('GET', `/jobs/${row.jobId}`)).status).toBe(404);
      } else if (to === 'new') {
        expect([code, body.rerunOf, body.operation]).toEqual([200, row.jobId, 'diagnose']);
        expect(await admin.over(body.jobId)).toMatchObject({ shownAs: 'Success' });
      } else {
        expect([code, body.jobId, body.statusCode]).toEqual([verb === 'force' ? 202 : 200, row.jobId, to]);
      }
    });
  });

  describe('who may ask', () => {
    it.each(ASKED)('"%s": the owner and admins, no other operator, no reader', async (verb) => {
      const status =
        verb === 'resume' || verb === 'reschedule' ? 10 : verb === 'pause' ? 20 : verb === 'rerun' ? 30 : 10;
      const codes: number[] = [];
      for (const client of [reader, oscar]) {
        const row = aRow(status);
        await put(row);
        codes.push((await ask(verb, row.jobId, client)).status);
        expect((await admin.get(`/jobs/${row.jobId}`)).statusCode).toBe(status);
      }
      expect(codes).toEqual([403, 403]);
      for (const client of [olga, admin]) {
        const row = aRow(verb === 'postpone' ? 0 : status);
        await put(row);
        expect((await ask(verb, row.jobId, client)).status).toBeLessThan(300);
      }
    });
  });

  describe('what is asked wrongly', () => {
    const WRONG: readonly (readonly [string, unknown, string])[] = [
      ['postpone', {}, '/until'],
      ['postpone', { until: 'tomorrow' }, '/until'],
      ['postpone', { until: '2030-01-01T00:00:00' }, '/until'],
      ['reschedule', { until: 5 }, '/until'],
      ['cancel', { reason: 'x'.repeat(201) }, '/reason'],
      ['cancel', { reason: ' ' }, '/reason'],
      ['cancel', { reason: '\ud800' }, '/reason'],
      ['cancel', { why: 'x' }, '/why'],
      ['rerun', { fromCheckpoint: 'yes' }, '/fromCheckpoint'],
      ['pause', [], ''],
    ];

    it.each(WRONG)('%s with %j is refused, and says where', async (verb, body, pointer) => {
      const row = aRow(Status.WaitingForResources);
      await put(row);
      const answer = await admin.send('POST', `/jobs/${row.jobId}/${verb}`, { body });
      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
      expect((await admin.get(`/jobs/${row.jobId}`)).statusCode).toBe(0);
    });

    it('an id that is no UUID, a job that is not there, a verb that is not there, a flag that is none', async () => {
      const { jobId } = aRow(0);
      const codes = await Promise.all([
        admin.send('POST', '/jobs/x/cancel'),
        admin.send('POST', `/jobs/${jobId}/cancel`),
        admin.send('POST', `/jobs/${jobId}/stop`),
        admin.send('DELETE', `/jobs/${jobId}?force=1`),
        admin.send('GET', '/jobs/x/audit'),
        admin.send('GET', `/jobs/${jobId}/audit`),
      ]);
      expect(codes.map(({ status }) => status)).toEqual([400, 404, 404, 400, 400, 404]);
    });

    it('an empty body is no fault where the verb needs none', async () => {
      const row = aRow(Status.Waiting);
      await put(row);
      expect((await admin.send('POST', `/jobs/${row.jobId}/cancel`)).body.shownAs).toBe('Stopped');
    });
  });

  const running = async (input: object) => {
    const { jobId } = await olga.post('/jobs', { operation: 'diagnose', input });
    await olga.until(jobId, ({ shownAs }) => shownAs === 'Active');
    return jobId as string;
  };

  describe('a job that runs', () => {
    it('is paused at its next checkpoint, resumed and canceled, and its audit tells it all', async () => {
      const jobId = await running({ steps: 10_000, stepMs: 50 });
      const paused = await olga.post(`/jobs/${jobId}/pause`, { reason: 'The disk is full' });
      expect([paused.statusLabel, paused.shownAs]).toEqual(['Pausing', 'Active']);
      expect(await olga.until(jobId, ({ shownAs }) => shownAs === 'Paused')).toMatchObject({
        statusCode: 10,
      });
      await admin.post(`/jobs/${jobId}/resume`, {});
      await olga.until(jobId, ({ shownAs }) => shownAs === 'Active');
      await olga.post(`/jobs/${jobId}/cancel`, { reason: 'No longer needed' });
      const over = await olga.over(jobId);
      expect(over).toMatchObject({
        shownAs: 'Stopped',
        statusLabel: 'Canceled',
        openVerbs: ['rerun', 'delete'],
      });
      const { items } = await olga.get(`/jobs/${jobId}/audit`);
      const told = items.map(({ verb, from, to, by, reason }: Record<string, unknown>) => [
        verb,
        from,
        to,
        by,
        reason,
      ]);
      expect(told).toEqual([
        ['settle', 22, 32, 'service', undefined],
        ['cancel', 20, 22, OLGA_ID, 'No longer needed'],
        ['claim', 0, 20, 'service', undefined],
        ['resume', 10, 0, ADMIN_ID, undefined],
        ['settle', 21, 10, 'service', undefined],
        ['pause', 20, 21, OLGA_ID, 'The disk is full'],
        ['claim', undefined, 20, 'service', undefined],
        ['create', undefined, undefined, OLGA_ID, undefined],
      ]);
    });

    it('is told by its signal where it comes to no checkpoint', async () => {
      const jobId = await running({ steps: 2, stepMs: 60_000 });
      await olga.post(`/jobs/${jobId}/cancel`, {});
      expect(await olga.over(jobId)).toMatchObject({ shownAs: 'Stopped' });
    });

    it('is gone when it has stopped, if it is deleted by force', async () => {
      const jobId = await running({ steps: 10_000, stepMs: 50 });
      const { status, body } = await olga.send('DELETE', `/jobs/${jobId}?force=true&reason=wrong%20folder`);
      expect([status, body.statusLabel]).toEqual([202, 'Canceling']);
      await olga.until(jobId, ({ status: code }) => code === 404);
    });
  });

  it('the audit pages, and a cursor belongs to its job', async () => {
    const row = aRow(Status.Waiting);
    await put(row);
    for (let times = 0; times < 5; times++) await ask('reschedule', row.jobId);
    const pages: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin.get(
        `/jobs/${row.jobId}/audit?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`,
      );
      pages.push(...page.items);
      cursor = page.nextCursor;
      if (cursor !== undefined)
        expect((await admin.send('GET', `/jobs/${v7()}/audit?cursor=${cursor}`)).status).toBe(400);
    } while (cursor !== undefined);
    expect(pages).toEqual((await admin.get(`/jobs/${row.jobId}/audit?limit=1000`)).items);
    expect(pages).toHaveLength(7);
  });
});
