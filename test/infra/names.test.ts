import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { DEPLOYED, propertiesOf, type Resources, stacksOf, synthesised } from '../support/template.ts';

const LONGEST = { stage: 'x'.repeat(20) };

/** Where a name is given that is unique in an account or region, and how long AWS lets it be. */
const NAMED: readonly (readonly [type: string, property: string, longest: number])[] = [
  ['AWS::Lambda::Function', 'FunctionName', 64],
  ['AWS::SQS::Queue', 'QueueName', 80],
  ['AWS::DynamoDB::GlobalTable', 'TableName', 255],
  ['AWS::Logs::LogGroup', 'LogGroupName', 512],
  ['AWS::CloudWatch::Alarm', 'AlarmName', 255],
  ['AWS::CloudWatch::Dashboard', 'DashboardName', 255],
  ['AWS::SNS::Topic', 'TopicName', 256],
  ['AWS::Scheduler::Schedule', 'Name', 64],
  ['AWS::Scheduler::ScheduleGroup', 'Name', 64],
  ['AWS::Cognito::UserPool', 'UserPoolName', 128],
  ['AWS::Cognito::UserPoolDomain', 'Domain', 63],
  ['AWS::ApiGatewayV2::Api', 'Name', 128],
];

const Joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });
const Reference = z.object({ Ref: z.enum(['AWS::AccountId', 'AWS::Region']) });
const WORKED_OUT = { 'AWS::AccountId': '123456789012', 'AWS::Region': 'ap-southeast-1' } as const;

/** A name as CloudFormation would work it out. */
function textOf(name: unknown): string {
  if (typeof name === 'string') return name;
  const joined = Joined.safeParse(name);
  if (!joined.success) return WORKED_OUT[Reference.parse(name).Ref];
  const [separator, parts] = joined.data['Fn::Join'];
  return parts.map(textOf).join(separator);
}

const namesOf = (resources: Resources): string[] =>
  NAMED.flatMap(([type, property]) =>
    propertiesOf(resources, type).map((properties) => `${type} ${textOf(properties[property])}`),
  );
const exportsOf = (context: typeof DEPLOYED): string[] =>
  Object.values(stacksOf(context)).flatMap(({ Outputs }) =>
    Object.values(Outputs).flatMap(({ Export }) => Export?.Name ?? []),
  );

describe('two stages in one account', () => {
  const OTHER = { stage: 'test' };

  it('share no name', () => {
    const names = namesOf(synthesised(DEPLOYED));
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(50);
    expect(namesOf(synthesised(OTHER)).filter((name) => names.includes(name))).toEqual([]);
  });

  it('share no stack, and offer each other nothing', () => {
    expect(Object.keys(stacksOf(OTHER)).filter((name) => name in stacksOf(DEPLOYED))).toEqual([]);
    const offered = exportsOf(DEPLOYED);
    expect(offered.length).toBeGreaterThan(10);
    expect(exportsOf(OTHER).filter((name) => offered.includes(name))).toEqual([]);
  });

  it('leave it to AWS to name what is unique in the whole world', () => {
    for (const bucket of propertiesOf(synthesised(DEPLOYED), 'AWS::S3::Bucket')) {
      expect(bucket).not.toHaveProperty('BucketName');
    }
  });
});

describe('the longest stage name', () => {
  const resources = synthesised(LONGEST);

  it.each(NAMED)('makes no name of %s too long', (type, property, longest) => {
    const names = propertiesOf(resources, type).map((properties) => textOf(properties[property]));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(name).toContain(LONGEST.stage);
      expect(name.length).toBeLessThanOrEqual(longest);
    }
  });
});

describe('somebody who opens the AWS console', () => {
  const resources = synthesised(DEPLOYED);

  it.each(['AWS::Lambda::Function', 'AWS::ApiGatewayV2::Api', 'AWS::Scheduler::Schedule'])(
    'reads what it is for: %s',
    (type) => {
      for (const { Description } of propertiesOf(resources, type))
        expect(Description).toMatch(/^Longhaul: .+\.$/);
    },
  );

  it('reads what a stack is for, and of which stage it is', () => {
    for (const { Description } of Object.values(stacksOf(DEPLOYED))) {
      expect(Description).toMatch(/^Longhaul \(dev\): .+\.$/);
    }
  });

  it('finds all of a stage by its tags', () => {
    const tagged = Object.values(resources).filter(({ Properties }) =>
      ['Tags', 'UserPoolTags'].some((property) => property in Properties),
    );
    expect(tagged.length).toBeGreaterThan(60);
    for (const { Properties } of tagged) {
      const tags = JSON.stringify(Properties['Tags'] ?? Properties['UserPoolTags']);
      expect(tags).toContain('longhaul');
      expect(tags).toContain('dev');
    }
  });

  it('is told by the stacks where everything is', () => {
    const outputs = Object.values(stacksOf(DEPLOYED)).flatMap(({ Outputs }) => Object.keys(Outputs));
    expect(outputs.filter((name) => !name.startsWith('Exports'))).toEqual([
      'UserPoolId',
      'PeopleClientId',
      'TokenUrl',
      'ApiUrl',
      'DashboardUrl',
    ]);
  });
});
