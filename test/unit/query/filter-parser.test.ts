import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { MAX_FILTER_CHARACTERS, MAX_FILTER_DEPTH, parseFilter } from '../../../shared/query/parse-filter.ts';
import { QueryFault } from '../../../shared/query/query-fault.ts';
import { generatedParser } from '../../support/grammar.ts';

const faultOf = (text: string): QueryFault => {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof QueryFault) return error;
    throw error;
  }
  throw new Error(`This was accepted: ${text}`);
};

const nested = (depth: number): string => `${'('.repeat(depth)}a eq 1${')'.repeat(depth)}`;

describe('the parser of filters', () => {
  it('is the one that the grammar says; "npm run grammar" renews it', () => {
    const { stands, should } = generatedParser();
    expect(stands === should).toBe(true);
  });

  it.each([
    'statecode eq 3 and createdon lt 2026-01-31T10:00:00Z',
    "completedon lt now() sub duration'P30D'",
    "completedon lt now() add 'PT1H30M5S' sub duration'P1DT2H'",
    "contains(name,'O''Hara') or not startswith(name, 'a') or endswith(name,'')",
    'a in (1,2, 3) and b in (null)',
    'datablobid ne null',
    'not(a eq 1) and not not b eq true',
    '  ( ( a eq 1 )   or b gt -1.5e-3 )  ',
    '_ownerid_value eq 5531d753-95af-e711-a94e-000d3a11e605',
    'A EQ 1 AND b Ne 2',
    'android eq 1 and notes eq 2 and inn eq 3 and orders eq 4',
    'isPlatformGenerated',
    '3 eq statecode',
    "name eq '日本 ''\n( and or'",
    'true',
  ])('takes %s', (text) => {
    expect(parseFilter(text)).toHaveProperty('kind');
  });

  it('binds "and" closer than "or", and "not" closest', () => {
    expect(parseFilter('a or b and not c')).toMatchObject({
      kind: 'or',
      parts: [{ name: 'a' }, { kind: 'and', parts: [{ name: 'b' }, { kind: 'not', of: { name: 'c' } }] }],
    });
  });

  it('reads texts, numbers and durations as they are meant', () => {
    expect(parseFilter("x eq 'it''s'")).toMatchObject({ right: { type: 'string', text: "it's", at: 5 } });
    expect(parseFilter('x eq 12345678901234567890')).toMatchObject({
      right: { text: '12345678901234567890' },
    });
    expect(parseFilter("x lt now() sub 'P1DT1H1M1S'")).toMatchObject({ right: { byMs: -90_061_000 } });
  });

  it.each([
    ['', 0, /^At character 1: Expected .*a column.*but found the end/],
    ['a eq', 4, /found the end/],
    ['a eq 1 and', 10, /found the end/],
    ['a = 1', 2, /found "="/],
    ['a eq 1)', 6, /found "\)"/],
    ['(a eq 1', 7, /"\)"/],
    ["a eq 'open", 5, /found "'"/],
    ['a eq "x"', 5, /found "\\""/],
    ['a in ()', 6, /a number/],
    ['a in (b)', 6, /found "b"/],
    ['a eq 1; drop table', 6, /found ";"/],
    ['a/b eq 1', 1, /found "\/"/],
    ["contains(name,'x'", 17, /"\)"/],
    ['a eq 1 b eq 2', 7, /found "b"/],
    ['a eq 12x', 5, /found "1"|found "x"/],
    ['a eq 2026-01-31T10', 9, /found "-"/],
    ["a lt now() sub 'P1M'", 15, /duration/],
  ])('refuses %j and says where: %d', (text, at, why) => {
    const fault = faultOf(text);
    expect([text, fault.at]).toEqual([text, at]);
    expect(fault.message).toMatch(why);
  });

  it('refuses what is too long, and what is nested too deep, before it looks at it', () => {
    const long = `name eq '${'x'.repeat(MAX_FILTER_CHARACTERS)}'`;
    expect(faultOf(long).message).toContain('at most 8192 characters');
    expect(parseFilter(nested(MAX_FILTER_DEPTH))).toMatchObject({ kind: 'compare' });
    expect(faultOf(nested(MAX_FILTER_DEPTH + 1))).toMatchObject({ at: MAX_FILTER_DEPTH });
    expect(faultOf(`contains(${'f('.repeat(200)}`)).toMatchObject({
      message: expect.stringContaining('100'),
    });
    // Parentheses in a text are text.
    expect(parseFilter(`a eq '${'('.repeat(1_000)}'`)).toMatchObject({ kind: 'compare' });
  });

  it('does work that grows with the length of the text, not with powers of its depth', () => {
    // 2^100 steps would never come to an end.
    expect(parseFilter(nested(100))).toMatchObject({ kind: 'compare' });
    expect(faultOf(`${'('.repeat(100)}a eq`)).toMatchObject({ at: 104 });
    expect(faultOf(`${'not ('.repeat(100)}a eq 1`)).toMatchObject({ at: 506 });
    const many = Array.from({ length: 700 }, (_, n) => `a eq ${n}`).join(' or ');
    expect(parseFilter(many.slice(0, many.lastIndexOf(' or ', 8_000)))).toMatchObject({ kind: 'or' });
    expect(parseFilter(`${'not '.repeat(2_000)}a`)).toMatchObject({ kind: 'column' });
    expect(faultOf('a eq 1 '.padEnd(8_000, 'and ')).message).toContain('Expected');
  });

  it('answers anything with a filter or a fault, never with another error', () => {
    const words = [
      'a',
      ' ',
      'eq',
      '(',
      ')',
      'not',
      'and',
      "'",
      '1',
      'null',
      'in',
      ',',
      'now()',
      'sub',
      'P1D',
      '-',
    ];
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...words)).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryFault);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
