import { describe, expect, it } from '@jest/globals';
import { Environment } from '../../shared/lambda/environment.ts';
import { DEPLOYED, LOCAL, ofType, type Resources, synthesised } from '../support/template.ts';

describe.each([
  ['a deployed stage', DEPLOYED],
  ['the local stage', LOCAL],
])('the template of %s', (_stage, context) => {
  const resources = synthesised(context);
  const all = (type: string) => ofType(resources, type).map(([, { Properties }]) => Properties);
  const functions = all('AWS::Lambda::Function');

  it('is made of the types that are run on a laptop too, none of them custom', () => {
    expect(new Set(Object.values(resources).map(({ Type }) => Type))).toEqual(
      new Set([
        'AWS::ApiGatewayV2::Api',
        'AWS::ApiGatewayV2::Authorizer',
        'AWS::ApiGatewayV2::Integration',
        'AWS::ApiGatewayV2::Route',
        'AWS::ApiGatewayV2::Stage',
        'AWS::DynamoDB::GlobalTable',
        'AWS::IAM::Policy',
        'AWS::IAM::Role',
        'AWS::Lambda::EventSourceMapping',
        'AWS::Lambda::Function',
        'AWS::Lambda::Permission',
        'AWS::Logs::LogGroup',
        'AWS::S3::Bucket',
        'AWS::S3::BucketPolicy',
        'AWS::SQS::Queue',
        'AWS::SQS::QueuePolicy',
      ]),
    );
  });

  it('has no function but ours', () => {
    const names = functions.map(({ FunctionName }) => String(FunctionName));
    expect(names.toSorted()).toEqual([
      `longhaul-${context.stage}-api`,
      `longhaul-${context.stage}-bulk-run-jobs`,
    ]);
  });

  it('sets exactly the environment variables that the code reads', () => {
    const read = Object.fromEntries(Object.keys(Environment).map((name) => [name, expect.anything()]));
    expect(functions.map(({ Environment: environment }) => environment)).toEqual(
      functions.map(() => ({ Variables: read })),
    );
  });

  it('keeps queues in order, at high throughput, encrypted', () => {
    const queues = all('AWS::SQS::Queue');
    expect(queues).toHaveLength(2);
    for (const queue of queues) {
      expect(queue).toMatchObject({
        FifoQueue: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        SqsManagedSseEnabled: true,
        QueueName: expect.stringMatching(/\.fifo$/),
      });
      // Every ring has a deduplication id of its own: none may be swallowed for looking like another.
      expect(queue).not.toHaveProperty('ContentBasedDeduplication');
    }
  });

  it('lets no message come back while its invocation still runs, and none die before its job has decided', () => {
    const [consumed] = all('AWS::SQS::Queue').filter((queue) => 'RedrivePolicy' in queue);
    const consumer = functions.find(({ FunctionName }) => String(FunctionName).endsWith('run-jobs'));
    expect(consumed?.['VisibilityTimeout']).toBeGreaterThan(Number(consumer?.['Timeout']));
    // A lease outlives the invocation by two seconds: the message must not meet it alive.
    expect(consumed?.['VisibilityTimeout']).toBeGreaterThanOrEqual(Number(consumer?.['Timeout']) + 3);
    expect(consumed?.['RedrivePolicy']).toMatchObject({ maxReceiveCount: 100 });
  });

  it('keeps what reached the dead-letter queue as long as SQS can', () => {
    expect(all('AWS::SQS::Queue').map((queue) => queue['MessageRetentionPeriod'])).toEqual([
      1_209_600, 1_209_600,
    ]);
  });

  it('gives only those messages back that failed', () => {
    expect(all('AWS::Lambda::EventSourceMapping')).toMatchObject([
      {
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: expect.any(Number) },
      },
    ]);
  });

  it('answers nobody without a token, by any route', () => {
    const routes = all('AWS::ApiGatewayV2::Route');
    expect(routes.map(({ RouteKey }) => String(RouteKey)).toSorted()).toEqual(
      ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((method) => `${method} /{proxy+}`),
    );
    for (const route of routes)
      expect(route).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId: expect.anything() });
  });

  it('answers before the HTTP API gives up after 30 seconds', () => {
    const api = functions.find(({ FunctionName }) => String(FunctionName).endsWith('-api'));
    expect(api?.['Timeout']).toBeLessThan(30);
  });

  it('runs Node 24 everywhere', () => {
    expect(new Set(functions.map(({ Runtime }) => Runtime))).toEqual(new Set(['nodejs24.x']));
  });

  it('pays for tables by use, and can take them back to any second', () => {
    const tables = all('AWS::DynamoDB::GlobalTable');
    expect(tables).toHaveLength(3);
    for (const table of tables) {
      expect(table).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [{ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }],
      });
    }
  });

  it('keeps only keys in its indexes', () => {
    const indexes = all('AWS::DynamoDB::GlobalTable').flatMap(
      (table) => table['GlobalSecondaryIndexes'] ?? [],
    );
    expect(indexes).toMatchObject([
      { IndexName: 'timeline', Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'open', Projection: { ProjectionType: 'KEYS_ONLY' } },
    ]);
  });

  it('shows blobs and messages to nobody outside, and never without encryption on the way', () => {
    expect(all('AWS::S3::Bucket')).toMatchObject([
      {
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    ]);
    const deniesPlainHttp = [
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ];
    const policies = [...all('AWS::S3::BucketPolicy'), ...all('AWS::SQS::QueuePolicy')];
    expect(policies.map(({ PolicyDocument }) => PolicyDocument)).toEqual(
      policies.map(() => expect.objectContaining({ Statement: deniesPlainHttp })),
    );
  });

  it('keeps logs for a month', () => {
    expect(all('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual([30, 30]);
  });
});

/** Data, and what would be lost with it. */
const kept = (resources: Resources) =>
  ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket']
    .flatMap((type) => ofType(resources, type))
    .map(([, { DeletionPolicy, UpdateReplacePolicy }]) => [DeletionPolicy, UpdateReplacePolicy]);
const protectedTables = (resources: Resources) =>
  ofType(resources, 'AWS::DynamoDB::GlobalTable').map(([, { Properties }]) => Properties['Replicas']);

describe('the data', () => {
  it('of a deployed stage stays when its stack is destroyed, and no table can be deleted by mistake', () => {
    const resources = synthesised(DEPLOYED);
    expect(kept(resources)).toEqual(Array.from({ length: 4 }, () => ['Retain', 'Retain']));
    expect(protectedTables(resources)).toMatchObject(
      Array.from({ length: 3 }, () => [{ DeletionProtectionEnabled: true }]),
    );
  });

  it('of the local stage may go', () => {
    expect(kept(synthesised(LOCAL))).toEqual(Array.from({ length: 4 }, () => ['Delete', 'Delete']));
  });
});
