import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signToken } from '../../local/issuer/issuer.ts';
import { issuerKey } from '../../local/issuer/keys.ts';
import { trustedIssuer } from '../../local/issuer/trusted-issuer.ts';
import { synthesise } from '../../local/synth.ts';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { callAws } from '../support/fixture/events-fixture.ts';
import { withoutGrant } from '../support/iam/without-grant.ts';
import { root, type ServiceProcess, startServiceProcess } from '../support/service-process.ts';

const AT_TWO = 'cron(30 2 * * ? *)';
const SCHEDULE = '/schedules/longhaul-local-purge';
const MAPPINGS = '/2015-03-31/event-source-mappings';

interface Running extends ServiceProcess {
  readonly admin: ApiClient;
  readonly operator: ApiClient;
  /** The purge's schedule, as EventBridge Scheduler has it. */
  readonly schedule: () => Promise<Shown>;
  /** The mapping of a lane, as Lambda has it. */
  readonly mapping: (lane: string) => Promise<Shown>;
}

/** The service with its emulated AWS in reach, for what a deployment would do. */
async function start(folder: string, assembly: string): Promise<Running> {
  const service = await startServiceProcess(['test/support/fixture/run.ts', folder, assembly], {});
  const as = async (role: 'admin' | 'operator') =>
    apiClient(
      service.url,
      await signToken(await issuerKey(join(folder, 'data')), trustedIssuer(assembly), { role, name: role }),
    );
  const schedule = async () =>
    (await callAws(service, ['scheduler', `GET ${SCHEDULE}?groupName=longhaul-local`])).answer;
  const mapping = async (lane: string) => {
    const queue = `arn:aws:sqs:us-east-1:000000000000:longhaul-local-${lane}.fifo`;
    const { answer } = await callAws(service, ['lambda', `GET ${MAPPINGS}?EventSourceArn=${queue}`]);
    return (answer as Shown)['EventSourceMappings'][0];
  };
  return { ...service, admin: await as('admin'), operator: await as('operator'), schedule, mapping };
}

/** What a deployment does whose template says so: it knows nothing of what admins have set. */
async function deploy(service: Running, was: { schedule: Shown; bulk: Shown }) {
  const { Arn: _a, CreationDate: _c, LastModificationDate: _l, Name: _n, ...schedule } = was.schedule;
  await callAws(service, ['scheduler', `PUT ${SCHEDULE}`], schedule);
  const { UUID, ScalingConfig } = was.bulk;
  await callAws(service, ['lambda', `PUT ${MAPPINGS}/${UUID}`], { ScalingConfig });
}

