import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { DynamoDeliveries } from '../../shared/aws/dynamo-deliveries.ts';
import type { FailedDelivery, Message } from '../../shared/service/notifications/ports.ts';
import { type ApiClient, apiClient } from '../support/api-client.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const LATER = 4_000_000_000;
const LONG_AGO = '2026-01-01T00:00:00.000Z';

const event: Message = {
  channel: 'event',
  event: { type: 'Job Completed', at: LONG_AGO, detail: { jobId: 'told late' } },
};
const mail = (to: string): Message => ({
  channel: 'mail',
  mail: { to, subject: 'Done', text: 'Told late.', html: '<p>Told late.</p>' },
});

describe('what could not be sent, through the synthesised template', () => {
  let emulators: Emulators;
  let service: RunningLonghaul;
  let admin: ApiClient;
  let deliveries: DynamoDeliveries;

  beforeAll(async () => {
    emulators = await startEmulators();
    const endpoint = process.env['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';
    service = await startLonghaul({ environment: { DYNAMODB_ENDPOINT: endpoint } });
    admin = apiClient(service.url, await service.token('admin'));
    deliveries = new DynamoDeliveries(emulators.tables, 'longhaul-local-notifications');
  }, 60_000);
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    await emulators[Symbol.asyncDispose]();
  });

  const caught = (kind: 'mail' | 'events'): string => {
    const file = join(service.dataFolder, 'caught', `${kind}.jsonl`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  };
  const putFailed = async (message: Message, facts: Partial<FailedDelivery> = {}): Promise<string> => {
    const deliveryId = `${v7()}-${message.channel}`;
    const failed = { deliveryId, jobId: v7(), message, error: 'Throttled', attempts: 1, failedOn: LONG_AGO };
    await deliveries.putFailed({ ...failed, ...facts }, LATER);
    return deliveryId;
  };

  it('is sent again by the scan, by the function that has the channels, and what fails again waits longer', async () => {
    const due = { retryAt: LONG_AGO };
    await putFailed(event, due);
    await putFailed(mail('olga@example.com'), due);
    const hopeless = await putFailed(mail(`${'x'.repeat(70)}@example.com`), due); // SES takes 64 before the @
    const forAdmins = await putFailed(mail('oscar@example.com'), { attempts: 6 });
    const { jobId } = await admin.post('/upkeep/scan', {});
    expect(await admin.over(jobId)).toMatchObject({ shownAs: 'Success', result: { retried: 3, sent: 2 } });
    expect(caught('events')).toContain('told late');
    expect([caught('mail').match(/olga@example/g), caught('mail').includes('oscar')]).toEqual([
      ['olga@example'],
      false,
    ]);
    const { items } = await admin.get('/deliveries');
    expect(items).toMatchObject([
      { deliveryId: forAdmins, attempts: 6 },
      { deliveryId: hopeless, attempts: 2, error: expect.stringContaining('BadRequest') },
    ]);
    expect(Date.parse(items[1].retryAt)).toBeGreaterThan(Date.now() + 20 * 60_000);
    const again = await admin.post('/upkeep/scan', {});
    expect(await admin.over(again.jobId)).toMatchObject({ result: { retried: 0 } });
  });
});
