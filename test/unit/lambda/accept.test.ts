import { describe, expect, it } from '@jest/globals';
import { prefersTo } from '../../../shared/lambda/accept.ts';

describe('a client would rather have CSV than JSON', () => {
  it.each([
    'text/csv',
    'TEXT/CSV',
    'text/*',
    'text/csv, */*',
    'text/csv, application/json',
    'text/csv;header=present',
    'application/json;q=0.5, text/csv;q=0.9',
    'text/csv, */*;q=0.8',
    'application/*, text/csv',
  ])('where it accepts %s', (accept) => {
    expect(prefersTo(accept, 'text/csv')).toBe(true);
  });

  it.each([
    undefined,
    '',
    '*/*',
    'application/json',
    'application/json, text/csv',
    'application/json, */*',
    'text/csv;q=0',
    'text/csv;q=x, application/json',
    'text/csv;q=0.1, application/json;q=0.2',
    'text/*, application/json',
    'text/html, */*',
    'image/png',
  ])('but not where it accepts %s', (accept) => {
    expect(prefersTo(accept, 'text/csv')).toBe(false);
  });
});
