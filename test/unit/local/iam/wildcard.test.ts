import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { arnMatches, wildcardMatches } from '../../../../local/iam/wildcard.ts';

/** The same question answered another way: how far into the text each prefix of the pattern can reach. */
function reaches(pattern: string, text: string): boolean {
  let reached = new Set([0]);
  for (const sign of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (sign === '*') for (let end = at; end <= text.length; end++) next.add(end);
      else if (at < text.length && (sign === '?' || text[at] === sign)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}

const signs = fc.string({
  unit: fc.constantFrom('a', 'b', '*', '?', '.', '+', '(', '\\', '\n'),
  maxLength: 8,
});
const plain = fc.string({ unit: fc.constantFrom('a', 'b', '.', '+', '(', '\\', '\n'), maxLength: 8 });

describe('a wildcard', () => {
  it('stands for what an independent matcher says, whatever other signs are about', () => {
    fc.assert(
      fc.property(signs, plain, (pattern, text) => wildcardMatches(pattern, text) === reaches(pattern, text)),
    );
  });

  it('a text without wildcards describes itself alone', () => {
    fc.assert(fc.property(plain, plain, (one, other) => wildcardMatches(one, other) === (one === other)));
  });
});

const key = (rest: string) => `arn:aws:s3:::amzn-s3-demo-bucket/${rest}`;

describe('an ARN pattern', () => {
  it.each([
    // The examples of the IAM User Guide, "Using wildcards in the paths", and of the page on resources.
    [key('*/test/*'), key('1/test/object.jpg'), true],
    [key('*/test/*'), key('1/2/test/3/object.jpg'), true],
    [key('*/test/*'), key('1/test'), false],
    [key('1/test/*'), key('1/test/2/object.jpg'), true],
    [key('1/test?'), key('1/tests'), true],
    [key('1/test?'), key('1/test'), false],
    ['arn:aws:sqs:*:*:queue', 'arn:aws:sqs:us-east-1:000000000000:queue', true],
    ['arn:aws:lambda:us-east-1:0:function:name:*', 'arn:aws:lambda:us-east-1:0:function:name:7', true],
    ['arn:aws:lambda:us-east-1:0:function:name:*', 'arn:aws:lambda:us-east-1:0:function:name', false],
    ['*', '*', true],
    ['arn:aws:sqs:*:*:*', '*', false],
  ])('%s describes %s: %s', (pattern, arn, described) => {
    expect(arnMatches(pattern, arn)).toBe(described);
  });

  it('a wildcard does not reach from one segment into the next', () => {
    expect(arnMatches('arn:aws:sqs:us-*:queue', 'arn:aws:sqs:us-east-1:0:queue')).toBe(false);
    expect(arnMatches('arn:aws:s*:::x', 'arn:aws:sqs:us-east-1:0:x')).toBe(false);
  });

  it('keeps the case', () => {
    expect(arnMatches('arn:aws:sqs:us-east-1:0:Queue', 'arn:aws:sqs:us-east-1:0:queue')).toBe(false);
  });
});
