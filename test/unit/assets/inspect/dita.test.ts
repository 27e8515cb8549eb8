import { describe, expect, it } from '@jest/globals';
import { dita, documentOf, map, referencesIn } from '../../../support/inspect/files.ts';

const inTopic = async (body: string) => referencesIn(await documentOf('a.xml', dita(body)));
const inMap = async (entries: string) => referencesIn(await documentOf('a.ditamap', map(entries)));

describe('references of a DITA topic', () => {
  it.each([
    ['a link', '<xref href="b.xml#b/e"/>', ['link local b.xml#b/e']],
    ['a related link', '<link href="../b.xml"/>', ['link local ../b.xml']],
    ['an image', '<image href="b.png"/>', ['image local b.png']],
    ['code from a file', '<coderef href="b.c"/>', ['resource local b.c']],
    ['an object', '<object data="b.swf"/>', ['resource local b.swf']],
    ['reused content', '<p conref="b.xml#b/p"/>', ['conref local b.xml#b/p']],
    ['content of the same file', '<p conref="#t/p"/>', ['conref same-file #t/p']],
    [
      'a range, which is one reference',
      '<li conref="b.xml#b/1" conrefend="b.xml#b/9"/>',
      ['conref local b.xml#b/1'],
    ],
    ['a key', '<ph keyref="product/name"/>', ['keyref key product/name']],
    ['reused content by key', '<p conkeyref="lib/p"/>', ['conkeyref key lib/p']],
    ['a key with a fallback', '<xref keyref="k" href="b.xml"/>', ['keyref key k', 'link local b.xml']],
    ['the same file', '<xref href="#t/p"/>', ['link same-file #t/p']],
    ['a scheme', '<xref href="mailto:a@b.c"/>', ['link external mailto:a@b.c']],
    ['no scheme but a scope', '<xref href="www.b.c" scope="external"/>', ['link external www.b.c']],
    ['another library', '<xref href="/b.xml" scope="peer"/>', ['link external /b.xml']],
    [
      'a scope that is no matter of reuse',
      '<p conref="b.xml#b/p" scope="peer"/>',
      ['conref local b.xml#b/p'],
    ],
    [
      'an address that reuse will bring',
      '<xref conref="b.xml#b/x" href="-dita-use-conref-target"/>',
      ['conref local b.xml#b/x'],
    ],
    ['an empty address', '<xref href=""/>', []],
    ['a comment', '<!-- <xref href="dead.xml"/> -->', []],
    ['CDATA', '<codeblock><![CDATA[<xref href="dead.xml"/>]]></codeblock>', []],
    ['an attribute that only sounds like one', '<p otherprops="href" rev="a.xml"/>', []],
    ['an entity in an address', '<xref href="a.xml?x=1&amp;y=2"/>', ['link local a.xml?x=1&y=2']],
  ])('%s', async (_, body, expected) => {
    expect(await inTopic(body)).toEqual(expected);
  });

  it('a DOCTYPE is none', async () => {
    const topic =
      '<!DOCTYPE topic SYSTEM "dead.dtd" [<!ENTITY c SYSTEM "dead.xml">]><topic id="t"><title>&c;x</title></topic>';
    expect(await documentOf('a.xml', topic)).toMatchObject({ references: [], title: 'x', wellFormed: true });
  });

  it('they carry the line on which their tag begins', async () => {
    const { references } = await documentOf(
      'a.xml',
      dita('\n<p>\n<xref\n  href="b.xml"\n/></p>\n<xref href="c.xml"/>'),
    );
    expect(references.map(({ line }) => line)).toEqual([4, 7]);
  });
});

