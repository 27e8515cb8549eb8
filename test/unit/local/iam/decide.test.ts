import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { decide } from '../../../../local/iam/decide.ts';
import { policyDocument } from '../../../../local/iam/policy-document.ts';

const read = (...statements: object[]) =>
  policyDocument.parse({ Version: '2012-10-17', Statement: statements });

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Books';
const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const deny = (Action: string | string[], Resource: string | string[] = '*') => ({
  ...allow(Action, Resource),
  Effect: 'Deny',
});
const get = { action: 'dynamodb:GetItem', resource: table };

describe('a request is', () => {
  it.each([
    ['not allowed when nothing speaks of it', [], 'not allowed'],
    ['allowed by an Allow', [allow('dynamodb:GetItem', table)], 'allowed'],
    ['explicitly denied whatever else allows it', [allow('*'), deny('dynamodb:*')], 'explicitly denied'],
    ['explicitly denied whichever comes first', [deny('dynamodb:*'), allow('*')], 'explicitly denied'],
    ['allowed by a wildcard', [allow('dynamodb:Get*')], 'allowed'],
    ['allowed whatever the case of the action', [allow('DynamoDB:getitem')], 'allowed'],
    ['not allowed by another action', [allow('dynamodb:BatchGetItem')], 'not allowed'],
    ['not allowed on another resource', [allow('dynamodb:GetItem', `${table}/index/*`)], 'not allowed'],
    [
      'allowed by NotAction that leaves it over',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      'allowed',
    ],
    [
      'not allowed by NotAction that names it',
      [{ Effect: 'Allow', NotAction: 'dynamodb:*', Resource: '*' }],
      'not allowed',
    ],
    [
      'explicitly denied by NotResource that leaves it over',
      [allow('*'), { Effect: 'Deny', Action: '*', NotResource: `${table}2` }],
      'explicitly denied',
    ],
    [
      'allowed beside a NotResource that names it',
      [allow('*'), { Effect: 'Deny', Action: '*', NotResource: table }],
      'allowed',
    ],
    [
      'not allowed while a condition fails',
      [{ ...allow('*'), Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
      'not allowed',
    ],
  ])('%s', (_what, statements, decision) => {
    expect(decide(read(...statements), get)).toBe(decision);
  });

  it('allowed when all conditions hold', () => {
    const secure = {
      ...allow('*'),
      Condition: {
        Bool: { 'aws:SecureTransport': true },
        StringEquals: { 'aws:RequestedRegion': ['a', 'b'] },
      },
    };
    const context = { 'aws:securetransport': ['true'], 'aws:requestedregion': ['b'] };
    expect(decide(read(secure), { ...get, context })).toBe('allowed');
  });
});

const actions = fc.constantFrom('*', 'a:*', 'a:Get', 'a:G?t', 'b:Get', 'b:*');
const resources = fc.constantFrom('*', 'arn:aws:a:::x', 'arn:aws:a:::x*', 'arn:aws:b:::*');
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.array(actions, { minLength: 1, maxLength: 3 }),
  Resource: fc.array(resources, { minLength: 1, maxLength: 3 }),
});
const request = fc.record({
  action: fc.constantFrom('a:Get', 'a:Put', 'b:Get'),
  resource: fc.constantFrom('arn:aws:a:::x', 'arn:aws:a:::xy', 'arn:aws:b:::z', '*'),
});

describe('whatever the policies are', () => {
  const statements = fc.array(statement, { maxLength: 6 });

  it('one more Deny never grants anything', () => {
    fc.assert(
      fc.property(statements, statement, request, (given, more, asked) => {
        const before = decide(read(...given), asked);
        const after = decide(read(...given, { ...more, Effect: 'Deny' }), asked);
        return after !== 'allowed' || before === 'allowed';
      }),
    );
  });

  it('one more Allow never takes anything away, and never lifts a Deny', () => {
    fc.assert(
      fc.property(statements, statement, request, (given, more, asked) => {
        const before = decide(read(...given), asked);
        const after = decide(read(...given, { ...more, Effect: 'Allow' }), asked);
        return after === before || (before === 'not allowed' && after === 'allowed');
      }),
    );
  });

  it('their order does not matter', () => {
    fc.assert(
      fc.property(
        statements,
        request,
        (given, asked) => decide(read(...given), asked) === decide(read(...given.toReversed()), asked),
      ),
    );
  });

  it('without an Allow nothing is allowed', () => {
    fc.assert(
      fc.property(statements, request, (given, asked) => {
        const denials = given.map((one) => ({ ...one, Effect: 'Deny' }));
        return decide(read(...denials), asked) !== 'allowed';
      }),
    );
  });
});
