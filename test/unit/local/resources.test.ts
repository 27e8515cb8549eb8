import { describe, expect, it } from '@jest/globals';
import { refuseMixedDeadLetters } from '../../../local/emulators/queues.ts';
import type { Stack } from '../../../local/template/assembly.ts';
import { ofType, readResources } from '../../../local/template/resources.ts';
import { fixtureTemplate } from '../../support/fixture/template.ts';

const endpoints = { sqs: 'http://sqs', http: 'http://here' };

function stackWith(
  resources: Record<string, { Type: string; Properties?: Record<string, unknown>; Condition?: string }>,
): Stack {
  const Resources = Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => [name, { Properties: {}, ...resource }]),
  );
  const template = { Parameters: { Given: { Default: 'by default' } }, Outputs: {}, Resources };
  return { name: 'Test', templateFile: 'Test.template.json', template, assetFolder: () => '' };
}

const read = (resources: Parameters<typeof stackWith>[0]) => readResources([stackWith(resources)], endpoints);

const integration = (more: object) => ({
  I: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: 'a',
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'arn:aws:lambda:f',
      PayloadFormatVersion: '2.0',
      ...more,
    },
  },
});

const fifo = (isFifo: boolean | undefined) => (isFifo ? { FifoQueue: true } : {});

describe('resources of a template', () => {
  it('every resource of the fixture is run or passed over', () => {
    const resources = read(fixtureTemplate.Resources);
    const [echo] = ofType(resources, 'AWS::Lambda::Function');
    expect(echo?.ref).toBe('Test-echo');
    expect(echo?.properties.Environment?.Variables['QUEUE_URL']).toBe(
      'http://sqs/000000000000/Test-Queue.fifo',
    );
    expect(resources.map(({ logicalId }) => logicalId)).toContain('Role');
  });

  it('an unknown type is an error that names type, logical id and template', () => {
    const unknown = { Machine: { Type: 'AWS::EC2::Instance' } };
    expect(() => read(unknown)).toThrow(
      /Test\.template\.json: Machine \(AWS::EC2::Instance\): this resource type is not known/,
    );
  });

  it('an unknown property is an error that names its path', () => {
    const policy = { deadLetterTargetArn: 'arn', maxReceiveCount: 1, surprise: true };
    const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: policy } } };
    expect(() => read(queue)).toThrow(
      /Queue \(AWS::SQS::Queue\): property RedrivePolicy\.surprise is neither/,
    );
  });

  it('a value that cannot be honoured is an error that names the property', () => {
    const api = {
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'x', ProtocolType: 'WEBSOCKET' } },
    };
    expect(() => read(api)).toThrow(/property ProtocolType/);
  });

  it('an integration waits 30 seconds, and never longer (API Gateway, "maximum integration timeout: 30 seconds")', () => {
    const [usual] = ofType(read(integration({})), 'AWS::ApiGatewayV2::Integration');
    expect(usual?.properties.TimeoutInMillis).toBe(30_000);
    expect(() => read(integration({ TimeoutInMillis: 30_001 }))).toThrow(/property TimeoutInMillis/);
  });

  it.each([
    ['a FIFO queue', true, undefined],
    ['a standard queue', undefined, true],
  ])(
    'dead letters of %s in a queue of the other kind are refused, for the emulator would take them',
    (_kind, source, dead) => {
      const RedrivePolicy = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 };
      const queues = (deadIsFifo: boolean | undefined) =>
        ofType(
          read({
            Source: { Type: 'AWS::SQS::Queue', Properties: { ...fifo(source), RedrivePolicy } },
            Dead: { Type: 'AWS::SQS::Queue', Properties: fifo(deadIsFifo) },
          }),
          'AWS::SQS::Queue',
        );
      expect(() => refuseMixedDeadLetters(queues(dead))).toThrow(/Source: .* and of the same kind/);
      expect(() => refuseMixedDeadLetters(queues(source))).not.toThrow();
    },
  );

  it('an unknown intrinsic is an error that names it and the resource', () => {
    const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Cidr': [] } } } };
    expect(() => read(queue)).toThrow(
      /Queue \(AWS::SQS::Queue\): the intrinsic function Fn::Cidr is not known/,
    );
  });

  it('a condition is an error: whether the resource exists could not be told', () => {
    expect(() => read({ Queue: { Type: 'AWS::SQS::Queue', Condition: 'Sometimes' } })).toThrow(
      /conditions.*Sometimes/,
    );
  });

  it('all faults are told at once', () => {
    const faulty = { One: { Type: 'AWS::EC2::VPC' }, Two: { Type: 'AWS::EC2::Instance' } };
    expect(() => read(faulty)).toThrow(/One[\s\S]*Two/);
  });

  it('recovery and tags are passed over knowingly, so that the emulator gets no such calls', () => {
    const replica = {
      Region: 'us-east-1',
      PointInTimeRecoverySpecification: {},
      Tags: [{ Key: 'a', Value: 'b' }],
    };
    const table = {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Replicas: [replica],
    };
    expect(read({ Table: { Type: 'AWS::DynamoDB::GlobalTable', Properties: table } })).toHaveLength(1);
  });

  it('a name that depends on itself is an error, not an endless loop', () => {
    const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Queue' } } } };
    expect(() => read(queue)).toThrow(/depends on itself/);
  });

  it('a parameter stands for its default', () => {
    const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'Given' } } } };
    expect(read(queue)[0]?.attributes['QueueName']).toBe('by default');
  });
});
