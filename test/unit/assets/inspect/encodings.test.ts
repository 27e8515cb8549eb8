import { describe, expect, it } from '@jest/globals';
import { bytesOf, dita, documentOf, inspectText, utf16 } from '../../../support/inspect/files.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const xml = (encoding: string) =>
  `<?xml version="1.0" encoding="${encoding}"?><topic id="t"><title>Grüße</title></topic>`;

describe('the encoding of a text', () => {
  it.each<[string, string, Uint8Array, string]>([
    ['UTF-8', 'a.xml', bytesOf(xml('UTF-8')), 'utf-8'],
    ['UTF-8 with a mark', 'a.xml', bytesOf(`\ufeff${xml('utf-8')}`), 'utf-8'],
    ['UTF-16, little-endian', 'a.xml', utf16(xml('UTF-16')), 'utf-16le'],
    ['UTF-16, big-endian', 'a.xml', utf16(xml('UTF-16'), { littleEndian: false }), 'utf-16be'],
    ['UTF-16 without a mark', 'a.xml', utf16(xml('UTF-16'), { mark: false }), 'utf-16le'],
    [
      'UTF-16, big-endian, without a mark',
      'a.xml',
      utf16(xml('UTF-16'), { littleEndian: false, mark: false }),
      'utf-16be',
    ],
    ['declared by XML', 'a.xml', latin1(xml('ISO-8859-1')), 'windows-1252'],
    [
      'declared by HTML',
      'a.html',
      latin1('<html><head><meta charset="iso-8859-1"><title>Grüße</title>'),
      'windows-1252',
    ],
    [
      'declared the old way',
      'a.html',
      latin1(
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><title>Grüße</title>',
      ),
      'windows-1252',
    ],
    ['UTF-8 Markdown', 'a.md', bytesOf('# Grüße'), 'utf-8'],
    ['UTF-16 Markdown', 'a.md', utf16('# Grüße'), 'utf-16le'],
  ])('%s is understood', async (_, name, bytes, encoding) => {
    const inspection = await inspectText(name, bytes);
    expect(inspection).toMatchObject({ encoding, document: { title: 'Grüße' } });
    expect(inspection.failure).toBeUndefined();
  });

  it('a mark outranks a declaration', async () => {
    expect((await documentOf('a.xml', bytesOf(`\ufeff${xml('ISO-8859-1')}`))).title).toBe('Grüße');
  });

  it('a declaration that is only shown in a text means nothing', async () => {
    const text = bytesOf('Write `<meta charset="utf-16">` or <?xml encoding="ebcdic"?> – ü.');
    expect(await inspectText('a.md', text)).toMatchObject({ encoding: 'utf-8' });
  });
});

describe('text that cannot be decoded', () => {
  it.each<[string, string, Uint8Array, string, RegExp]>([
    [
      'bytes that are no UTF-8',
      'a.txt',
      latin1('Grüße'),
      'text',
      /not valid UTF-8 and names no other encoding/,
    ],
    ['a topic that lies about UTF-8', 'a.xml', latin1(dita('Grüße')), 'dita-topic', /not valid UTF-8/],
    [
      'an encoding that nobody knows',
      'a.xml',
      bytesOf(xml('x-klingon')),
      'dita-topic',
      /x-klingon is not known/,
    ],
    ['UTF-16 that is none', 'a.xml', bytesOf(xml('UTF-16')), 'dita-topic', /declares UTF-16/],
    ['UTF-32', 'a.xml', Uint8Array.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'other', /utf-32 is not known/],
    ['zero bytes', 'a.md', bytesOf('# a\0b'), 'other', /zero bytes/],
    ['zero bytes far behind', 'a.md', bytesOf(`${'a'.repeat(70_000)}\0`), 'markdown', /zero characters/],
    ['XML without a name', 'a', latin1(xml('UTF-8')), 'dita-topic', /not valid UTF-8/],
  ])('%s is a failure', async (_, name, bytes, kind, reason) => {
    const inspection = await inspectText(name, bytes);
    expect(inspection).toMatchObject({
      kind,
      failure: { code: 'undecodable', reason: expect.stringMatching(reason) },
    });
    expect(inspection.document).toBeUndefined();
  });
});
