import { describe, expect, it } from '@jest/globals';
import { limits } from '../../../../shared/assets/inspect/limits.ts';
import { inspectText } from '../../../support/inspect/files.ts';

const deep = 100_000;
const lists = (levels: number) => Array.from({ length: levels }, (_, n) => `${'  '.repeat(n)}- a\n`).join('');
const linkAround = (brackets: number) => `[${'['.repeat(brackets)}a${']'.repeat(brackets)}](b.md)`;
const failureOf = async (name: string, content: string) => (await inspectText(name, content)).failure?.code;
const declare = (entities: string[], body = '') =>
  `<!DOCTYPE a [${entities.map((one) => `<!ENTITY ${one}>`).join('')}]><a>${body}</a>`;
/** The same in each: `count` entities, each ten times the one before. */
const laughs = (count: number) =>
  Array.from({ length: count }, (_, n) => (n === 0 ? 'l0 "lol"' : `l${n} "${`&l${n - 1};`.repeat(10)}"`));

describe('depth', () => {
  it.each([
    ['XML', 'a.xml', '<a>'.repeat(deep) + '</a>'.repeat(deep)],
    ['DITA', 'a.dita', `<topic id="t">${'<b>'.repeat(deep)}`],
    ['HTML', 'a.html', '<!DOCTYPE html>' + '<div>'.repeat(deep)],
    [
      'HTML that reopens its formatting',
      'a.html',
      Array.from({ length: 2000 }, (_, n) => `<b id=${n}>`).join('<p>'),
    ],
    ['quotes in Markdown', 'a.md', `${'>'.repeat(deep)} a`],
    ['lists in Markdown', 'a.md', `${'* '.repeat(deep)}a`],
    ['numbered lists in Markdown', 'a.md', `${'1. '.repeat(deep)}a`],
    ['lists in Markdown, line by line', 'a.md', lists(limits.depth + 1)],
    ['brackets of Markdown', 'a.md', `${'['.repeat(deep)}a${']'.repeat(deep)}`],
    ['brackets of Markdown around a link', 'a.md', `${'['.repeat(20_000)}a${'](b)'.repeat(20_000)}`],
    ['images of Markdown', 'a.md', `${'!['.repeat(deep)}a${'](b)'.repeat(deep)}`],
    ['HTML in Markdown', 'a.md', '<div id=a>'.repeat(deep)],
  ])('of %s is a failure, at once', async (_, name, content) => {
    expect(await failureOf(name, content)).toBe('too-deep');
  });

  it('is no failure up to the limit', async () => {
    expect(
      await failureOf('a.xml', '<a>'.repeat(limits.depth) + '</a>'.repeat(limits.depth)),
    ).toBeUndefined();
    expect(await failureOf('a.xml', '<a>'.repeat(limits.depth + 1) + '</a>'.repeat(limits.depth + 1))).toBe(
      'too-deep',
    );
    expect(await failureOf('a.md', `${'>'.repeat(limits.depth)} a`)).toBeUndefined();
    expect(await failureOf('a.md', `${'>'.repeat(limits.depth + 1)} a`)).toBe('too-deep');
    expect(await failureOf('a.md', lists(limits.depth))).toBeUndefined();
  });

  it('of brackets is none up to theirs, and the link around them is found', async () => {
    const { document, failure } = await inspectText('a.md', linkAround(limits.brackets - 1));
    expect([document?.references.length, failure]).toEqual([1, undefined]);
    expect(await failureOf('a.md', linkAround(limits.brackets))).toBe('too-deep');
  });

  it.each([
    ['brackets', '['.repeat(deep)],
    ['closing brackets', ']'.repeat(deep)],
    ['emphasis', `${'*a '.repeat(deep)}${' a*'.repeat(deep)}`],
    ['a very long rule', '-'.repeat(deep)],
    ['a very long word', 'a'.repeat(deep)],
  ])('is none in %s of Markdown', async (_, content) => {
    expect(await failureOf('a.md', content)).toBeUndefined();
  });
});

