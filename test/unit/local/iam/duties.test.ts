import { describe, expect, it } from '@jest/globals';
import { missingInvokePermissions } from '../../../../local/iam/invoke-permissions.ts';
import { missingRoleGrants } from '../../../../local/iam/role-duties.ts';
import { aFunction, allow, aRole, att, readTemplate } from '../../../support/iam/a-template.ts';

type Resources = Parameters<typeof readTemplate>[0];

const pollsQueue = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

const queueMapping = (...actions: string[]): Resources => ({
  Role: aRole('lambda', allow(actions.length > 0 ? actions : 'sqs:SendMessage', att('Queue'))),
  Worker: aFunction('worker'),
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
  Polling: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: att('Queue') },
  },
});

describe('the role of a function', () => {
  it('lacks nothing when it may do what polling its queue takes', () => {
    expect(missingRoleGrants(readTemplate(queueMapping(...pollsQueue)))).toEqual([]);
  });

  it.each(pollsQueue)('must allow %s on the queue that the function is mapped to', (action) => {
    const others = pollsQueue.filter((other) => other !== action);
    expect(missingRoleGrants(readTemplate(queueMapping(...others)))).toEqual([
      `Polling (worker): the role Test-Role does not allow ${action} on arn:aws:sqs:us-east-1:000000000000:q`,
    ]);
  });

  it('must be one that Lambda can assume', () => {
    const resources = { Role: aRole('ec2', allow('sqs:*', '*')), Worker: aFunction('worker') };
    expect(missingRoleGrants(readTemplate(resources))).toEqual([
      'worker: the role Test-Role cannot be assumed by lambda.amazonaws.com',
    ]);
  });

  it('must let it read the stream that it is mapped to', () => {
    const stream = allow(['dynamodb:DescribeStream', 'dynamodb:GetShardIterator'], att('Table', 'StreamArn'));
    const resources: Resources = {
      Role: aRole('lambda', stream, allow('dynamodb:ListStreams', '*')),
      Worker: aFunction('worker'),
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
        },
      },
      Polling: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: att('Worker'),
          EventSourceArn: att('Table', 'StreamArn'),
          StartingPosition: 'LATEST',
        },
      },
    };
    expect(missingRoleGrants(readTemplate(resources))).toEqual([
      expect.stringMatching(
        /Polling \(worker\): .* does not allow dynamodb:GetRecords on .*table\/Test-Table/,
      ),
    ]);
  });
});

const scheduled = (role: ReturnType<typeof aRole>): Resources => ({
  Role: aRole('lambda', allow('sqs:*', '*')),
  Scheduling: role,
  Worker: aFunction('worker'),
  Nightly: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: att('Worker'), RoleArn: att('Scheduling') },
    },
  },
});

describe('the role of a schedule', () => {
  it('must be assumable by the scheduler, and allow to invoke the function', () => {
    const invokes = allow('lambda:InvokeFunction', att('Worker'));
    expect(missingRoleGrants(readTemplate(scheduled(aRole('scheduler', invokes))))).toEqual([]);
    expect(missingRoleGrants(readTemplate(scheduled(aRole('events', allow('sqs:*', '*')))))).toEqual([
      'Nightly: the role Test-Scheduling cannot be assumed by scheduler.amazonaws.com',
      expect.stringMatching(/^Nightly: .* does not allow lambda:InvokeFunction on .*:function:worker$/),
    ]);
  });
});

const routed = (SourceArn: string, Principal = 'apigateway.amazonaws.com'): Resources => ({
  Role: aRole('lambda', allow('sqs:*', '*')),
  Worker: aFunction('worker'),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: att('Worker'),
      PayloadFormatVersion: '2.0',
    },
  },
  Route: {
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'GET /jobs/{id}',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'Worker' },
      Principal,
      SourceArn: { 'Fn::Sub': `arn:aws:execute-api:us-east-1:000000000000:\${Api}${SourceArn}` },
    },
  },
});

const missing = (...facts: Parameters<typeof routed>) =>
  missingInvokePermissions(readTemplate(routed(...facts)));

describe('a route', () => {
  it.each(['/*', '/*/*', '/*/*/jobs/{id}', '/$default/GET/jobs/*'])('is covered by %s', (source) => {
    expect(missing(source)).toEqual([]);
  });

  it.each([
    ['/*/POST/*', undefined],
    ['/test/*', undefined],
    ['/*', 'events.amazonaws.com'],
  ])('is not covered by %s %s', (source, principal) => {
    expect(missing(source, principal)).toEqual([
      expect.stringMatching(/^Route \(GET \/jobs\/\{id\}\): no AWS::Lambda::Permission lets apigateway/),
    ]);
  });
});
