import { describe, expect, it } from '@jest/globals';
import { dita, gif, inspectText, jpeg, map, png } from '../../../support/inspect/files.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>';
const xhtml = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body/></html>';
const conceptDoctype = '<!DOCTYPE concept PUBLIC "-//OASIS//DTD DITA Concept//EN" "concept.dtd">';
const mp4 = Uint8Array.from([0, 0, 0, 16, ...Buffer.from('ftypisom'), 0, 0, 2, 0]);
const zip = Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0, 0, 0, ...new Uint8Array(40)]);

describe('what a file is', () => {
  it.each<[string, string, string | Uint8Array, string, string]>([
    [
      'a DITA concept named .xml',
      'a.xml',
      `${conceptDoctype}<concept id="c"/>`,
      'dita-topic',
      'application/dita+xml; format=concept',
    ],
    ['a topic without a DOCTYPE', 'a.dita', dita(''), 'dita-topic', 'application/dita+xml; format=topic'],
    [
      'a ditabase',
      'a.dita',
      '<dita><task id="t"/></dita>',
      'dita-topic',
      'application/dita+xml; format=topic',
    ],
    [
      'a topic that its class makes one',
      'a.xml',
      '<recipe class="- topic/topic recipe/recipe "/>',
      'dita-topic',
      'application/dita+xml; format=topic',
    ],
    [
      'a topic type of somebody’s own',
      'a.xml',
      '<!DOCTYPE faq PUBLIC "-//ACME//DTD DITA FAQ//EN" "faq.dtd"><faq/>',
      'dita-topic',
      'application/dita+xml; format=topic',
    ],
    ['a map', 'a.xml', map(''), 'dita-map', 'application/dita+xml; format=map'],
    ['a bookmap', 'a', '<?xml version="1.0"?><bookmap/>', 'dita-map', 'application/dita+xml; format=map'],
    [
      'a map type of somebody’s own',
      'a.xml',
      '<!DOCTYPE parts PUBLIC "-//ACME//DTD DITA Parts Map//EN" "p.dtd"><parts/>',
      'dita-map',
      'application/dita+xml; format=map',
    ],
    [
      'a filter',
      'a.xml',
      '<?xml version="1.0"?><val><prop action="exclude"/></val>',
      'ditaval',
      'application/dita+xml; format=val',
    ],
    ['XML that only shares a root name with DITA', 'a.xml', '<map xmlns="urn:x"/>', 'xml', 'application/xml'],
    [
      'XML whose DOCTYPE is not DITA',
      'a.xml',
      '<!DOCTYPE task PUBLIC "-//ACME//DTD Tasks//EN" "t.dtd"><task/>',
      'xml',
      'application/xml',
    ],
    ['other XML', 'a.xml', '<!-- a comment --><?pi?><div/>', 'xml', 'application/xml'],
    ['SVG', 'a.svg', svg, 'svg', 'image/svg+xml'],
    ['SVG without a name', 'a', svg, 'svg', 'image/svg+xml'],
    [
      'SVG whose namespace is an entity',
      'a.svg',
      '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"/>',
      'svg',
      'image/svg+xml',
    ],
    ['HTML', 'a.html', '<!DOCTYPE html><title>x</title>', 'html', 'text/html'],
    ['HTML without a name', 'a', '\n<!doctype HTML>\n<p>x', 'html', 'text/html'],
    ['a piece of HTML', 'a.htm', '<p>x', 'html', 'text/html'],
    ['XHTML', 'a.xhtml', xhtml, 'html', 'application/xhtml+xml'],
    ['XHTML served as HTML', 'a.html', xhtml, 'html', 'text/html'],
    ['Markdown', 'a.md', '# x', 'markdown', 'text/markdown'],
    ['Markdown that begins with HTML', 'a.md', '<h1 align="center">x</h1>', 'markdown', 'text/markdown'],
    ['JSON', 'a.json', '{}', 'json', 'application/json'],
    ['plain text', 'a.txt', 'x', 'text', 'text/plain'],
    ['text without an extension', 'LICENSE', 'x', 'text', 'text/plain'],
    ['a template that only looks like XML', 'a.vue', '<template><p></template>', 'text', 'text/plain'],
    ['JavaScript', 'a.mjs', 'let x;', 'text', 'text/javascript'],
    ['CSV', 'a.csv', 'a,b', 'text', 'text/csv'],
    ['PNG', 'a.png', png(1, 1), 'image', 'image/png'],
    ['JPEG', 'a.jpg', jpeg(1, 1), 'image', 'image/jpeg'],
    ['GIF', 'a.gif', gif(1, 1), 'image', 'image/gif'],
    ['a film', 'a.mp4', mp4, 'video', 'video/mp4'],
    ['a PDF', 'a.pdf', '%PDF-1.7\nall readable', 'document', 'application/pdf'],
    ['a rich text', 'a.rtf', '{\\rtf1\\ansi x}', 'document', 'application/rtf'],
    ['an archive', 'a.zip', zip, 'archive', 'application/zip'],
    [
      'bytes that nobody knows',
      'a.bin',
      Uint8Array.from([0, 1, 2, 250]),
      'other',
      'application/octet-stream',
    ],
    ['nothing at all', 'a.xml', '', 'empty', 'application/octet-stream'],
  ])('%s is recognised by its content', async (_, name, content, kind, mediaType) => {
    const inspection = await inspectText(name, content);
    expect([inspection.kind, inspection.mediaType, inspection.failure]).toEqual([kind, mediaType, undefined]);
  });

  it('size and SHA-256 are those of the bytes', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await inspectText('a.txt', 'abc')).toMatchObject({ size: 3, sha256: abc });
  });

  it('an empty file has no facts and no fault', async () => {
    const inspection = await inspectText('a.png', '');
    expect(Object.keys(inspection).toSorted()).toEqual(['kind', 'mediaType', 'sha256', 'size']);
  });
});

