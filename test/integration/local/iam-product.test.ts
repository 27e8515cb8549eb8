import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { signToken } from '../../../local/issuer/issuer.ts';
import { issuerKey } from '../../../local/issuer/keys.ts';
import { trustedIssuer } from '../../../local/issuer/trusted-issuer.ts';
import { synthesise } from '../../../local/synth.ts';
import { apiClient } from '../../support/api-client.ts';
import { eventually } from '../../support/eventually.ts';
import { withoutGrant } from '../../support/iam/without-grant.ts';
import { root, type ServiceProcess, startServiceProcess } from '../../support/service-process.ts';

type Grant = Parameters<typeof withoutGrant>[2];

describe('a grant that is taken out of the template', () => {
  let folder: string;
  let service: ServiceProcess | undefined;

  async function startWithout(grant: Grant) {
    const { assembly } = await synthesise({ root });
    folder = mkdtempSync(join(tmpdir(), 'longhaul-grant-'));
    withoutGrant(assembly, join(folder, 'assembly'), grant);
    const started = await startServiceProcess(
      ['test/support/fixture/run.ts', folder, join(folder, 'assembly')],
      {},
    );
    service = started;
    const key = await issuerKey(join(folder, 'data'));
    const token = await signToken(key, trustedIssuer(assembly), { role: 'operator' });
    return { client: apiClient(started.url, token), output: () => started.output() };
  }

  afterEach(async () => {
    await service?.stop();
    service = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('of the API makes its request fail as it would on AWS, and the log says what is missing', async () => {
    const { client, output } = await startWithout({
      policy: 'ApiRole',
      action: 'dynamodb:PutItem',
      resource: 'StorageJobs4',
    });
    const body = { operation: 'process-assets', input: { folder: '/content/dam' } };
    expect((await client.send('POST', '/jobs', { body })).status).toBe(500);
    expect(output()).toContain(
      'AccessDenied: longhaul-local-api: dynamodb:PutItem on arn:aws:dynamodb:us-east-1:000000000000:table/longhaul-local-jobs.',
    );
    expect((await client.send('GET', '/jobs')).status).toBe(200);
  });

  it('of a consumer leaves its jobs undone, and the log says what is missing', async () => {
    const { client, output } = await startWithout({
      policy: 'BulkLaneRunJobsRole',
      action: 's3:ListBucket',
      resource: 'StorageBlobs',
    });
    await client.upload({ '/content/dam/late/never.txt': undefined });
    await client.post('/jobs', { operation: 'process-assets', input: { folder: '/content/dam/late' } });
    await eventually(() =>
      expect(output()).toMatch(/AccessDenied: longhaul-local-run-jobs-bulk: s3:ListBucket on arn:aws:s3:::/),
    );
  });

  it('that polling a queue needs keeps the service from starting', async () => {
    const started = startWithout({
      policy: 'TimersWakeJobsRole',
      action: 'sqs:ReceiveMessage',
      resource: 'Doorbells',
    });
    await expect(started).rejects.toThrow(
      /\(longhaul-local-wake-jobs\): the role \S+ does not allow sqs:ReceiveMessage on \S+:longhaul-local-timers/,
    );
  });
});