/** Half a mebibyte of each, which took a parser by the square more than ten seconds. */
describe('Markdown that repeats itself', () => {
  const half = 512 * 1024;
  const filled = (piece: string, head = '') => head + piece.repeat(Math.floor(half / piece.length));
  const ticks = Array.from({ length: 1000 }, (_, n) => `e${'`'.repeat(n)}`).join('');

  it.each([
    ['emphasis', filled('*a few words* ')],
    ['emphasis that is only closed', filled('a** ')],
    ['stars and underscores', filled('**words*_')],
    ['links that are only opened', filled('[a](')],
    ['addresses that are only opened', filled('[a](<b')],
    ['titles that are only opened', filled('[a](b "c')],
    ['labels that are only opened', filled('[a][b')],
    ['brackets that are only opened', filled('[')],
    ['images that are only opened', filled('![')],
    ['images inside each other', filled(`${'!['.repeat(50)}a${'](b)'.repeat(50)} `)],
    ['code with more and more ticks', ticks],
    ['comments that are only opened', filled('x<!--')],
    ['instructions that are only opened', filled('x<?')],
    ['declarations that are only opened', filled('x<!A ')],
    ['CDATA that is only opened', filled('x<![CDATA[')],
    ['bare addresses without a host', filled('http://_.')],
    ['brackets in a bare address', `https://a.b/${filled('(.')}${filled(').')}`],
    ['spaces in a heading', `# a${filled(' ')}b`],
    ['ids in a heading', filled('{#a} ', '# ')],
    ['lists inside each other, again and again', lists(400).repeat(8)],
    ['lists inside each other on each line', filled(`${'- '.repeat(500)}a\n`)],
    ['lines behind a deep list', filled('a b\n', `${'- '.repeat(400)}a\n`)],
    ['titles of definitions that are only opened', filled('[a]: b "c\n')],
    ['tables', filled('|a|\n|-|\n')],
    ['a table with many empty cells', filled('|a\n', `${'|a'.repeat(1000)}|\n${'|-'.repeat(1000)}|\n`)],
  ])('is read to its end: %s', async (_, content) => {
    expect(await failureOf('a.md', content)).toBeUndefined();
  });

  it.each([
    ['lines behind a deep quote', filled('a\n', `${'>'.repeat(500)}a\n`), 'too-large'],
    ['definitions', filled('[a]: b\n'), 'too-many-facts'],
    ['headings', filled('a\n=\n'), 'too-many-facts'],
  ])('is a failure: %s', async (_, content, failure) => {
    expect(await failureOf('a.md', content)).toBe(failure);
  });

  it.each([
    ['lines', '\n'.repeat(limits.markdownPieces + 1)],
    ['blocks', '- a\n- b\n# c\n'.repeat(limits.markdownPieces / 4 + 1)],
    ['pieces in one paragraph', '*a'.repeat(limits.markdownPieces)],
  ])('with more than 500,000 %s is too large', async (what, content) => {
    expect((await inspectText('a.md', content)).failure).toEqual({
      code: 'too-large',
      reason: `too large to be parsed: more than 500,000 ${what}`,
    });
  });
});

describe('entity bombs', () => {
  it.each([
    ['billion laughs', declare(laughs(10), '&l9;')],
    ['billion laughs that nobody laughs at', declare(laughs(10))],
    ['many references to a long one', declare([`a "${'a'.repeat(50_000)}"`], '&a;'.repeat(50_000))],
    ['many references in attributes', declare([`a "${'a'.repeat(50_000)}"`], '<b c="&a;"/>'.repeat(50_000))],
    ['one inside itself', declare(['a "&a;"'], '&a;')],
    ['two inside each other', declare(['a "&b;"', 'b "&a;"'])],
    ['a long chain', declare(Array.from({ length: 10_000 }, (_, n) => `e${n} "&e${n + 1};"`))],
  ])('%s: a failure, at once', async (_, content) => {
    expect(await failureOf('a.xml', content)).toBe('entity-bomb');
  });

  it('a few laughs are none', async () => {
    expect(await failureOf('a.xml', declare(laughs(4), '&l3;'))).toBeUndefined();
  });

  it('a product name in a thousand places is none', async () => {
    expect(await failureOf('a.xml', declare(['p "Apache Impala"'], '&p; '.repeat(10_000)))).toBeUndefined();
  });
});

describe('size', () => {
  it.each([
    ['HTML', 'a.html', 'html', '<a>'],
    ['XML', 'a.xml', 'xml', '<a>'],
    ['DITA', 'a.xml', 'dita-topic', '<topic id="t">'],
    ['Markdown', 'a.md', 'markdown', '[a](b) '],
  ])('50 MB of %s are not parsed, but known', async (_, name, kind, piece) => {
    const bytes = Buffer.alloc(50_000_000, piece);
    const inspection = await inspectText(name, bytes);
    expect(inspection).toMatchObject({ kind, size: 50_000_000, failure: { code: 'too-large' } });
    expect(inspection.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(inspection.document).toBeUndefined();
  });

  it('is no matter for plain text', async () => {
    const inspection = await inspectText('a.csv', Buffer.alloc(50_000_000, 'ü,'));
    expect(inspection).toMatchObject({ kind: 'text', mediaType: 'text/csv' });
    expect(inspection.failure).toBeUndefined();
  });

  it('of single parts is bounded', async () => {
    const attributes = Array.from({ length: 50_000 }, (_, n) => `a${n}="x"`).join(' ');
    expect(await failureOf('a.xml', `<a ${attributes}/>`)).toBeUndefined();
    expect(await failureOf('a.html', `<!DOCTYPE html><p ${attributes}>`)).toBeUndefined();
    expect(
      await failureOf('a.html', `<!DOCTYPE html><img srcset="${','.repeat(1_000_000)}">`),
    ).toBeUndefined();
    expect(await failureOf('a.xml', `<a b="${'x'.repeat(1_000_000)}"/>`)).toBeUndefined();
  });
});

describe('too many facts', () => {
  it.each([
    ['references', '<xref href="b.xml"/>', limits.references, (n: number) => `<xref href="${n}.xml"/>`],
    ['ids', '<p id="x"/>', limits.ids, (n: number) => `<p id="x${n}"/>`],
  ])('%s above the limit are cut, and it is said', async (what, _, limit, piece) => {
    const content = Array.from({ length: limit + 1 }, (__, n) => piece(n)).join('');
    const { document, failure } = await inspectText('a.xml', `<topic>${content}</topic>`);
    expect(failure).toEqual({
      code: 'too-many-facts',
      reason: 'only the first 50,000 ids and 50,000 references are kept',
    });
    expect(document?.[what === 'ids' ? 'ids' : 'references']).toHaveLength(limit);
    expect(document?.wellFormed).toBe(true);
  });
});

describe('a prolog that never ends', () => {
  it.each([
    ['comments', `<!DOCTYPE a [${'<!--'.repeat(200_000)}`],
    ['closed comments', '<!-- -->'.repeat(200_000)],
    ['literals', `<!DOCTYPE a [${'<!ENTITY a "x'.repeat(100_000)}`],
    ['parameters', `<!DOCTYPE a [${'%a'.repeat(300_000)}`],
    ['brackets', `<!DOCTYPE a ${'['.repeat(300_000)}`],
    ['a start tag', `<a ${'x'.repeat(1_000_000)}`],
  ])('of %s is read quickly', async (_, content) => {
    expect(await failureOf('a.xml', content)).toBe('not-well-formed');
  });
});
