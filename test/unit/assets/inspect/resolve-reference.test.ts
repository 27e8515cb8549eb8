import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { resolveReference } from '../../../../shared/assets/inspect/resolve-reference.ts';
import { scopeOf } from '../../../../shared/assets/inspect/scope.ts';

const from = '/content/dam/docs/topics/a.xml';
const pathOf = (target: string, file = from) => resolveReference(file, target)?.path;

describe('a reference leads to', () => {
  it.each([
    ['b.xml', '/content/dam/docs/topics/b.xml'],
    ['./b.xml', '/content/dam/docs/topics/b.xml'],
    ['../images/b.png', '/content/dam/docs/images/b.png'],
    ['sub//b.xml', '/content/dam/docs/topics/sub/b.xml'],
    ['/content/dam/x/b.xml', '/content/dam/x/b.xml'],
    ['../../../../content/b.xml', '/content/b.xml'],
    ['b%20c.xml', '/content/dam/docs/topics/b c.xml'],
    ['b%C3%BC.xml', '/content/dam/docs/topics/bü.xml'],
    ['100%.xml', '/content/dam/docs/topics/100%.xml'],
    ['b.xml?x=../y', '/content/dam/docs/topics/b.xml'],
    ['%2e%2e/b.xml', '/content/dam/docs/b.xml'],
    ['..\\images\\b.png', '/content/dam/docs/images/b.png'],
    ['  b.\nxml ', '/content/dam/docs/topics/b.xml'],
    ['folder/', '/content/dam/docs/topics/folder'],
    ['..', '/content/dam/docs'],
    ['../../../..', '/'],
    ['', from],
    ['#x', from],
    ['?x=1', from],
  ])('%j → %s', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });

  it('a place in the file', () => {
    expect(resolveReference(from, 'b.xml?q#t/e')).toEqual({
      path: '/content/dam/docs/topics/b.xml',
      fragment: 't/e',
    });
    expect(resolveReference(from, '#%C3%BC')).toEqual({ path: from, fragment: 'ü' });
    expect(resolveReference(from, 'b.xml#')).toEqual({ path: '/content/dam/docs/topics/b.xml' });
  });

  it.each([
    ['above the root', '../../../../../b.xml'],
    ['above the root, from there', '/../b.xml'],
    ['above the root, in disguise', '/%2e%2e/b.xml'],
    ['a level smuggled into a name', 'x%2F..%2F..%2Fb.xml'],
    ['a backslash smuggled into a name', 'x%5Cb.xml'],
    ['a zero character', 'b%00.xml'],
    ['a drive', 'C:\\docs\\b.xml'],
    ['another place', 'https://x/b.xml'],
    ['another host', '//x/b.xml'],
  ])('nothing: %s', (_, target) => {
    expect(resolveReference(from, target)).toBeUndefined();
  });

  it('something below the root, whatever is written', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', '%2e', '%2F', '%5c', '%', '#', '?', ' ', '\0'),
      fc.string(),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, (file, target) => {
        const path = resolveReference(file.replaceAll('\\', ''), target)?.path;
        if (path === undefined) return;
        expect(path.startsWith('/')).toBe(true);
        expect(path.split('/')).not.toContain('..');
        expect(path).not.toMatch(/\/\/|\\/);
      }),
      { numRuns: 2000 },
    );
  });

  it('the file that a correct relative address was made for', () => {
    const name = fc
      .stringMatching(/^[a-zäß0-9 %&=+-][a-z0-9. %]{0,5}$/)
      .filter((text) => text.trim() === text);
    const path = fc.array(name, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(path, path, (here, there) => {
        const up = here.slice(1).map(() => '..');
        const address = [...up, ...there.map(encodeURIComponent)].join('/');
        expect(pathOf(address, `/${here.join('/')}`)).toBe(`/${there.join('/')}`);
      }),
    );
  });
});

describe('the scope of a target', () => {
  it.each([
    ['http://x', 'external'],
    ['MAILTO:x', 'external'],
    ['javascript:void 0', 'external'],
    ['java\nscript:x', 'external'],
    ['data:,x', 'external'],
    ['//x', 'external'],
    ['\\\\server\\share', 'external'],
    ['#x', 'same-file'],
    ['', 'same-file'],
    [' ', 'same-file'],
    ['?x', 'same-file'],
    ['C:\\x', 'local'],
    ['x', 'local'],
    ['x/y:z', 'local'],
    ['/x', 'local'],
    ['..', 'local'],
  ])('%j is %s', (target, scope) => {
    expect(scopeOf(target)).toBe(scope);
  });
});
