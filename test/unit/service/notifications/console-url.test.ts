import { describe, expect, it } from '@jest/globals';
import { ConsoleUrl } from '../../../../shared/service/notifications/console-url.ts';

describe('the address of the console', () => {
  it.each([
    ['https://Example.com', 'https://example.com/'],
    ['https://example.com:8443/console/#', 'https://example.com:8443/console/#'],
    ['http://localhost:4000/#', 'http://localhost:4000/#'],
    ['http://127.0.0.1:4000/#', 'http://127.0.0.1:4000/#'],
  ])('is one that browsers open safely, or of one’s own machine: %s', (text, address) => {
    expect(ConsoleUrl.parse(text)).toBe(address);
  });

  it.each([
    'example.com',
    'http://example.com/',
    'ftp://localhost/',
    'javascript:alert(1)',
    'https://olga@example.com/',
    'https://:secret@example.com/',
    'https://example.com/?a=b',
  ])('is not %s, and it is said what would be right', (text) => {
    const { error } = ConsoleUrl.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'Must be an https address without user, password and query, such as https://longhaul.example.com/console/#.',
    ]);
  });
});
