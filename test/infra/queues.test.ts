import { describe, expect, it } from '@jest/globals';
import { VISIBILITY_MARGIN_SECONDS } from '../../cdk/doorbells.ts';
import { LEASE_MARGIN_MS } from '../../shared/lambda/lane.ts';
import { DEPLOYED, LOCAL, ofType, propertiesOf, synthesised } from '../support/template.ts';

describe.each([
  ['a deployed stage', DEPLOYED],
  ['the local stage', LOCAL],
])('the queues of %s', (_stage, context) => {
  const resources = synthesised(context);
  const queues = propertiesOf(resources, 'AWS::SQS::Queue');
  const functions = propertiesOf(resources, 'AWS::Lambda::Function');
  const queue = (name: string) => {
    const found = queues.find(({ QueueName }) => QueueName === `longhaul-${context.stage}-${name}`);
    if (found === undefined) throw new Error(`There is no queue ${name}.`);
    return found;
  };
  const timeoutOf = (name: string) =>
    Number(
      functions.find(({ FunctionName }) => FunctionName === `longhaul-${context.stage}-${name}`)?.['Timeout'],
    );

  it.each(['standard.fifo', 'bulk.fifo', 'standard-dead.fifo', 'bulk-dead.fifo'])(
    'keep rings in order, at high throughput: %s',
    (name) => {
      expect(queue(name)).toMatchObject({
        FifoQueue: true,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
      // Every ring has a deduplication id of its own: none may be swallowed for looking like another.
      expect(queue(name)).not.toHaveProperty('ContentBasedDeduplication');
    },
  );

  it('can delay each timer by a time of its own, which a FIFO queue cannot', () => {
    expect(queue('timers')).not.toHaveProperty('FifoQueue');
  });

  it.each([
    ['standard.fifo', 'run-jobs-standard'],
    ['bulk.fifo', 'run-jobs-bulk'],
    ['standard-dead.fifo', 'ring-again-standard'],
    ['bulk-dead.fifo', 'ring-again-bulk'],
    ['timers', 'wake-jobs'],
  ])('let no message of %s come back while its invocation of %s runs', (name, consumer) => {
    expect(queue(name)['VisibilityTimeout']).toBe(timeoutOf(consumer) + VISIBILITY_MARGIN_SECONDS);
  });

  it('let the ring of a dead worker come back when its lease has ended', () => {
    expect(VISIBILITY_MARGIN_SECONDS * 1_000).toBeGreaterThan(LEASE_MARGIN_MS);
  });

  it.each([
    ['standard.fifo', 'standard-dead.fifo'],
    ['bulk.fifo', 'bulk-dead.fifo'],
    ['timers', 'timers-dead'],
  ])(
    'leave the fate of a job to its row: %s tries a hundred times, then %s has the message',
    (name, dead) => {
      const [[deadLetters] = []] = ofType(resources, 'AWS::SQS::Queue').filter(
        ([, { Properties }]) => Properties === queue(dead),
      );
      expect(queue(name)['RedrivePolicy']).toEqual({
        deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] },
        maxReceiveCount: 100,
      });
    },
  );

  it('keep messages as long as SQS can, encrypted', () => {
    expect(queues).toHaveLength(6);
    for (const one of queues) {
      expect(one).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
  });
});
