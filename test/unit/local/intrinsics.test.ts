import { describe, expect, it } from '@jest/globals';
import { noValue, resolveIntrinsics, type Scope } from '../../../local/template/intrinsics.ts';

const scope: Scope = {
  ref: (name) => {
    if (name === 'AWS::NoValue') return noValue;
    if (name === 'Queue') return 'http://queue';
    throw new Error(`no ${name}`);
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  importValue: (name) => `imported ${name}`,
};

const resolve = (value: unknown) => resolveIntrinsics(value, scope);

describe('intrinsic functions', () => {
  it('are replaced at any depth, and nothing else is touched', () => {
    const value = { a: [{ b: { Ref: 'Queue' } }, 1, true, null], Reference: { Refs: 'Queue' } };
    expect(resolve(value)).toEqual({
      a: [{ b: 'http://queue' }, 1, true, null],
      Reference: { Refs: 'Queue' },
    });
  });

  it.each([
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
    [{ 'Fn::GetAtt': 'Queue.Arn' }, 'Queue/Arn'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'Queue' }, 3]] }, 'a-http://queue-3'],
    [{ 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'Queue' }] }] }, 'queue'],
    [{ 'Fn::ImportValue': { 'Fn::Join': [':', ['other', 'Output']] } }, 'imported other:Output'],
    [{ 'Fn::Sub': 'q=${Queue} arn=${Queue.Arn} ${!literal}' }, 'q=http://queue arn=Queue/Arn ${literal}'],
    [{ 'Fn::Sub': ['${Own}-${Queue}', { Own: { 'Fn::GetAtt': ['X', 'Y'] } }] }, 'X/Y-http://queue'],
  ])('%j becomes %j', (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it('AWS::NoValue removes the property or element that holds it', () => {
    expect(resolve({ a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 2] })).toEqual({ b: [2] });
  });

  it('an unknown one is an error that names it', () => {
    expect(() => resolve({ 'Fn::GetStackOutput': 'other' })).toThrow(/Fn::GetStackOutput is not known/);
  });

  it('an element that is not there is an error, not undefined', () => {
    expect(() => resolve({ 'Fn::Select': [5, ['a']] })).toThrow(/no element 5/);
  });
});
