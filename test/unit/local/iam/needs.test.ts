import { describe, expect, it } from '@jest/globals';
import type { ServiceRequest } from '../../../../local/iam/needs/need.ts';
import { wantedBy } from '../../../../local/iam/needs/wanted.ts';

const request = (facts: Partial<ServiceRequest>): ServiceRequest => ({
  service: 's3',
  method: 'GET',
  path: '/',
  query: new URLSearchParams(),
  headers: {},
  body: '',
  ...facts,
});

const wanted = (facts: Partial<ServiceRequest>) => wantedBy(request(facts));
const needsOf = (facts: Partial<ServiceRequest>) =>
  wanted(facts).needs?.map(({ action, resources }) => `${action} ${shortened(resources.join(' or '))}`);
const shortened = (arns: string) => arns.replaceAll(/arn:aws:(\w+):us-east-1:000000000000:/g, '$1:');

const called = (service: string, target: string, input: object) =>
  needsOf({ service, method: 'POST', headers: { 'x-amz-target': target }, body: JSON.stringify(input) });
const dynamodb = (operation: string, input: object) =>
  called('dynamodb', `DynamoDB_20120810.${operation}`, input);
const sqs = (operation: string, input: object) => called('sqs', `AmazonSQS.${operation}`, input);

describe('DynamoDB:', () => {
  it.each<[string, object, string[]]>([
    ['GetItem', { TableName: 'T' }, ['dynamodb:GetItem dynamodb:table/T']],
    ['Query', { TableName: 'T' }, ['dynamodb:Query dynamodb:table/T']],
    ['Query', { TableName: 'T', IndexName: 'i' }, ['dynamodb:Query dynamodb:table/T/index/i']],
    ['Scan', { TableName: 'T', IndexName: 'i' }, ['dynamodb:Scan dynamodb:table/T/index/i']],
    [
      'BatchGetItem',
      { RequestItems: { T: {}, U: {} } },
      ['dynamodb:BatchGetItem dynamodb:table/T', 'dynamodb:BatchGetItem dynamodb:table/U'],
    ],
    ['BatchWriteItem', { RequestItems: { T: [] } }, ['dynamodb:BatchWriteItem dynamodb:table/T']],
    [
      'TransactWriteItems',
      {
        TransactItems: [
          { Put: { TableName: 'T' } },
          { Update: { TableName: 'U' } },
          { Delete: { TableName: 'T' } },
          { ConditionCheck: { TableName: 'V' } },
        ],
      },
      [
        'dynamodb:PutItem dynamodb:table/T',
        'dynamodb:UpdateItem dynamodb:table/U',
        'dynamodb:DeleteItem dynamodb:table/T',
        'dynamodb:ConditionCheckItem dynamodb:table/V',
      ],
    ],
    [
      'TransactGetItems',
      { TransactItems: [{ Get: { TableName: 'T' } }] },
      ['dynamodb:GetItem dynamodb:table/T'],
    ],
    [
      'ExecuteStatement',
      { Statement: 'SELECT a, "from" FROM "T"."i" WHERE b = ?' },
      ['dynamodb:PartiQLSelect dynamodb:table/T/index/i'],
    ],
    [
      'BatchExecuteStatement',
      { Statements: [{ Statement: "INSERT INTO T value {'a': 1}" }, { Statement: 'update "T" set a=1' }] },
      ['dynamodb:PartiQLInsert dynamodb:table/T', 'dynamodb:PartiQLUpdate dynamodb:table/T'],
    ],
    [
      'ExecuteTransaction',
      { TransactStatements: [{ Statement: 'DELETE FROM "long-haul.T" WHERE a=1' }] },
      ['dynamodb:PartiQLDelete dynamodb:table/long-haul.T'],
    ],
    ['ListTables', {}, ['dynamodb:ListTables *']],
  ])('%s %j', (operation, input, needs) => {
    expect(dynamodb(operation, input)).toEqual(needs);
  });
});

describe('SQS:', () => {
  const QueueUrl = 'http://127.0.0.1:1/000000000000/q.fifo';
  it.each<[string, object, string]>([
    ['SendMessage', { QueueUrl }, 'sqs:SendMessage sqs:q.fifo'],
    ['SendMessageBatch', { QueueUrl }, 'sqs:SendMessage sqs:q.fifo'],
    ['DeleteMessageBatch', { QueueUrl }, 'sqs:DeleteMessage sqs:q.fifo'],
    ['ChangeMessageVisibilityBatch', { QueueUrl }, 'sqs:ChangeMessageVisibility sqs:q.fifo'],
    ['GetQueueUrl', { QueueName: 'q' }, 'sqs:GetQueueUrl sqs:q'],
    ['ListQueues', {}, 'sqs:ListQueues *'],
  ])('%s', (operation, input, need) => {
    expect(sqs(operation, input)).toEqual([need]);
  });
});

const s3 = (line: string, headers: Record<string, string> = {}, body = '') => {
  const [method = '', url = ''] = line.split(' ');
  const [path = '', search = ''] = url.split('?');
  return needsOf({ method, path, query: new URLSearchParams(search), headers, body });
};

