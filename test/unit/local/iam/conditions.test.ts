import { describe, expect, it } from '@jest/globals';
import { conditionHolds } from '../../../../local/iam/conditions.ts';

const holds = (operator: string, values: string[], given: readonly string[] | undefined) =>
  conditionHolds({ operator, key: 's3:Prefix', values }, given ? { 's3:prefix': given } : {});

describe('a condition', () => {
  it.each<[string, string[], string[] | undefined, boolean]>([
    ['StringEquals', ['a', 'b'], ['b'], true],
    ['StringEquals', ['a', 'b'], ['B'], false],
    ['StringEquals', ['a*'], ['ab'], false],
    ['StringEquals', ['a'], undefined, false],
    ['StringEqualsIgnoreCase', ['A'], ['a'], true],
    ['StringNotEquals', ['a', 'b'], ['c'], true],
    ['StringNotEquals', ['a', 'b'], ['b'], false],
    ['StringNotEquals', ['a'], undefined, true],
    ['StringLike', ['a/*'], ['a/b'], true],
    ['StringNotLike', ['a/*'], ['a/b'], false],
    ['ArnLike', ['arn:aws:s3:::*'], ['arn:aws:s3:::x'], true],
    ['ArnEquals', ['arn:aws:s3:::*'], ['arn:aws:s3:::x'], true],
    ['ArnNotLike', ['arn:aws:s3:::*'], ['arn:aws:sqs:::x'], true],
    ['Bool', ['true'], ['True'], true],
    ['Bool', ['true'], ['false'], false],
    ['StringEqualsIfExists', ['a'], undefined, true],
    ['StringEqualsIfExists', ['a'], ['b'], false],
    ['Null', ['true'], undefined, true],
    ['Null', ['false'], undefined, false],
    ['Null', ['false'], ['a'], true],
    // IAM User Guide, "Set operators for multivalued context keys".
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], undefined, true],
    ['ForAnyValue:StringEquals', ['a', 'b'], ['c', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['c'], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
    ['ForAnyValue:StringNotEquals', ['a'], undefined, false],
  ])('%s %j with %j: %s', (operator, values, given, expected) => {
    expect(holds(operator, values, given)).toBe(expected);
  });
});
