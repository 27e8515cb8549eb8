import { describe, expect, it } from '@jest/globals';
import { grantsTable, printGrants } from '../../../../local/iam/grants-table.ts';
import { aFunction, allow, aRole, att, policy, readTemplate } from '../../../support/iam/a-template.ts';

const resources = readTemplate({
  Role: aRole('lambda', allow(['sqs:SendMessage', 'sqs:GetQueueUrl'], att('Queue'))),
  More: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'More',
      Roles: [{ Ref: 'Role' }],
      PolicyDocument: policy(
        allow('sqs:PurgeQueue', att('Queue')),
        { Effect: 'Deny', Action: 'sqs:DeleteQueue', NotResource: att('Queue') },
        allow('s3:ListBucket', 'arn:aws:s3:::b', { StringLike: { 's3:prefix': 'a/*' } }),
      ),
    },
  },
  Worker: aFunction('worker'),
  Other: aFunction('other'),
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
});

describe('the table of grants', () => {
  const grants = grantsTable(resources);

  it('has a row for each function and resource, whichever policy grants it', () => {
    expect(grants.filter(({ who }) => who === 'worker')).toEqual([
      { who: 'worker', resource: 'q', actions: ['sqs:GetQueueUrl', 'sqs:PurgeQueue', 'sqs:SendMessage'] },
      { who: 'worker', resource: 'all but q', actions: ['NOT sqs:DeleteQueue'] },
      { who: 'worker', resource: 'b', actions: ['s3:ListBucket if s3:prefix StringLike a/*'] },
    ]);
    expect(grants.map(({ who }) => who)).toContain('other');
  });

  it('is printed as aligned Markdown, each function named once', () => {
    const lines = printGrants(grants).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines[1]).toMatch(/^\|-+\|-+\|-+\|$/);
    expect(lines.filter((line) => line.includes('worker'))).toHaveLength(1);
  });
});
