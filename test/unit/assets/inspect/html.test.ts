import { describe, expect, it } from '@jest/globals';
import { documentOf, inspectText, referencesIn } from '../../../support/inspect/files.ts';

const page = (body: string, head = '<title>T</title>'): string =>
  `<!DOCTYPE html><html><head>${head}</head><body>${body}</body></html>`;
const inPage = async (body: string) => referencesIn(await documentOf('a.html', page(body)));

describe('references of HTML', () => {
  it.each([
    ['a link', '<a href="b.html#x">b</a>', ['link local b.html#x']],
    ['an area', '<map><area href="b.html"></map>', ['link local b.html']],
    [
      'an image in two sizes',
      '<img src="a.png" srcset="b.png 1x,c.png 2x, d.png,">',
      ['image local a.png', 'image local b.png', 'image local c.png', 'image local d.png'],
    ],
    [
      'a picture',
      '<picture><source srcset="a.avif 100w, b.avif"></picture>',
      ['image local a.avif', 'image local b.avif'],
    ],
    [
      'an image in the address',
      '<img srcset="data:image/png;base64,AA== 2x, b.png">',
      ['image external data:image/png;base64,AA==', 'image local b.png'],
    ],
    [
      'a film',
      '<video src="a.mp4" poster="a.jpg"><source src="a.webm"><track src="a.vtt"></video>',
      ['resource local a.mp4', 'image local a.jpg', 'resource local a.webm', 'resource local a.vtt'],
    ],
    [
      'frames, scripts, objects',
      '<iframe src="a.html"></iframe><script src="a.js"></script><object data="a.pdf"></object><embed src="a.swf">',
      ['resource local a.html', 'resource local a.js', 'resource local a.pdf', 'resource local a.swf'],
    ],
    [
      'SVG inside',
      '<svg><a xlink:href="b.html"/><use href="#i"/><image href="a.png"/></svg>',
      ['link local b.html', 'resource same-file #i', 'image local a.png'],
    ],
    ['what is for readers without scripts', '<noscript><img src="a.png"></noscript>', ['image local a.png']],
    ['a template', '<template><a href="b.html"></a></template>', ['link local b.html']],
    ['a comment', '<!-- <a href="dead.html"> -->', []],
    ['a script', '<script>"<a href=\'dead.html\'>"</script>', []],
    [
      'other schemes',
      '<a href="javascript:x()"></a><a href="mailto:a@b"></a><a href="//cdn/x"></a><a href=" HTTPS://x"></a>',
      [
        'link external javascript:x()',
        'link external mailto:a@b',
        'link external //cdn/x',
        'link external  HTTPS://x',
      ],
    ],
    [
      'the page itself',
      '<a href="">top</a><a href="?q=1">search</a>',
      ['link same-file ', 'link same-file ?q=1'],
    ],
    [
      'a Windows path, which is none of the web',
      '<a href="C:\\docs\\a.html"></a>',
      ['link local C:\\docs\\a.html'],
    ],
    ['a misnested link, once', '<a href="b.html"><p>1</a>2</p>', ['link local b.html']],
  ])('%s', async (_, body, expected) => {
    expect(await inPage(body)).toEqual(expected);
  });

  it('a style sheet is a resource', async () => {
    const facts = await documentOf(
      'a.html',
      page('', '<title>T</title><link rel="stylesheet" href="a.css">'),
    );
    expect(referencesIn(facts)).toEqual(['resource local a.css']);
  });

  it('a long data: address is cut, and so is any endless one', async () => {
    const { references } = await documentOf(
      'a.html',
      page(`<img src="data:image/png;base64,${'A'.repeat(9999)}"><a href="${'b'.repeat(9999)}">`),
    );
    expect(references.map(({ target }) => target.length)).toEqual([64, 2048]);
    expect(references[0]?.target).toMatch(/^data:image\/png;base64,A+…$/);
  });

  it('they carry their line', async () => {
    const { references } = await documentOf('a.html', page('\n\n<a\nhref="b.html">'));
    expect(references[0]?.line).toBe(3);
  });
});

describe('HTML', () => {
  it('has a title and ids', async () => {
    const facts = await documentOf(
      'a.html',
      page(
        '<h1 id="one">x</h1><a name="two"></a><input name="no"><svg><title>no</title></svg>',
        '<title> A &amp;\n B </title>',
      ),
    );
    expect(facts).toMatchObject({ title: 'A & B', ids: ['one', 'two'] });
  });

  it('is well-formed without a parse error', async () => {
    expect(await documentOf('a.html', page('<p>x<br><p>y'))).toMatchObject({ wellFormed: true });
  });

  it.each([
    ['no DOCTYPE', '<p>x', 'missing-doctype at 1:1'],
    ['an attribute twice', page('\n<p a=1 a=2>'), 'duplicate-attribute at 2:9'],
    ['an end in a tag', '<!DOCTYPE html>\n<p', 'eof-in-tag at 2:3'],
  ])('%s is a fact, not a failure', async (_, content, firstFault) => {
    const { document, failure } = await inspectText('a.html', content);
    expect(document).toMatchObject({ wellFormed: false, firstFault });
    expect(failure).toBeUndefined();
  });

  it('with a million siblings is no deep page', async () => {
    const { failure, document } = await inspectText('a.html', page('<br>'.repeat(300_000)));
    expect([failure, document?.wellFormed]).toEqual([undefined, true]);
  });
});
