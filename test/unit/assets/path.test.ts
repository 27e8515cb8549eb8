import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type * as z from 'zod';
import {
  AssetPath,
  FolderPath,
  faultOfPath,
  folderOf,
  foldersAbove,
  isWithin,
  MAX_DEPTH,
  MAX_NAME_BYTES,
  MAX_PATH_BYTES,
  nameOf,
  ROOT,
} from '../../../shared/assets/path.ts';

const under = (rest: string): string => `${ROOT}/${rest}`;
const read = (schema: z.ZodType<string>, path: string): string | undefined => schema.safeParse(path).data;
const deep = (levels: number): string => `${ROOT}${'/a'.repeat(levels - 2)}`;
const long = (bytes: number): string =>
  under(`${'x'.repeat(250)}/`.repeat(4))
    .slice(0, bytes)
    .padEnd(bytes, 'y');

describe('a path', () => {
  it.each([
    'a.dita',
    'a/b/c.md',
    'with blanks/and (brackets)/ü–é.png',
    '.hidden',
    'a..b',
    '...',
    '日本語/資料.xml',
    '😀.svg',
    "it's~fine!;=,+$@^`<>\"'",
  ])('may be %s', (rest) => {
    expect(faultOfPath(under(rest))).toBeUndefined();
  });

  it.each([
    ['outside the root', '/etc/passwd'],
    ['beside the root', `${ROOT}-evil/a`],
    ['empty', ''],
    ['relative', 'content/dam/a'],
    ['climbing', under('a/../../../etc/passwd')],
    ['standing still', under('./a')],
    ['with an empty name', under('a//b')],
    ['ending in a slash', under('a/')],
    ['beginning with a blank', under(' a')],
    ['ending in a blank', under('a /b')],
    ['ending in a no-break space', under('a\u00a0')],
    ['with a null character', under('a\u0000.png')],
    ['with a line feed', under('a\nb')],
    ['with a delete character', under('a\u007f')],
    ['with half a character', under('a\ud800')],
    ...'*:[\\]|#%{}?&'.split('').map((character) => [`with a ${character}`, under(`a${character}b`)]),
  ])('may not be %s', (_what, path = '') => {
    expect(faultOfPath(path)).toEqual(expect.any(String));
  });

  it('may have 255 bytes in a name and not one more, counted in UTF-8', () => {
    expect(faultOfPath(under('ü'.repeat(127) + 'x'))).toBeUndefined();
    expect(faultOfPath(under('ü'.repeat(128)))).toBe(`A name must have at most ${MAX_NAME_BYTES} bytes.`);
  });

  it('may have 64 levels and not one more', () => {
    expect(faultOfPath(deep(MAX_DEPTH))).toBeUndefined();
    expect(faultOfPath(deep(MAX_DEPTH + 1))).toBe(`Must have at most ${MAX_DEPTH} levels.`);
  });

  it('may have 1,024 bytes and not one more', () => {
    expect(faultOfPath(long(MAX_PATH_BYTES))).toBeUndefined();
    expect(faultOfPath(long(MAX_PATH_BYTES + 1))).toBe(`Must have at most ${MAX_PATH_BYTES} bytes of UTF-8.`);
  });

  it('is the same file however its accents are written', () => {
    expect(read(AssetPath, under('e\u0301.png'))).toBe(under('\u00e9.png'));
  });
});

describe('the path of an asset', () => {
  it('names a file under the root and never the root itself', () => {
    expect([read(AssetPath, under('a')), read(AssetPath, ROOT)]).toEqual([under('a'), undefined]);
  });
});

describe('the path of a folder', () => {
  it('may be the root', () => {
    expect(read(FolderPath, ROOT)).toBe(ROOT);
  });

  it('may end in one slash, which is forgiven, and not in two', () => {
    expect([read(FolderPath, under('a/')), read(FolderPath, under('a//'))]).toEqual([under('a'), undefined]);
  });
});

describe('the parts of a path', () => {
  const NAME = fc.stringMatching(/^[\wäß.-]{1,20}$/).filter((name) => faultOfPath(under(name)) === undefined);
  const NAMES = fc.array(NAME, { minLength: 1, maxLength: 10 });

  it('come together again', () => {
    fc.assert(
      fc.property(NAMES, (names) => {
        const path = under(names.join('/'));
        return `${folderOf(path)}/${nameOf(path)}` === path;
      }),
    );
  });

  it('are the folders above it, from the top, each holding the next, the root left out', () => {
    fc.assert(
      fc.property(NAMES, (names) => {
        const path = under(names.join('/'));
        const above = foldersAbove(path);
        expect(above).toHaveLength(names.length - 1);
        expect([...above.slice(1), path].map(folderOf).slice(0, above.length)).toEqual(above);
      }),
    );
  });
});

describe('a path within a folder', () => {
  it.each([
    ['the folder itself', under('a'), true],
    ['what lies under it', under('a/b/c'), true],
    ['what only begins like it', under('ab'), false],
    ['what lies above it', ROOT, false],
  ])('%s: %s', (_what, path, within) => {
    expect(isWithin(path, under('a'))).toBe(within);
  });
});