describe('a name that contradicts the content', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['text named .png', 'a.png', 'just text', 'named .png, but the content is text/plain'],
    ['SVG named .png', 'a.png', svg, 'named .png, but the content is image/svg+xml'],
    [
      'unknown bytes named .jpg',
      'a.JPG',
      Uint8Array.from([0, 1, 2]),
      'named .jpg, but the content is not recognised',
    ],
    ['a PNG named .xml', 'a.xml', png(1, 1), 'named .xml, but the content is image/png'],
    ['a PNG named .md', 'a.md', png(1, 1), 'named .md, but the content is image/png'],
    ['a PNG named .pdf', 'a.pdf', png(1, 1), 'named .pdf, but the content is image/png'],
    ['text named .zip', 'a.zip', 'text', 'named .zip, but the content is text/plain'],
    ['text named .mp4', 'a.mp4', 'text', 'named .mp4, but the content is text/plain'],
    ['prose named .dita', 'a.dita', 'Dear Sir or Madam', 'named .dita, but the content is text/plain'],
  ])('%s is a failure', async (_, name, content, reason) => {
    expect((await inspectText(name, content)).failure).toEqual({ code: 'extension-mismatch', reason });
  });

  it.each<[string, string, string | Uint8Array]>([
    ['a topic named .ditamap', 'a.ditamap', dita('')],
    ['a JPEG named .png', 'a.png', jpeg(1, 1)],
    ['DITA named .txt', 'a.txt', dita('')],
    ['HTML named .md', 'a.md', '<!DOCTYPE html><p>x'],
    ['an unknown extension', 'a.qqq', png(1, 1)],
    ['no extension', 'README', png(1, 1)],
    ['a folder with a dot', '/a.png/README', 'text'],
  ])('%s is none', async (_, name, content) => {
    expect((await inspectText(name, content)).failure).toBeUndefined();
  });

  it('leaves the facts of the content standing', async () => {
    expect(await inspectText('a.xml', png(3, 2))).toMatchObject({
      kind: 'image',
      dimensions: { width: 3, height: 2 },
    });
    const misnamed = await inspectText('a.png', dita('<image href="b.png"/>'));
    expect(misnamed).toMatchObject({ kind: 'dita-topic', document: { title: 'A title', wellFormed: true } });
  });

  it('is told rather than what follows from it', async () => {
    expect((await inspectText('a.png', '<?xml version="1.0"?><a>')).failure?.code).toBe('extension-mismatch');
  });
});
