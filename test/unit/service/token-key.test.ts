import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { tokenKey } from '../../../shared/service/token-key.ts';

const TOKEN = fc.string({ unit: 'binary', minLength: 1, maxLength: 256 });

describe('the key of a token', () => {
  it.each(['orders', 'ORDERS', ' orders ', 'x'.repeat(64), 'ü'.repeat(32), '日本 😀', '/content/dam'])(
    'is the token itself where that is short: %s',
    (token) => {
      expect(tokenKey(token)).toBe(token);
    },
  );

  it.each(['x'.repeat(65), 'ü'.repeat(33), 'x'.repeat(256)])('is its hash where it is long: %s', (token) => {
    expect(tokenKey(token)).toMatch(/^sha256:[\w-]{43}$/);
  });

  it('of a token that looks like the key of another is not the key of that one', () => {
    const key = tokenKey('x'.repeat(65));
    expect(tokenKey(key)).not.toBe(key);
  });

  it('is the same for the same token, another for another, and has at most 64 bytes', () => {
    fc.assert(
      fc.property(TOKEN, TOKEN, (one, other) => {
        expect(tokenKey(one) === tokenKey(other)).toBe(one === other);
        expect(tokenKey(one)).toBe(tokenKey(one));
        expect(Buffer.byteLength(tokenKey(one))).toBeLessThanOrEqual(64);
      }),
    );
  });
});