describe('what admins change while the service runs, through the synthesised template', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhaul-controls-'));
  let assembly: string;
  let service: Running;

  beforeAll(async () => {
    ({ assembly } = await synthesise({ root }));
    service = await start(folder, assembly);
  });
  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(service.output()).not.toContain('AccessDenied');
  });

  const patch = (body: unknown, headers: Record<string, string> = {}) =>
    service.admin.send('PATCH', '/settings', { body, headers });

  it.each([
    [{ purgeSchedule: 'cron(0 1 * * *)' }, ['/purgeSchedule']],
    [{ purgeSchedule: 'cron(0 25 * * ? *)', timeZone: 'Europe/Atlantis' }, ['/purgeSchedule', '/timeZone']],
    [{ concurrency: { standard: 1, bulk: 1_001 } }, ['/concurrency/standard', '/concurrency/bulk']],
    [{ concurrency: { standard: '4' }, retentionDays: 3 }, ['/concurrency/standard']],
  ])('is refused with a pointer to each fault, and nothing changes: %j', async (body, pointers) => {
    const { status, body: problem } = await patch(body);
    expect([status, problem.errors.map((fault: Shown) => fault['pointer'])]).toEqual([400, pointers]);
    expect(await service.admin.get('/settings')).toMatchObject({ version: 0, retentionDays: 1 });
    expect(await service.schedule()).toMatchObject({ ScheduleExpression: 'cron(0 1 * * ? *)' });
  });

  it('is for admins alone', async () => {
    const refused = await service.operator.send('PATCH', '/settings', { body: { purgeSchedule: AT_TWO } });
    expect(refused.status).toBe(403);
    expect(await service.schedule()).toMatchObject({ ScheduleExpression: 'cron(0 1 * * ? *)' });
  });

  it('is the schedule of the purge: its times, and nothing else of it', async () => {
    const before = await service.schedule();
    const { status, body } = await patch({ purgeSchedule: AT_TWO, timeZone: 'Europe/Berlin' });
    expect([status, body]).toMatchObject([
      200,
      { version: 1, purgeSchedule: AT_TWO, timeZone: 'Europe/Berlin' },
    ]);
    expect(await service.schedule()).toEqual({
      ...before,
      ScheduleExpression: AT_TWO,
      ScheduleExpressionTimezone: 'Europe/Berlin',
      LastModificationDate: expect.any(Number),
    });
  });

  it('is the concurrency of a lane, whose jobs go on', async () => {
    const { body } = await patch({ concurrency: { bulk: 7 } });
    const standard = await service.mapping('standard');
    expect(body).toMatchObject({
      version: 2,
      concurrency: { bulk: 7, standard: standard['ScalingConfig'].MaximumConcurrency },
    });
    expect(await service.mapping('bulk')).toMatchObject({ ScalingConfig: { MaximumConcurrency: 7 } });
    expect(await service.operator.run('diagnose', { steps: 1 })).toMatchObject({ shownAs: 'Success' });
  });

  it('has a history of who changed what', async () => {
    expect((await service.operator.get('/settings/history')).items).toMatchObject([
      {
        byName: 'admin',
        changes: { concurrency: { from: { standard: null, bulk: null }, to: { standard: null, bulk: 7 } } },
      },
      {
        byName: 'admin',
        changes: { purgeSchedule: { from: null, to: AT_TWO }, timeZone: { from: null, to: 'Europe/Berlin' } },
      },
    ]);
  });

  it('is not undone by a deployment: the next scan sets it again', async () => {
    const was = { schedule: await service.schedule(), bulk: await service.mapping('bulk') };
    await deploy(service, {
      schedule: {
        ...was.schedule,
        ScheduleExpression: 'cron(0 1 * * ? *)',
        ScheduleExpressionTimezone: 'UTC',
      },
      bulk: { ...was.bulk, ScalingConfig: { MaximumConcurrency: 2 } },
    });
    expect(await service.mapping('bulk')).toMatchObject({ ScalingConfig: { MaximumConcurrency: 2 } });
    expect((await service.admin.send('POST', '/upkeep/scan')).status).toBe(202);
    expect(await service.schedule()).toMatchObject({
      ScheduleExpression: AT_TWO,
      ScheduleExpressionTimezone: 'Europe/Berlin',
    });
    expect(await service.mapping('bulk')).toMatchObject({ ScalingConfig: { MaximumConcurrency: 7 } });
  });

  it('is set again by the schedule of the scan as well, whose function may do it too', async () => {
    const bulk = await service.mapping('bulk');
    await callAws(service, ['lambda', `PUT ${MAPPINGS}/${bulk['UUID']}`], {
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    const turn = { scheduledTime: '2026-01-01T00:00:00Z' };
    const invoke = 'POST /2015-03-31/functions/longhaul-local-reprocess/invocations';
    expect(await callAws(service, ['lambda', invoke], turn)).toMatchObject({ status: 200 });
    expect(await service.mapping('bulk')).toMatchObject({ ScalingConfig: { MaximumConcurrency: 7 } });
  });

  it('survives a restart, and goes back to what the deployment says by null', async () => {
    await service.stop();
    service = await start(folder, assembly);
    expect(await service.schedule()).toMatchObject({ ScheduleExpression: AT_TWO });
    const { body } = await patch({ purgeSchedule: null, timeZone: null, concurrency: { bulk: null } });
    expect(body).toMatchObject({ version: 3, purgeSchedule: 'cron(0 1 * * ? *)', timeZone: 'UTC' });
    expect(await service.schedule()).toMatchObject({
      ScheduleExpression: 'cron(0 1 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
    });
    expect(await service.mapping('bulk')).toMatchObject({
      ScalingConfig: { MaximumConcurrency: body.concurrency.bulk },
    });
  });
});

describe('a grant that is missing', () => {
  it('keeps the setting, and says that it is not in force', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhaul-controls-'));
    const { assembly } = await synthesise({ root });
    const faulty = join(folder, 'assembly');
    withoutGrant(assembly, faulty, {
      policy: 'ApiRole',
      action: 'iam:PassRole',
      resource: 'UpkeeppurgeScheduleRole',
    });
    const service = await start(folder, faulty);
    try {
      const { status, body } = await service.admin.send('PATCH', '/settings', {
        body: { purgeSchedule: AT_TWO },
      });
      expect([status, body]).toMatchObject([
        503,
        { type: 'urn:longhaul:problem:NotInForce', detail: expect.stringContaining('the purge schedule') },
      ]);
      expect(await service.admin.get('/settings')).toMatchObject({ version: 1, purgeSchedule: AT_TWO });
      expect(await service.schedule()).toMatchObject({ ScheduleExpression: 'cron(0 1 * * ? *)' });
    } finally {
      await service.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
