import { describe, expect, it } from '@jest/globals';
import { documentOf, referencesIn } from '../../../support/inspect/files.ts';

const inMarkdown = async (text: string) => referencesIn(await documentOf('a.md', text));

describe('references of Markdown', () => {
  it.each([
    ['a link', '[a](b.md#x "title")', ['link local b.md#x']],
    ['an image in a link', '[![a](a.png)](b.md)', ['link local b.md', 'image local a.png']],
    ['a reference, counted where it is defined', '[a][x] [b][x]\n\n[x]: b.md', ['link local b.md']],
    ['an autolink', '<https://a.b>', ['link external https://a.b']],
    [
      'a bare address',
      'see https://a.b or www.c.d',
      ['link external https://a.b', 'link external http://www.c.d'],
    ],
    [
      'bare addresses without what follows them',
      '(https://a.b/c_(d)), http://e.f/g?h=1&amp;i, <b>a.b@c.d</b>. WWW.x.Y!',
      [
        'link external https://a.b/c_(d)',
        'link external http://e.f/g?h=1&i',
        'link external mailto:a.b@c.d',
        'link external http://WWW.x.Y',
      ],
    ],
    [
      'no bare address',
      'a.b xhttp://a.b http://_x.y http://a www a@b `https://a.b` [www.a.b](#c)',
      ['link same-file #c'],
    ],
    ['an image by reference', '![a][x] ![x]\n\n[x]: <a b.png> "title"', ['link local a b.png']],
    ['a definition twice, in a quote and a list', '> [x]: a\n\n- [X]: b', ['link local a', 'link local b']],
    [
      'an address as written',
      '[a](ü%20&amp;.md) [b](javascript:c) [d]()',
      ['link local ü%20&.md', 'link external javascript:c', 'link same-file '],
    ],
    ['an image in the text of another', '![![a](a.png)](b.png)', ['image local b.png']],
    ['HTML in a line', 'x <a href="b.md">b</a> <img src="a.png">', ['link local b.md', 'image local a.png']],
    ['a block of HTML', '<div>\n<img src="a.png">\n</div>', ['image local a.png']],
    ['a table', '| a |\n|---|\n| [a](b.md) |', ['link local b.md']],
    ['the same file', '[a](#b)', ['link same-file #b']],
    ['a space in an address', '[a](<b c.md>) [a](b%20c.md)', ['link local b c.md', 'link local b%20c.md']],
    ['a footnote', 'a[^1]\n\n[^1]: note.', []],
    ['code', '`[a](dead.md)`\n\n    [a](dead.md)\n\n```\n[a](dead.md)\n```', []],
    ['a comment', '<!-- [a](dead.md) <a href="dead.md"> -->', []],
    ['no link after all', '\\[a](dead.md) [a] (dead.md)', []],
  ])('%s', async (_, text, expected) => {
    expect(await inMarkdown(text)).toEqual(expected);
  });

  it('they carry their line, wherever they stand', async () => {
    const text = [
      'a',
      '[a](2.md) `code',
      'code` **b',
      '[c](4.md)** www.4.b',
      '<a',
      'href="5.md">',
      '',
      '> - x',
      '> https://9.b',
      '',
      '| a | b |',
      '|---|---|',
      '| x | [c](13.md) |',
      '',
      '[x]:',
      '15.md',
      '',
      'a  ',
      '![',
      'b](19.png)',
    ].join('\r\n');
    const { references } = await documentOf('a.md', text);
    expect(references.map(({ target, line }) => [line, target])).toEqual([
      [2, '2.md'],
      [4, '4.md'],
      [4, 'http://www.4.b'],
      [5, '5.md'],
      [9, 'https://9.b'],
      [13, '13.md'],
      [15, '15.md'],
      [19, '19.png'],
    ]);
  });

  it('they carry their line, also below front matter and inside HTML', async () => {
    const text = '---\ntitle: T\n---\n\n[a](b.md)\n\n<div>\n\n<p>\n<a href="c.md"></a>\n</p>\n</div>';
    const { references } = await documentOf('a.md', text);
    expect(references.map(({ target, line }) => [target, line])).toEqual([
      ['b.md', 5],
      ['c.md', 10],
    ]);
  });
});

describe('ids of Markdown', () => {
  it('are those that GitHub gives to headings', async () => {
    const { ids } = await documentOf(
      'a.md',
      [
        '# What’s *new*, in `v1.2`?',
        '## A_b - c',
        'Über uns\n---',
        '## 日本語 & more',
        '## Same',
        '## Same',
        '## Same-1',
        '## Same',
      ].join('\n\n'),
    );
    expect(ids).toEqual([
      'whats-new-in-v12',
      'a_b---c',
      'über-uns',
      '日本語--more',
      'same',
      'same-1',
      'same-1-1',
      'same-2',
    ]);
  });

  it('may be explicit, in HTML and in a heading', async () => {
    const facts = await documentOf('a.md', '# Title {#custom}\n\n<a name="one"></a>\n\n<p id="two">x</p>');
    expect(facts).toMatchObject({ ids: ['custom', 'one', 'two'], title: 'Title' });
  });
});

describe('the title of Markdown', () => {
  it.each([
    ['is the first heading of the first level', '## Two\n\n# A *b* `c`\n\n# Second', 'A b c'],
    [
      'is that of the front matter',
      '---\nlayout: x\ntitle: "Front: matter"\n---\n# Heading',
      'Front: matter',
    ],
    ['is not guessed from several lines of YAML', '---\ntitle: >\n  folded\n---\n# Heading', 'Heading'],
    ['may stand alone in Windows lines', "---\r\ntitle: 'x'\r\n---\r\n", 'x'],
  ])('%s', async (_, text, title) => {
    expect((await documentOf('a.md', text)).title).toBe(title);
  });

  it('is missing where there is none', async () => {
    expect(await documentOf('a.md', 'text\n\n---\n\ntitle: no front matter\n')).not.toHaveProperty('title');
  });
});

describe('a large Markdown file', () => {
  const filler = 'Some words that fill the page.\n\n'.repeat(40);
  const chapter = (n: number) =>
    `## Chapter ${n % 7}\n\n${filler}[to ${n}](page-${n}.md)\n\n\`\`\`sh\n\n# no heading ${n}\n\n\`\`\`\n\n- item\n\n  ### inside\n\n`;
  const large = Array.from({ length: 100 }, (_, n) => chapter(n)).join('');

  it('has the same facts as its chapters, with the lines of the whole', async () => {
    expect(large.length).toBeGreaterThan(100_000);
    const facts = await documentOf('a.md', large);
    expect(referencesIn(facts)).toEqual(Array.from({ length: 100 }, (_, n) => `link local page-${n}.md`));
    const lines = large.split('\n');
    expect(facts.references.every(({ target, line }) => lines[line - 1]?.includes(target))).toBe(true);
    expect(facts.ids).toHaveLength(200);
    expect(facts.ids.filter((id) => id.includes('no-heading'))).toEqual([]);
  });

  it('may be one comment', async () => {
    const commented = `<!--\n\n${large.replaceAll('-->', '')}\n-->\n\n[end](end.md)`;
    expect(referencesIn(await documentOf('a.md', commented))).toEqual(['link local end.md']);
  });
});
