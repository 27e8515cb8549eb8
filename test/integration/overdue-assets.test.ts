import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { GRACE_MS } from '../../shared/assets/overdue.ts';
import { keyOf } from '../../shared/aws/asset-item.ts';
import { sequenceMaker } from '../../shared/job/sequence.ts';
import { aJob } from '../support/a-job.ts';
import { rowsOf } from '../support/a-job-on-tables.ts';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const PLATFORM_ID = v7();

describe('files that nobody has had processed, through the synthesised template', () => {
  let emulators: Emulators;
  let service: RunningLonghaul;
  let admin: ApiClient;
  let operator: ApiClient;

  beforeAll(async () => {
    emulators = await startEmulators();
    const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    service = await startLonghaul({ environment: { DYNAMODB_ENDPOINT: endpoint } });
    admin = apiClient(service.url, await service.token('admin'));
    operator = apiClient(service.url, await service.token('operator'));
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await emulators[Symbol.asyncDispose]();
  });

  /** As if it had been announced longer ago than anybody would wait. */
  const age = async (path: string): Promise<void> => {
    await emulators.tables.send(
      new UpdateCommand({
        TableName: 'longhaul-local-assets',
        Key: keyOf(path),
        UpdateExpression: 'SET modifiedOn = :long',
        ExpressionAttributeValues: { ':long': new Date(Date.now() - GRACE_MS - 1_000).toISOString() },
      }),
    );
  };
  const scan = async (): Promise<Shown> => {
    const { body } = await admin.send('POST', '/upkeep/scan');
    return admin.over(body.jobId);
  };
  const overdueJobs = async (): Promise<Shown[]> =>
    (await operator.get('/jobs?operation=process-overdue&limit=1000')).items;

  it('are processed by a job of the scan, two hours after they were announced and not before', async () => {
    const folder = '/content/dam/forgotten';
    await operator.upload({
      [`${folder}/a.md`]: '# A\n\n[b](deep/b.md) [gone](gone.md)\n',
      [`${folder}/deep/b.md`]: '# B\n',
      [`${folder}/never.md`]: undefined,
      [`${folder}/young.md`]: '# Young\n',
    });
    expect((await scan()).result).toMatchObject({ ordered: 0 });
    for (const name of ['a.md', 'deep/b.md', 'never.md']) await age(`${folder}/${name}`);
    expect((await scan()).result).toMatchObject({ ordered: 1 });

    const [made] = await overdueJobs();
    const job = await operator.over(made.jobId);
    expect(job).toMatchObject({
      isPlatformGenerated: true,
      lane: 'bulk',
      shownAs: 'Success',
      progress: { done: 3, total: 3 },
      result: { files: 3, processed: 2, missing: 1, missingFiles: [`${folder}/never.md`] },
    });
    const statuses = ['a.md', 'deep/b.md', 'never.md', 'young.md'].map(
      async (name) => (await operator.get(`/assets?path=${folder}/${name}`)).status,
    );
    expect(await Promise.all(statuses)).toEqual(['processed', 'processed', 'missing', 'uploading']);

    expect((await scan()).result).toMatchObject({ ordered: 0 });
    expect(await overdueJobs()).toHaveLength(1);
  });

  it('have a job that an admin may cancel, and nobody else, and that takes no other verb', async () => {
    const jobId = v7();
    const now = new Date().toISOString();
    const facts = { createdOn: now, modifiedOn: now, createdBy: PLATFORM_ID, ownerId: PLATFORM_ID };
    await rowsOf(emulators).put(
      aJob({
        ...facts,
        jobId,
        sequence: sequenceMaker(Date.now, Math.random)(),
        operation: 'process-overdue',
        input: '{}',
        isPlatformGenerated: true,
      }),
    );
    expect((await operator.get(`/jobs/${jobId}`)).openVerbs).toEqual(['cancel']);
    expect((await operator.send('POST', `/jobs/${jobId}/cancel`)).status).toBe(403);
    expect(await admin.send('POST', `/jobs/${jobId}/pause`)).toMatchObject({
      status: 409,
      body: { openVerbs: ['cancel'] },
    });
    expect((await admin.send('DELETE', `/jobs/${jobId}?force=true`)).status).toBe(409);
    expect(await admin.send('POST', `/jobs/${jobId}/cancel`)).toMatchObject({
      status: 200,
      body: { shownAs: 'Stopped' },
    });
  });

  it('are no order of people', async () => {
    const order = { operation: 'process-overdue', input: {} };
    expect((await admin.send('POST', '/jobs', { body: order })).status).toBe(400);
    const { items } = await operator.get('/operations?limit=1000');
    expect(items).toContainEqual(
      expect.objectContaining({ name: 'process-overdue', isPlatformGenerated: true, lane: 'bulk' }),
    );
  });
});