describe('references of a DITA map', () => {
  it.each([
    ['an entry', '<topicref href="a.xml"/>', ['topicref local a.xml']],
    ['an entry of any name', '<chapter href="a.xml"/>', ['topicref local a.xml']],
    ['a key definition', '<keydef keys="k" href="a.xml"/>', ['topicref local a.xml']],
    ['a navigation map', '<navref mapref="b.ditamap"/>', ['topicref local b.ditamap']],
    ['a filter', '<ditavalref href="b.ditaval"/>', ['resource local b.ditaval']],
    [
      'a link in the description of an entry',
      '<topicref><topicmeta><xref href="a.xml"/></topicmeta></topicref>',
      ['link local a.xml'],
    ],
    [
      'a scope, handed down',
      '<topicref scope="peer"><topicref href="a.xml"/></topicref>',
      ['topicref external a.xml'],
    ],
    [
      'a scope, taken back',
      '<topicref scope="peer"><topicref href="a.xml" scope="local"/></topicref>',
      ['topicref local a.xml'],
    ],
    [
      'a scope, not for the neighbour',
      '<topicref scope="peer"/><topicref href="a.xml"/>',
      ['topicref local a.xml'],
    ],
    [
      'a scope, not for the description',
      '<topicref scope="peer"><topicmeta><image href="a.png"/></topicmeta></topicref>',
      ['image local a.png'],
    ],
  ])('%s', async (_, entries, expected) => {
    expect(await inMap(entries)).toEqual(expected);
  });

  it('a scope reaches no deeper in a topic', async () => {
    expect(await inTopic('<linklist scope="external"><link href="a.xml"/></linklist>')).toEqual([
      'link local a.xml',
    ]);
  });

  it('every element with keys defines some', async () => {
    const { keyDefinitions } = await documentOf(
      'a.ditamap',
      map('<keydef keys="a b"/><topicref keys="c" href="c.xml"/><topicref/>'),
    );
    expect(keyDefinitions).toBe(2);
  });

  it('a filter names its flags', async () => {
    const facts = await documentOf(
      'a.ditaval',
      '<val><prop action="flag"><startflag imageref="new.gif"/></prop></val>',
    );
    expect(referencesIn(facts)).toEqual(['image local new.gif']);
  });
});

describe('ids of DITA', () => {
  it('are what a fragment says: the topic, or the topic and the element', async () => {
    const { ids } = await documentOf(
      'a.xml',
      dita('<p id="p"/></body><concept id="c"><title id="x"/></concept><body id="after">'),
    );
    expect(ids).toEqual(['t', 't/p', 'c', 'c/x', 't/after']);
  });

  it('stand alone in a map and in a topic without an id', async () => {
    expect((await documentOf('a.ditamap', map('<topicref id="e"/>'))).ids).toEqual(['e']);
    expect((await documentOf('a.xml', '<topic><p id="p"/></topic>')).ids).toEqual(['p']);
  });

  it('of a ditabase belong to the topic that they stand in', async () => {
    const { ids } = await documentOf(
      'a.xml',
      '<dita><task id="a"><p id="x"/></task><task id="b"><p id="x"/></task></dita>',
    );
    expect(ids).toEqual(['a', 'a/x', 'b', 'b/x']);
  });
});

describe('the title of DITA', () => {
  it.each([
    [
      'with markup in it',
      '<topic id="t"><title>A <b>bold</b>\n  <![CDATA[<title>]]> &amp; more</title></topic>',
      'A bold <title> & more',
    ],
    [
      'of the first topic in a ditabase',
      '<dita><topic id="a"><title>One</title></topic><topic id="b"><title>Two</title></topic></dita>',
      'One',
    ],
    ['of a book', '<bookmap><booktitle><mainbooktitle>Main</mainbooktitle></booktitle></bookmap>', 'Main'],
    ['in an attribute of a map', '<map title="Old style"><topicref/></map>', 'Old style'],
    ['as an element rather than an attribute', '<map title="Old"><title>New</title></map>', 'New'],
  ])('%s', async (_, content, title) => {
    expect((await documentOf('a.xml', content)).title).toBe(title);
  });

  it('is not that of a section', async () => {
    const topic = '<topic id="t"><body><section><title>S</title></section></body></topic>';
    expect(await documentOf('a.xml', topic)).not.toHaveProperty('title');
  });

  it('is cut when it is endless', async () => {
    const { title } = await documentOf('a.xml', `<topic id="t"><title>${'x'.repeat(9999)}</title></topic>`);
    expect(title).toHaveLength(1000);
  });
});
