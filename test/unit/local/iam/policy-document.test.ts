import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { managedPolicy } from '../../../../local/iam/managed-policies.ts';
import { policyDocument } from '../../../../local/iam/policy-document.ts';

const sound = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' };

const faultsOf = (statement: object) => {
  const read = policyDocument.safeParse({ Version: '2012-10-17', Statement: [statement] });
  return read.success ? 'none' : z.prettifyError(read.error);
};

describe('a policy that could not be judged here is refused with', () => {
  it.each<[string, object, RegExp]>([
    [
      'its operator',
      { Condition: { DateLessThan: { 'aws:SecureTransport': 'x' } } },
      /operator DateLessThan/,
    ],
    ['its negated Bool', { Condition: { NotBool: { 'aws:SecureTransport': 'x' } } }, /operator NotBool/],
    ['its condition key', { Condition: { StringEquals: { 'aws:UserAgent': 'x' } } }, /key aws:UserAgent/],
    ['its variable', { Resource: 'arn:aws:s3:::b/${aws:username}' }, /policy variables/],
    ['its malformed action', { Action: 'SendMessage' }, /an action is/],
    ['its malformed resource', { Resource: 'longhaul-jobs' }, /a resource is/],
    ['both Action and NotAction', { NotAction: 'sqs:*' }, /exactly one of Action/],
    ['no resource', { Resource: undefined }, /exactly one of Resource/],
    ['a principal', { Principal: '*' }, /Principal/],
  ])('%s', (_what, change, message) => {
    expect(faultsOf({ ...sound, ...change })).toMatch(message);
  });

  it('nothing, when it is sound', () => {
    expect(faultsOf(sound)).toBe('none');
  });
});

const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;

describe('a managed policy', () => {
  it('stands for its statements', () => {
    const [statement] = managedPolicy.parse(arn('service-role/AWSLambdaBasicExecutionRole'));
    expect(statement?.actions.patterns).toContain('logs:PutLogEvents');
  });

  it('that is unknown is refused by name', () => {
    expect(() => managedPolicy.parse(arn('AdministratorAccess'))).toThrow(
      /policy\/AdministratorAccess is not/,
    );
  });
});
