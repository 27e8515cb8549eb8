import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type QueuesAndBlobs, startFauxqs } from '../../../local/emulators/fauxqs.ts';
import { accessKeyOf, runtimeKey, secretKeyOf } from '../../../local/iam/access-key.ts';
import { type IamProxy, startIamProxy } from '../../../local/iam/proxy.ts';
import { aFunction, allow, aRole, readTemplate } from '../../support/iam/a-template.ts';

const consoleOrigin = 'https://console.example';
const resources = readTemplate({
  Role: aRole('lambda', allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::open/*')),
  Worker: aFunction('worker'),
  Open: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'open',
      CorsConfiguration: {
        CorsRules: [
          {
            AllowedMethods: ['PUT'],
            AllowedOrigins: [consoleOrigin],
            AllowedHeaders: ['*'],
            MaxAge: 3000,
            ExposedHeaders: ['ETag'],
          },
        ],
      },
    },
  },
  Closed: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'closed' } },
});

let folder: string;
let fauxqs: QueuesAndBlobs;
let proxy: IamProxy;

const clientOf = (
  accessKeyId: string,
  { secretAccessKey = secretKeyOf(accessKeyId), endpoint = proxy.url } = {},
) =>
  new S3Client({
    region: 'us-east-1',
    endpoint,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    credentials: { accessKeyId, secretAccessKey, sessionToken: 'local' },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'longhaul-buckets-'));
  fauxqs = await startFauxqs(folder);
  proxy = await startIamProxy({ s3: fauxqs.endpoint }, { write: () => {}, alarm: () => {} });
  proxy.enforce(resources);
  await clientOf(runtimeKey).send(new CreateBucketCommand({ Bucket: 'open' }));
});

afterAll(async () => {
  await proxy.close();
  await fauxqs.stop();
  rmSync(folder, { recursive: true });
});

const worker = () => clientOf(accessKeyOf('worker'));
// Characters that are escaped in one way in addresses and in another in signatures.
const Key = "a b/ä(1)'*!~+.txt";
const putOf = (more: object = {}) => new PutObjectCommand({ Bucket: 'open', Key, ...more });
const upload = async (url: string, headers: Record<string, string> = {}, body = 'hello') => {
  const answer = await fetch(url, { method: 'PUT', body, headers });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
const inQuery = (url: string, name: string, value: string) => {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
};

const refusal = (code: string, message: string) => ({
  status: 403,
  text: expect.stringContaining(`<Code>${code}</Code><Message>${message}`),
});
const noMatch = refusal('SignatureDoesNotMatch', 'The request signature we calculated does not match');

describe('a presigned URL (S3 User Guide, "Authenticating Requests: Using Query Parameters")', () => {
  it('that is as it was signed is taken, whatever the key is made of', async () => {
    const signed = { ContentType: 'text/plain', Metadata: { upload: 'u  1' }, ContentLength: 5 };
    const url = await getSignedUrl(worker(), putOf(signed), {
      signableHeaders: new Set(['content-type', 'content-length', 'x-amz-meta-upload']),
      unhoistableHeaders: new Set(['x-amz-meta-upload']),
    });
    const headers = { 'content-type': 'text/plain', 'x-amz-meta-upload': 'u  1' };
    expect(await upload(url, headers)).toMatchObject({ status: 200 });
    const look = await getSignedUrl(worker(), new GetObjectCommand({ Bucket: 'open', Key }));
    expect(await (await fetch(look)).text()).toBe('hello');
    expect(await upload(url, { ...headers, 'content-type': 'text/html' })).toMatchObject(noMatch);
    expect(await upload(url, headers, 'hello!')).toMatchObject(noMatch);
  });

  it('that has expired is refused, and the answer says when that was', async () => {
    const signingDate = new Date(Date.now() - 3_601_000);
    const url = await getSignedUrl(worker(), putOf(), { signingDate, expiresIn: 3600 });
    const answer = await upload(url);
    expect(answer).toMatchObject(refusal('AccessDenied', 'Request has expired'));
    expect(answer.text).toMatch(/<X-Amz-Expires>3600<.*<Expires>\d{4}-.*Z<.*<ServerTime>\d{4}-.*Z</);
    expect(await upload(inQuery(url, 'X-Amz-Expires', '7200'))).toMatchObject(noMatch);
  });

  it('that was changed, in its key or its query, or is used by another method, is refused', async () => {
    const url = await getSignedUrl(worker(), putOf());
    const changed = [
      url.replace('.txt', '.exe'),
      inQuery(url, 'X-Amz-Expires', '604800'),
      inQuery(
        url,
        'X-Amz-Date',
        new Date()
          .toISOString()
          .replaceAll(/[-:]|\.\d+/g, '')
          .replace(/^..../, '2036'),
      ),
      inQuery(url, 'X-Amz-Signature', '0'.repeat(64)),
      inQuery(url, 'tagging', ''),
    ];
    for (const tampered of changed)
      expect([tampered, await upload(tampered)]).toMatchObject([tampered, noMatch]);
    const got = await fetch(url);
    expect([got.status, await got.text()]).toEqual([403, noMatch.text]);
    expect(await upload(url)).toMatchObject({ status: 200 });
  });

  it('signed with another secret is refused', async () => {
    const url = await getSignedUrl(clientOf(accessKeyOf('worker'), { secretAccessKey: 'guessed' }), putOf());
    expect(await upload(url)).toMatchObject(noMatch);
  });

  it('does not let headers of Amazon in that were not signed', async () => {
    const url = await getSignedUrl(worker(), putOf());
    expect(await upload(url, { 'x-amz-meta-upload': 'mine' })).toMatchObject(
      refusal('AccessDenied', 'There were headers present in the request which were not signed'),
    );
  });

  it('that lacks a part, or shall last more than a week, is no request at all', async () => {
    const url = await getSignedUrl(worker(), putOf());
    const incomplete = [
      inQuery(url, 'X-Amz-Expires', '604801'),
      inQuery(url, 'X-Amz-Algorithm', ''),
      inQuery(url, 'X-Amz-Date', 'today'),
    ];
    for (const each of incomplete)
      expect([each, await upload(each)]).toMatchObject([
        each,
        { status: 400, text: expect.stringContaining('AuthorizationQueryParametersError') },
      ]);
  });
});

describe('when policies are not asked (`npm start -- --no-iam`)', () => {
  it('a function may do what its role does not say, but a presigned URL is still looked at', async () => {
    const lenient = await startIamProxy(
      { s3: fauxqs.endpoint },
      { write: () => {}, alarm: () => {} },
      { asksPolicies: false },
    );
    lenient.enforce(resources);
    await worker().send(putOf({ Body: 'x' }));
    const remove = new DeleteObjectCommand({ Bucket: 'open', Key });
    await expect(worker().send(remove)).rejects.toMatchObject({ name: 'AccessDenied' });
    const url = await getSignedUrl(clientOf(accessKeyOf('worker'), { endpoint: lenient.url }), remove);
    const answers = [await fetch(`${url}0`, { method: 'DELETE' }), await fetch(url, { method: 'DELETE' })];
    expect(answers.map(({ status }) => status)).toEqual([403, 204]);
    await lenient.close();
  });
});

const preflight = (bucket: string, headers: Record<string, string>) =>
  fetch(`${proxy.url}/${bucket}/${encodeURIComponent(Key)}?x-id=PutObject`, { method: 'OPTIONS', headers });
const asks = { origin: consoleOrigin, 'access-control-request-method': 'PUT' };

describe('a browser on the origin of the console (S3 User Guide, "Using cross-origin resource sharing")', () => {
  it('may PUT to a presigned URL: the preflight is granted, and the answer may be read', async () => {
    const wants = { ...asks, 'access-control-request-headers': 'content-type,x-amz-meta-upload' };
    const granted = await preflight('open', wants);
    expect([granted.status, Object.fromEntries(granted.headers)]).toMatchObject([
      200,
      {
        'access-control-allow-origin': consoleOrigin,
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'content-type, x-amz-meta-upload',
        'access-control-max-age': '3000',
      },
    ]);
    const put = await upload(await getSignedUrl(worker(), putOf()), { origin: consoleOrigin });
    expect([put.status, put.headers.get('access-control-allow-origin')]).toEqual([200, consoleOrigin]);
    expect(put.headers.get('access-control-expose-headers')).toBe('ETag');
  });

  it('may read why it was refused', async () => {
    const signingDate = new Date(Date.now() - 7_200_000);
    const url = await getSignedUrl(worker(), putOf(), { signingDate });
    const { status, headers } = await upload(url, { origin: consoleOrigin });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([403, consoleOrigin]);
  });

  it.each([
    [
      'from another origin',
      'open',
      { ...asks, origin: 'https://evil.example' },
      403,
      'This CORS request is not allowed',
    ],
    [
      'by another method',
      'open',
      { ...asks, 'access-control-request-method': 'DELETE' },
      403,
      'This CORS request is not allowed',
    ],
    ['to a bucket without rules', 'closed', asks, 403, 'CORS is not enabled for this bucket'],
    ['without an origin', 'open', {}, 400, 'Insufficient information'],
  ])('a preflight %s is refused', async (_which, bucket, headers, status, message) => {
    const refused = await preflight(bucket, headers);
    expect([refused.status, await refused.text()]).toEqual([status, expect.stringContaining(message)]);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('on another origin gets its answer, but none that its page may read', async () => {
    const url = await getSignedUrl(worker(), putOf());
    const { status, headers } = await upload(url, { origin: 'https://evil.example' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});
