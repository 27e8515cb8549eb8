import type { Stack } from '../../../local/template/assembly.ts';
import { type Resource, readResources } from '../../../local/template/resources.ts';

type Resources = Record<string, { readonly Type: string; readonly Properties: Record<string, unknown> }>;

/** A stack of hand-written resources, as the runtime reads it. */
export function readTemplate(resources: Resources): Resource[] {
  const stack: Stack = {
    name: 'Test',
    templateFile: 'Test.template.json',
    template: { Parameters: {}, Outputs: {}, Resources: resources },
    assetFolder: () => '',
  };
  return readResources([stack], { sqs: 'http://sqs', http: 'http://here' });
}

export const att = (name: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [name, attribute] });

/** One statement that allows. */
export const allow = (Action: string | string[], Resource: unknown, Condition = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  Condition,
});

export const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

export const aRole = (service: string, ...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: `${service}.amazonaws.com` },
    }),
    Policies: [{ PolicyName: 'Inline', PolicyDocument: policy(...statements) }],
  },
});

export const aFunction = (FunctionName: string, role = 'Role') => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { S3Bucket: 'b', S3Key: 'k.zip' },
    Role: att(role),
  },
});