describe('S3:', () => {
  it.each<[string, string]>([
    ['GET /b/a/k%20ey?x-id=GetObject', 's3:GetObject arn:aws:s3:::b/a/k ey'],
    ['HEAD /b/k', 's3:GetObject arn:aws:s3:::b/k'],
    ['PUT /b/k?x-id=PutObject&X-Amz-Signature=1', 's3:PutObject arn:aws:s3:::b/k'],
    ['DELETE /b/k', 's3:DeleteObject arn:aws:s3:::b/k'],
    ['GET /b/k?versionId=1', 's3:GetObjectVersion arn:aws:s3:::b/k'],
    ['POST /b/k?uploads', 's3:PutObject arn:aws:s3:::b/k'],
    ['PUT /b/k?partNumber=1&uploadId=2', 's3:PutObject arn:aws:s3:::b/k'],
    ['POST /b/k?uploadId=2', 's3:PutObject arn:aws:s3:::b/k'],
    ['DELETE /b/k?uploadId=2', 's3:AbortMultipartUpload arn:aws:s3:::b/k'],
    ['GET /b?list-type=2&prefix=a', 's3:ListBucket arn:aws:s3:::b'],
    ['HEAD /b/', 's3:ListBucket arn:aws:s3:::b'],
    ['GET /', 's3:ListAllMyBuckets *'],
  ])('%s', (line, need) => {
    expect(s3(line)).toEqual([need]);
  });

  it('a copy needs to read the one and to write the other', () => {
    expect(s3('PUT /b/k', { 'x-amz-copy-source': 'other/x%20y' })).toEqual([
      's3:PutObject arn:aws:s3:::b/k',
      's3:GetObject arn:aws:s3:::other/x y',
    ]);
  });

  it('deleting many needs the permission for each', () => {
    const body = '<Delete><Object><Key>a&amp;b</Key></Object><Object><Key>c</Key></Object></Delete>';
    expect(s3('POST /b?delete', {}, body)).toEqual([
      's3:DeleteObject arn:aws:s3:::b/a&b',
      's3:DeleteObject arn:aws:s3:::b/c',
    ]);
  });

  it('a list says which prefix, so that a condition can be put on it', () => {
    const listed = wanted({ path: '/b', query: new URLSearchParams('prefix=a/') });
    expect(listed.needs?.[0]?.context).toEqual({ 's3:prefix': ['a/'] });
  });
});

describe('the other services:', () => {
  const schedule = { GroupName: 'g', Target: { RoleArn: 'arn:aws:iam::0:role/r' } };
  it.each<[string, Partial<ServiceRequest>, string[]]>([
    [
      'ses',
      {
        method: 'POST',
        path: '/v2/email/outbound-emails',
        body: JSON.stringify({ FromEmailAddress: 'Longhaul <jobs@a.org>', Content: { Simple: {} } }),
      },
      ['ses:SendEmail ses:identity/jobs@a.org or ses:identity/a.org'],
    ],
    [
      'scheduler',
      { path: '/schedules/s', query: new URLSearchParams('groupName=g') },
      ['scheduler:GetSchedule scheduler:schedule/g/s'],
    ],
    [
      'scheduler',
      { method: 'PUT', path: '/schedules/s', body: JSON.stringify(schedule) },
      ['scheduler:UpdateSchedule scheduler:schedule/g/s', 'iam:PassRole arn:aws:iam::0:role/r'],
    ],
    [
      'lambda',
      { method: 'POST', path: '/2015-03-31/functions/f/invocations' },
      ['lambda:InvokeFunction lambda:function:f'],
    ],
    [
      'lambda',
      { method: 'PUT', path: '/2015-03-31/event-source-mappings/u' },
      ['lambda:UpdateEventSourceMapping lambda:event-source-mapping:u'],
    ],
    [
      'events',
      {
        method: 'POST',
        headers: { 'x-amz-target': 'AWSEvents.PutEvents' },
        body: JSON.stringify({ Entries: [{}, { EventBusName: 'b' }, {}] }),
      },
      ['events:PutEvents events:event-bus/default', 'events:PutEvents events:event-bus/b'],
    ],
  ])('%s %j', (service, facts, needs) => {
    expect(needsOf({ service, ...facts })).toEqual(needs);
  });
});

describe('what is not understood has no needs that could be met:', () => {
  it.each<[string, Partial<ServiceRequest>, RegExp]>([
    ['a service', { service: 'kms' }, /^GET \/$/],
    ['a subresource', { path: '/b', query: new URLSearchParams('policy') }, /bucket\?policy/],
    ['a path', { service: 'scheduler', path: '/tags' }, /GET \/tags/],
    ['an operation', { service: 'sqs', headers: { 'x-amz-target': 'AmazonSQS.Tag' }, body: '{}' }, /^Tag$/],
    [
      'a body',
      { service: 'dynamodb', headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' }, body: '{' },
      /GetItem \(.*JSON/,
    ],
    [
      'a statement',
      {
        service: 'dynamodb',
        headers: { 'x-amz-target': 'DynamoDB_20120810.ExecuteStatement' },
        body: '{"Statement":"EXISTS"}',
      },
      /EXISTS/,
    ],
  ])('%s', (_what, facts, operation) => {
    expect(wanted(facts)).toEqual({ operation: expect.stringMatching(operation), needs: undefined });
  });
});
