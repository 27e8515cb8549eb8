import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  AssetEnvironment,
  JobEnvironment,
  LaneEnvironment,
  TimerEnvironment,
} from '../../shared/lambda/environment.ts';
import { DEPLOYED, LOCAL, ofType, type Resources, synthesised } from '../support/template.ts';

const READ = {
  api: [JobEnvironment, AssetEnvironment, LaneEnvironment],
  'run-jobs-standard': [JobEnvironment, AssetEnvironment, LaneEnvironment, TimerEnvironment],
  'run-jobs-bulk': [JobEnvironment, AssetEnvironment, LaneEnvironment, TimerEnvironment],
  'ring-again-standard': [TimerEnvironment],
  'ring-again-bulk': [TimerEnvironment],
  'wake-jobs': [LaneEnvironment, TimerEnvironment],
  reprocess: [JobEnvironment, LaneEnvironment],
  purge: [JobEnvironment, LaneEnvironment],
  'add-name-to-token': [],
};
const namesOf = (groups: readonly object[]): string[] =>
  groups.flatMap((group) => Object.keys(group)).toSorted();
const Variables = z.object({ Variables: z.record(z.string(), z.unknown()) });

describe.each([
  ['a deployed stage', DEPLOYED],
  ['the local stage', LOCAL],
])('the template of %s', (_stage, context) => {
  const resources = synthesised(context);
  const all = (type: string) => ofType(resources, type).map(([, { Properties }]) => Properties);
  const functions = all('AWS::Lambda::Function');

  it('has no custom resources: they would be code that runs nowhere but in a deployment', () => {
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^Custom::|CustomResource/.test(type))).toEqual([]);
  });

  it('sets for each function exactly the environment variables that its code reads', () => {
    const set = functions.map(({ FunctionName, Environment: environment }) => [
      String(FunctionName).replace(`longhaul-${context.stage}-`, ''),
      Object.keys(Variables.parse(environment ?? { Variables: {} }).Variables).toSorted(),
    ]);
    expect(Object.fromEntries(set)).toEqual(
      Object.fromEntries(Object.entries(READ).map(([name, groups]) => [name, namesOf(groups)])),
    );
  });

  it('keeps rings in order, at high throughput, encrypted', () => {
    const rings = all('AWS::SQS::Queue').filter(({ FifoQueue }) => FifoQueue === true);
    expect(rings).toHaveLength(4);
    for (const queue of rings) {
      expect(queue).toMatchObject({
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
        SqsManagedSseEnabled: true,
        QueueName: expect.stringMatching(/\.fifo$/),
      });
      // Every ring has a deduplication id of its own: none may be swallowed for looking like another.
      expect(queue).not.toHaveProperty('ContentBasedDeduplication');
    }
  });

  it.each(['standard', 'bulk'])('lets no ring of the lane %s come back while its invocation runs', (lane) => {
    const [queue] = all('AWS::SQS::Queue').filter(({ QueueName }) =>
      String(QueueName).endsWith(`-${lane}.fifo`),
    );
    const [consumer] = functions.filter(({ FunctionName }) =>
      String(FunctionName).endsWith(`run-jobs-${lane}`),
    );
    // A lease outlives the invocation by two seconds: the message must not meet it alive.
    expect(queue?.['VisibilityTimeout']).toBeGreaterThanOrEqual(Number(consumer?.['Timeout']) + 3);
    // The row decides a job's fate, never the queue.
    expect(queue?.['RedrivePolicy']).toMatchObject({ maxReceiveCount: 100 });
  });

  it('keeps messages as long as SQS can', () => {
    const kept = all('AWS::SQS::Queue').map((queue) => queue['MessageRetentionPeriod']);
    expect(new Set(kept)).toEqual(new Set([1_209_600]));
  });

  it('gives only those messages back that failed', () => {
    const mappings = all('AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(5);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: expect.any(Number) },
      });
    }
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
    expect(tables).toHaveLength(4);
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
    expect(indexes).toMatchObject(
      ['timeline', 'open', 'outcome', 'related', 'watch'].map((IndexName) => ({
        IndexName,
        Projection: { ProjectionType: 'KEYS_ONLY' },
      })),
    );
  });

  it('shows blobs and messages to nobody outside, and never without encryption on the way', () => {
    for (const bucket of all('AWS::S3::Bucket')) {
      expect(bucket).toMatchObject({
        BucketEncryption: expect.anything(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
    }
    const deniesPlainHttp = expect.arrayContaining([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
    const policies = [...all('AWS::S3::BucketPolicy'), ...all('AWS::SQS::QueuePolicy')];
    expect(policies.map(({ PolicyDocument }) => PolicyDocument)).toEqual(
      policies.map(() => expect.objectContaining({ Statement: deniesPlainHttp })),
    );
  });

  it('keeps logs for a month', () => {
    const days = all('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays);
    expect(new Set(days)).toEqual(new Set([30]));
  });

  it('fires the scan every quarter of an hour and the purge at 1 AM', () => {
    const when = all('AWS::Scheduler::Schedule').map(({ ScheduleExpression }) => ScheduleExpression);
    expect(when).toEqual(['cron(0/15 * * * ? *)', 'cron(0 1 * * ? *)']);
  });

  it('raises an alarm for every function, queue and duty that can fail', () => {
    const names = all('AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));
    expect(names).toHaveLength(24);
    expect(names.filter((name) => name.includes('did-not-run'))).toHaveLength(2);
    for (const alarm of all('AWS::CloudWatch::Alarm')) expect(alarm['AlarmActions']).toHaveLength(1);
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
    expect(kept(resources)).toEqual(Array.from({ length: 6 }, () => ['Retain', 'Retain']));
    expect(protectedTables(resources)).toMatchObject(
      Array.from({ length: 4 }, () => [{ DeletionProtectionEnabled: true }]),
    );
  });

  it('of the local stage may go', () => {
    expect(kept(synthesised(LOCAL))).toEqual(Array.from({ length: 6 }, () => ['Delete', 'Delete']));
  });
});
