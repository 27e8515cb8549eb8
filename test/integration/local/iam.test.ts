import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type QueuesAndBlobs, startFauxqs } from '../../../local/emulators/fauxqs.ts';
import { accessKeyOf, runtimeKey, secretKeyOf } from '../../../local/iam/access-key.ts';
import { type IamProxy, startIamProxy } from '../../../local/iam/proxy.ts';
import { aFunction, allow, aRole, readTemplate } from '../../support/iam/a-template.ts';

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:000000000000:${rest}`;
const table = arn('dynamodb', 'table/T');

const resources = readTemplate({
  Role: aRole(
    'lambda',
    allow(['dynamodb:GetItem', 'dynamodb:PutItem'], table),
    allow('dynamodb:Query', `${table}/index/open`),
    allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::blobs/mine/*'),
    allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], arn('sqs', 'allowed')),
  ),
  Listing: aRole(
    'lambda',
    allow('s3:GetObject', 'arn:aws:s3:::blobs/*'),
    allow('s3:List*', 'arn:aws:s3:::blobs'),
  ),
  Worker: aFunction('worker'),
  Lister: aFunction('lister', 'Listing'),
});

const emptyAnswer = (response: ServerResponse): void =>
  void response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');

describe('before the emulators', () => {
  const logged: string[] = [];
  let folder: string;
  let fauxqs: QueuesAndBlobs;
  let tables: Server;
  let answerOfTables = emptyAnswer;
  let proxy: IamProxy;
  let answered = 0;

  const settings = (accessKeyId: string) => ({
    region: 'us-east-1',
    endpoint: proxy.url,
    credentials: { accessKeyId, secretAccessKey: secretKeyOf(accessKeyId) },
    maxAttempts: 1,
  });
  const as = (name: string) => {
    const key = name === 'the runtime' ? runtimeKey : accessKeyOf(name);
    return {
      dynamodb: new DynamoDBClient(settings(key)),
      sqs: new SQSClient(settings(key)),
      s3: new S3Client({ ...settings(key), forcePathStyle: true }),
    };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longhaul-iam-'));
    fauxqs = await startFauxqs(folder);
    tables = createServer((_request, response) => {
      answered++;
      answerOfTables(response);
    }).listen(0, '127.0.0.1');
    await once(tables, 'listening');
    const address = tables.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const others = `http://127.0.0.1:${port}`;
    proxy = await startIamProxy(
      {
        sqs: fauxqs.endpoint,
        s3: fauxqs.endpoint,
        dynamodb: others,
        ses: others,
        scheduler: others,
        lambda: others,
        events: others,
      },
      { write: () => {}, alarm: (_name, text) => void logged.push(text) },
    );
    proxy.enforce(resources);
    const { s3, sqs } = as('the runtime');
    await s3.send(new CreateBucketCommand({ Bucket: 'blobs' }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'allowed' }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'forbidden' }));
  });

  afterAll(async () => {
    await proxy.close();
    tables.close();
    await fauxqs.stop();
    rmSync(folder, { recursive: true });
  });

  const Key = { id: { S: '1' } };
  const queue = (name: string) => `${proxy.url}/000000000000/${name}`;
  const send = (name: string) =>
    as('worker').sqs.send(new SendMessageCommand({ QueueUrl: queue(name), MessageBody: 'hello' }));
  const get = (who: string, key: string) =>
    as(who).s3.send(new GetObjectCommand({ Bucket: 'blobs', Key: key }));
  const put = (who: string, key: string, Body: string | Uint8Array) =>
    as(who).s3.send(new PutObjectCommand({ Bucket: 'blobs', Key: key, Body }));

  const upload = async (key: string) => {
    const url = await getSignedUrl(as('worker').s3, new PutObjectCommand({ Bucket: 'blobs', Key: key }));
    return (await fetch(url, { method: 'PUT', body: 'by url' })).status;
  };

  it('what a role allows reaches the emulator and comes back', async () => {
    await send('allowed');
    const { Messages } = await as('worker').sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue('allowed'), WaitTimeSeconds: 1 }),
    );
    expect(Messages?.[0]?.Body).toBe('hello');
    await as('worker').dynamodb.send(new GetItemCommand({ TableName: 'T', Key }));
  });

  it('DynamoDB refuses in its own way, and is not asked at all', async () => {
    const before = answered;
    const query = new QueryCommand({ TableName: 'T', KeyConditionExpression: 'id = :id' });
    await expect(as('worker').dynamodb.send(query)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
      message: `User: arn:aws:sts::000000000000:assumed-role/Test-Role/worker is not authorized to perform: dynamodb:Query on resource: ${table} because no identity-based policy allows the dynamodb:Query action`,
    });
    expect(answered).toBe(before);
  });

  it('an index is another resource than its table', async () => {
    const onIndex = new QueryCommand({ TableName: 'T', IndexName: 'open', KeyConditionExpression: 'a = :a' });
    await as('worker').dynamodb.send(onIndex);
  });

  it('every part of a transaction and of a batch has to be allowed', async () => {
    const Item = Key;
    const transaction = (TableName: string) =>
      new TransactWriteItemsCommand({
        TransactItems: [{ Put: { TableName: 'T', Item } }, { Put: { TableName, Item } }],
      });
    await as('worker').dynamodb.send(transaction('T'));
    await expect(as('worker').dynamodb.send(transaction('U'))).rejects.toThrow(/PutItem on .*table\/U /);
    const batch = new BatchGetItemCommand({ RequestItems: { T: { Keys: [Key] } } });
    await expect(as('worker').dynamodb.send(batch)).rejects.toThrow(/dynamodb:BatchGetItem/);
  });

  it('SQS refuses in its own way', async () => {
    await expect(send('forbidden')).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining(
        'sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:forbidden',
      ),
    });
  });

  it('S3 refuses in its own way, also while an upload is still coming', async () => {
    await expect(put('worker', 'other/x', new Uint8Array(3_000_000))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(get('worker', 'other/x')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('an object goes through as it is, whatever its size', async () => {
    const bytes = Buffer.alloc(5_000_000, 'longhaul');
    await put('worker', 'mine/large', bytes);
    const { Body } = await get('worker', 'mine/large');
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
  });

  it('a missing object is forbidden to see for those who may not list the bucket', async () => {
    await expect(get('worker', 'mine/gone')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(get('lister', 'mine/gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const head = new HeadObjectCommand({ Bucket: 'blobs', Key: 'mine/gone' });
    await expect(as('worker').s3.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(as('lister').s3.send(head)).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('deleting many says key by key that it is forbidden, and that with success', async () => {
    await put('worker', 'mine/kept', 'x');
    const { Errors } = await as('worker').s3.send(
      new DeleteObjectsCommand({ Bucket: 'blobs', Delete: { Objects: [{ Key: 'mine/kept' }] } }),
    );
    expect(Errors).toEqual([expect.objectContaining({ Key: 'mine/kept', Code: 'AccessDenied' })]);
    await get('worker', 'mine/kept');
  });

  it('a presigned URL does what its signer may do, for whoever has it', async () => {
    expect([await upload('mine/url'), await upload('other/url')]).toEqual([200, 403]);
    const { Body } = await get('worker', 'mine/url');
    expect(await Body?.transformToString()).toBe('by url');
  });

  it('an unknown key and no key at all are refused', async () => {
    const { dynamodb, sqs, s3 } = as('a stranger');
    const stranger = { name: 'UnrecognizedClientException' };
    await expect(dynamodb.send(new GetItemCommand({ TableName: 'T', Key }))).rejects.toMatchObject(stranger);
    await expect(s3.send(new GetObjectCommand({ Bucket: 'blobs', Key: 'mine/x' }))).rejects.toMatchObject({
      name: 'InvalidAccessKeyId',
    });
    const message = new SendMessageCommand({ QueueUrl: queue('allowed'), MessageBody: 'x' });
    await expect(sqs.send(message)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    expect((await fetch(`${proxy.url}/blobs/mine/large`)).status).toBe(403);
  });

  it('a refusal is logged once, with function, action and resource', async () => {
    await expect(send('forbidden')).rejects.toThrow();
    await expect(send('forbidden')).rejects.toThrow();
    const lines = logged.filter((line) => line.includes(':forbidden'));
    expect(lines).toEqual([
      expect.stringMatching(
        /^AccessDenied: worker: sqs:SendMessage on arn:aws:sqs:us-east-1:0{12}:forbidden\./,
      ),
    ]);
  });

  it.each([
    ['ses', 'POST /v2/email/outbound-emails', 'ses:SendEmail'],
    ['scheduler', 'GET /schedules/tick', 'scheduler:GetSchedule'],
    ['lambda', 'POST /2015-03-31/functions/f/invocations', 'lambda:InvokeFunction'],
    ['lambda', 'PUT /2015-03-31/event-source-mappings/u', 'lambda:UpdateEventSourceMapping'],
    ['events', 'POST /', 'events:PutEvents'],
  ])('%s refuses %s, for which the role has no %s', async (service, route, action) => {
    const [method = '', path = ''] = route.split(' ');
    const mail = { FromEmailAddress: 'a@b.example', Content: { Simple: {} }, Entries: [{}] };
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyOf('worker')}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const headers = {
      authorization,
      ...(service === 'events' && { 'x-amz-target': 'AWSEvents.PutEvents' }),
    };
    const body = method === 'GET' ? {} : { body: JSON.stringify(mail) };
    const before = answered;
    const refusal = await fetch(proxy.url + path, { method, headers, ...body });
    expect([refusal.status, await refusal.text()]).toEqual([
      service === 'events' ? 400 : 403,
      expect.stringContaining(`not authorized to perform: ${action} on`),
    ]);
    expect(answered).toBe(before);
  });

  it('an operation that is not known here is refused by name', async () => {
    const { url } = proxy;
    const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyOf('worker')}/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0`;
    const headers = { authorization, 'x-amz-target': 'DynamoDB_20120810.ExportTableToPointInTime' };
    const refusal = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect([refusal.status, await refusal.text()]).toEqual([400, expect.stringContaining('AccessDenied')]);
    expect(logged).toContainEqual(
      expect.stringMatching(/^AccessDenied: worker: ExportTableToPointInTime on/),
    );
  });

  it('a connection that the emulator breaks off is broken off for the caller', async () => {
    answerOfTables = (response) => response.destroy();
    await expect(
      as('worker').dynamodb.send(new GetItemCommand({ TableName: 'T', Key })),
    ).rejects.not.toMatchObject({ name: 'AccessDeniedException' });
    answerOfTables = emptyAnswer;
    await as('worker').dynamodb.send(new GetItemCommand({ TableName: 'T', Key }));
  });

  it('who gives up waiting leaves no request behind', async () => {
    const { promise: arrived, resolve } = Promise.withResolvers<ServerResponse>();
    answerOfTables = resolve;
    const giveUp = new AbortController();
    const asked = as('worker').dynamodb.send(new GetItemCommand({ TableName: 'T', Key }), {
      abortSignal: giveUp.signal,
    });
    const pending = await arrived;
    answerOfTables = emptyAnswer;
    giveUp.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await once(pending, 'close');
  });

  it('a body that comes piece by piece is passed on piece by piece', async () => {
    const pieces = Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]);
    await as('worker').s3.send(
      new PutObjectCommand({ Bucket: 'blobs', Key: 'mine/pieces', Body: pieces, ContentLength: 140_000 }),
    );
    expect((await get('worker', 'mine/pieces')).ContentLength).toBe(140_000);
  });
});
