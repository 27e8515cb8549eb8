import { describe, expect, it } from '@jest/globals';
import { documentOf, inspectText, referencesIn } from '../../../support/inspect/files.ts';

const failureOf = async (content: string, name = 'a.xml') => (await inspectText(name, content)).failure;

describe('XML that is not well-formed', () => {
  it.each([
    ['an end that fits no start', '<a>\n  <b></a>', /^not well-formed XML: unexpected close tag at 2:9$/],
    ['no end', '<a><b/>', /unclosed tag: a at 1:7$/],
    ['two roots', '<a/><b/>', /only one root at 1:/],
    ['no root', '<!-- nothing -->', /must contain a root element/],
    ['a bare ampersand', '<a>R&D</a>', /at 1:/],
    ['an attribute twice', '<a b="1" b="2"/>', /duplicate attribute: b/],
    ['a control character', '<a>\u0001</a>', /disallowed character/],
    ['an entity that nobody declares', '<a>&nbsp;</a>', /undefined entity/],
    ['an entity named like a property', '<a>&constructor;</a>', /undefined entity/],
    [
      'an undeclared entity in a standalone file',
      '<?xml version="1.0" standalone="yes"?><!DOCTYPE a SYSTEM "a.dtd"><a>&x;</a>',
      /undefined entity/,
    ],
    ['a start that ends nowhere', '<', /at 1:/],
  ])('%s is a failure that says where', async (_, content, reason) => {
    expect(await failureOf(content)).toEqual({
      code: 'not-well-formed',
      reason: expect.stringMatching(reason),
    });
  });

  it('keeps what was read before the fault', async () => {
    const inspection = await inspectText(
      'a.xml',
      '<topic id="t"><title>T</title><xref href="b.xml"></topic>',
    );
    expect(inspection).toMatchObject({
      kind: 'dita-topic',
      document: { title: 'T', ids: ['t'], references: [{ target: 'b.xml' }], wellFormed: false },
      failure: { code: 'not-well-formed' },
    });
  });
});

describe('entities', () => {
  it('of a DTD that is not here may stand anywhere', async () => {
    const topic =
      '<!DOCTYPE topic PUBLIC "-//OASIS//DTD DITA Topic//EN" "topic.dtd"><topic id="t"><title>a&nbsp;b</title></topic>';
    expect(await documentOf('a.xml', topic)).toMatchObject({ title: 'ab', wellFormed: true });
  });

  it('that the file declares itself are replaced, inside each other too', async () => {
    const file = `<!DOCTYPE a [
      <!-- <!ENTITY base "wrong"> it's a comment --> <?pi "?>
      <!ENTITY % parameter "wrong">
      <!ENTITY base "../lib"> <!ENTITY base "second, does not count">
      <!ENTITY page '&base;/page&#46;xml'>
      <!ATTLIST a b CDATA "<!ENTITY base 'wrong'>">
    ]><a href="&page;"><b href="&lt;&base;&gt;"/></a>`;
    expect(referencesIn(await documentOf('a.xml', file))).toEqual([
      'link local ../lib/page.xml',
      'link local <../lib>',
    ]);
  });

  it('that are external are never loaded: they stand for nothing', async () => {
    const file =
      '<!DOCTYPE a [<!ENTITY pass SYSTEM "file:///etc/passwd"><!ENTITY web PUBLIC "p" "http://x/y">]><a><title>[&pass;&web;]</title></a>';
    expect(await documentOf('a.xml', file)).toMatchObject({ title: '[]', references: [], wellFormed: true });
  });

  it('of parameters are not followed, so an unknown entity may come from one', async () => {
    const file = '<!DOCTYPE a [<!ENTITY % more SYSTEM "more.ent"> %more;]><a>&maybe;</a>';
    expect(await failureOf(file)).toBeUndefined();
  });
});

describe('other XML', () => {
  it('has references in the attributes that everybody uses, and ids', async () => {
    const file =
      '<book xmlns:xlink="x"><title>Book</title><a xml:id="i" xlink:href="b.xml"/><imagedata fileref="c.png"/><img src="d.png"/><x href="#i"/></book>';
    const facts = await documentOf('a.xml', file);
    expect(facts).toMatchObject({ title: 'Book', ids: ['i'] });
    expect(referencesIn(facts)).toEqual([
      'link local b.xml',
      'link local c.png',
      'link local d.png',
      'link same-file #i',
    ]);
  });

  it('XHTML has those of HTML', async () => {
    const file =
      '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body id="b"><img src="a.png"/><a name="n" href="b.xhtml"/></body></html>';
    const facts = await documentOf('a.xhtml', file);
    expect(facts).toMatchObject({ title: 'T', ids: ['b', 'n'], wellFormed: true });
    expect(referencesIn(facts)).toEqual(['image local a.png', 'link local b.xhtml']);
  });

  it('SVG has links, images and parts of itself', async () => {
    const file =
      '<svg xmlns:xlink="x"><title>T</title><a href="b.html"><image xlink:href="c.png"/></a><use href="#d"/><g id="d"/></svg>';
    const facts = await documentOf('a.svg', file);
    expect(facts).toMatchObject({ title: 'T', ids: ['d'] });
    expect(referencesIn(facts)).toEqual(['link local b.html', 'image local c.png', 'resource same-file #d']);
  });
});
