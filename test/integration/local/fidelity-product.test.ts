import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { type Role, signMachineToken } from '../../../local/issuer/issuer.ts';
import { issuerKey } from '../../../local/issuer/keys.ts';
import { trustedIssuer } from '../../../local/issuer/trusted-issuer.ts';
import { apiClient } from '../../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../../support/service.ts';
import { root } from '../../support/service-process.ts';

let service: RunningLonghaul;
beforeAll(async () => {
  service = await startLonghaul();
});
afterAll(() => service[Symbol.asyncDispose]());

const ticket = z.object({ url: z.url(), headers: z.record(z.string(), z.string()) });
const announced = z.object({ uploads: z.tuple([ticket]) });

describe('what AWS would refuse and an emulator takes', () => {
  it('a presigned PUT holds no checksum: it would be that of an empty body, and S3 checks it', async () => {
    const client = apiClient(service.url, await service.token('operator'));
    const files = [{ path: '/content/dam/presigned.md', size: 5 }];
    const { uploads } = announced.parse(await client.post('/assets/uploads', { files }));
    const [{ url, headers }] = uploads;
    const signed = new URL(url).searchParams;
    expect([...signed.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
    expect(signed.get('X-Amz-SignedHeaders')?.split(';')).toEqual(
      expect.arrayContaining(['content-length', 'content-type', 'host']),
    );
    expect((await fetch(url, { method: 'PUT', headers, body: 'hello' })).status).toBe(200);
  });
});

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('a page of another origin, as a browser lets it (the CORS rules of the template)', () => {
  const origin = 'https://console.example';
  const preflight = (url: string, method: string, names: string) =>
    fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': names },
    });

  it('may ask the API, announce a file, and PUT it to the presigned URL', async () => {
    const asked = await preflight(`${service.url}/assets/uploads`, 'POST', 'authorization,content-type');
    expect([asked.ok, allowed(asked), asked.headers.get('access-control-allow-headers')]).toEqual([
      true,
      '*',
      expect.stringContaining('authorization'),
    ]);
    const client = apiClient(service.url, await service.token('operator'));
    const files = [{ path: '/content/dam/from-a-page.md', size: 5 }];
    const [{ url, headers }] = announced.parse(await client.post('/assets/uploads', { files })).uploads;
    const granted = await preflight(url, 'PUT', Object.keys(headers).join(','));
    expect([granted.status, allowed(granted)]).toEqual([200, '*']);
    const put = await fetch(url, { method: 'PUT', headers: { ...headers, origin }, body: 'hello' });
    expect([put.status, allowed(put)]).toEqual([200, '*']);
    const refused = await fetch(`${url}0`, { method: 'PUT', headers: { ...headers, origin }, body: 'hello' });
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining('SignatureDoesNotMatch'),
    ]);
  });
});

const as = async (role: Role) => {
  const key = await issuerKey(service.dataFolder);
  return apiClient(service.url, await signMachineToken(key, trustedIssuer(join(root, 'cdk.out')), role));
};

describe('a program with a token of its own client', () => {
  const order = { operation: 'process-assets', input: { folder: '/content/dam' } };

  it('has the role of its scope', async () => {
    expect(await (await as('reader')).send('GET', '/jobs')).toMatchObject({ status: 200 });
    expect(await (await as('reader')).send('POST', '/jobs', { body: order })).toMatchObject({ status: 403 });
    expect(await (await as('operator')).send('POST', '/jobs', { body: order })).toMatchObject({
      status: 202,
    });
  });
});
