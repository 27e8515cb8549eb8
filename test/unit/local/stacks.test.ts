import { describe, expect, it } from '@jest/globals';
import type { Stack } from '../../../local/template/assembly.ts';
import { ofType, readResources } from '../../../local/template/resources.ts';
import { typesTable } from '../../../local/template/types-table.ts';

const endpoints = { sqs: 'http://sqs', http: 'http://here' };
type Template = Stack['template'];

const stack = (name: string, Resources: Template['Resources'], Outputs: Template['Outputs'] = {}): Stack => ({
  name,
  templateFile: `${name}.template.json`,
  template: { Parameters: {}, Resources, Outputs },
  assetFolder: () => '',
});

const dead = { Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } } };
const exported = (Name: unknown) => ({ Out: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] }, Export: { Name } } });
const redrive = { deadLetterTargetArn: { 'Fn::ImportValue': 'data:DeadArn' }, maxReceiveCount: 3 };
const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { RedrivePolicy: redrive } } };

describe('several stacks', () => {
  it('a later one imports what an earlier one exports, and each has names of its own', () => {
    const data = stack('data', dead, exported({ 'Fn::Sub': '${AWS::StackName}:DeadArn' }));
    const [, second] = ofType(readResources([data, stack('service', queue)], endpoints), 'AWS::SQS::Queue');
    expect(second?.properties.RedrivePolicy?.deadLetterTargetArn).toBe(
      'arn:aws:sqs:us-east-1:000000000000:dead',
    );
    expect(second?.attributes['QueueName']).toBe('service-Queue');
  });

  it('what nobody has exported before is an error that names it and who wants it', () => {
    expect(() =>
      readResources([stack('service', queue), stack('data', dead, exported('data:DeadArn'))], endpoints),
    ).toThrow(/service\.template\.json: Queue .*no stack before this one exports data:DeadArn/);
  });

  it('two exports of one name are an error, as for CloudFormation', () => {
    const twice = [stack('a', dead, exported('same')), stack('b', dead, exported('same'))];
    expect(() => readResources(twice, endpoints)).toThrow('two stacks export same');
  });
});

const mapping = (properties: object) => ({
  Mapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: 'f', ...properties } },
});

const read = (properties: object) => () => readResources([stack('a', mapping(properties))], endpoints);

describe('event source mappings', () => {
  const ofQueue = { EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' };
  const ofStream = { EventSourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s' };

  it.each([
    ['a queue with a starting position', { ...ofQueue, StartingPosition: 'LATEST' }, 'is only for streams'],
    ['a queue with windows', { ...ofQueue, TumblingWindowInSeconds: 5 }, 'is only for streams'],
    ['a queue with more than ten messages at once', { ...ofQueue, BatchSize: 11 }, 'at most 10'],
    ['a stream without a starting position', ofStream, 'is required for a stream'],
    [
      'a stream with a maximum concurrency',
      { ...ofStream, StartingPosition: 'LATEST', ScalingConfig: { MaximumConcurrency: 2 } },
      'is only for queues',
    ],
  ])('%s is refused, as by Lambda', (_what, properties, message) => {
    expect(read(properties)).toThrow(message);
  });
});

describe('the table of resource types', () => {
  it('says of each whether it is run or passed over, and why', () => {
    const logs = { Logs: { Type: 'AWS::Logs::LogGroup', Properties: {} } };
    const { text, unknown } = typesTable([stack('a', { ...dead, ...queue }), stack('b', logs)]);
    expect(text).toMatch(/^AWS::SQS::Queue +2 {2}run: /m);
    expect(text).toMatch(/^AWS::Logs::LogGroup +1 {2}passed over: logs go to files/m);
    expect(unknown).toEqual([]);
  });

  it('finds a type that is neither', () => {
    const machine = { Machine: { Type: 'AWS::EC2::Instance', Properties: {} } };
    expect(typesTable([stack('a', machine)]).unknown).toEqual(['AWS::EC2::Instance']);
  });
});
