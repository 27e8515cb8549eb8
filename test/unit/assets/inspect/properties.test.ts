import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { glance } from '../../../../shared/assets/inspect/glance.ts';
import { inspectFile } from '../../../../shared/assets/inspect/inspect-file.ts';
import { failureCodes, kinds } from '../../../../shared/assets/inspect/inspection.ts';
import { bytesOf, dita, gif, jpeg, map, png, utf16 } from '../../../support/inspect/files.ts';

const extension = fc.constantFrom(
  'xml',
  'dita',
  'html',
  'md',
  'json',
  'txt',
  'svg',
  'png',
  'jpg',
  'pdf',
  'zip',
  'mp4',
  'bin',
  '',
);
const signatures = [
  '',
  '<?xml ',
  '<!DOCTYPE ',
  '<svg ',
  '%PDF-',
  '---\n',
  '\u0089PNG\r\n\u001a\n',
  '\u00ff\u00d8\u00ff',
  'GIF89a',
  'RIFF????WEBPVP8 ',
  'PK\u0003\u0004',
  'II*\0',
  '\u00ff\u00fe',
  '\u00fe\u00ff',
  '\0\0\0\u0018ftypheic',
];
const beginning = fc.constantFrom(...signatures).map((text) => Uint8Array.from(Buffer.from(text, 'latin1')));

/** What holds for every file there is. */
async function expectSound(name: string, bytes: Uint8Array): Promise<void> {
  const inspection = await inspectFile(name, bytes);
  expect(inspection.size).toBe(bytes.length);
  expect(inspection.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(kinds).toContain(inspection.kind);
  expect(inspection.mediaType).toMatch(/^[a-z]+\/[\w.+-]+(; format=\w+)?$/);
  if (inspection.failure)
    expect(failureCodes.filter((code) => code !== 'crashed')).toContain(inspection.failure.code);
  expect(structuredClone(inspection)).toEqual(inspection);
  expect(kinds).toContain(glance(name, bytes).kind);
}

describe('whatever the bytes are', () => {
  it('an inspection comes back with their size, sum and a kind, and nothing crashes', async () => {
    await fc.assert(
      fc.asyncProperty(extension, beginning, fc.uint8Array({ maxLength: 400 }), async (end, first, rest) => {
        await expectSound(`a.${end}`, Uint8Array.from([...first, ...rest]));
      }),
      { numRuns: 1500 },
    );
  });

  it('the same for texts made of markup', async () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE a [',
      '<!ENTITY a "',
      ']>',
      '&a;',
      '%a;',
      '"',
      "'",
      '=',
      'href',
      'id',
      ' ',
      '\n',
      'a',
      '[',
      '](',
      ')',
      '#',
      '```',
      '<p>',
      '<table>',
      '<b>',
      '</b>',
      '<svg>',
      '<template>',
      '<title>',
      '- ',
      '> ',
      '\ufeff',
      '\ud800',
      '&#x110000;',
      '&#0;',
    );
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => bytesOf(pieces.join('')));
    await fc.assert(
      fc.asyncProperty(extension, text, async (end, bytes) => expectSound(`a.${end}`, bytes)),
      { numRuns: 2000 },
    );
  });

  it.each<[string, string, Uint8Array]>([
    ['topic', 'a.xml', bytesOf(dita('<p id="p"><xref href="b.xml">ü</xref><![CDATA[x]]><!-- y --></p>'))],
    ['map with a DOCTYPE', 'a.ditamap', bytesOf(map('<keydef keys="k" href="a.xml"/>'))],
    ['topic in UTF-16', 'a.xml', utf16(dita('<p/>'))],
    [
      'page',
      'a.html',
      bytesOf('<!DOCTYPE html><title>x</title><p id="ü"><a href="b">c</a><script>d</script>'),
    ],
    [
      'Markdown file',
      'a.md',
      bytesOf('---\ntitle: x\n---\n# A *b*\n\n[c](d) ![e][f]\n\n[f]: <g>\n\n<a href="h">\n'),
    ],
    ['PNG', 'a.png', png(3, 2)],
    ['JPEG', 'a.jpg', jpeg(3, 2)],
    ['GIF', 'a.gif', gif(3, 2)],
  ])('every beginning of a %s is taken', async (_, name, bytes) => {
    for (let length = 0; length <= bytes.length; length++) await expectSound(name, bytes.subarray(0, length));
  });
});
