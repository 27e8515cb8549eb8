import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { inspectFile } from '../../../shared/assets/inspect/inspect-file.ts';
import { inspectBlob, MAX_IN_MEMORY, wholeCharacters } from '../../../shared/assets/inspect-blob.ts';
import type { Blob } from '../../../shared/assets/ports.ts';

/** A blob that comes in chunks of a megabyte and can be read in one of the two ways only. */
function aBlob(bytes: Uint8Array): Blob & { read: string[] } {
  const read: string[] = [];
  return {
    uploadId: 'u',
    size: bytes.length,
    read,
    discard: () => {},
    bytes: async () => {
      read.push('bytes');
      return bytes;
    },
    chunks: async function* () {
      read.push('chunks');
      for (let at = 0; at < bytes.length; at += 2 ** 20) yield bytes.subarray(at, at + 2 ** 20);
    },
  };
}

const LARGE = MAX_IN_MEMORY + 1;
const filled = (size: number, beginning = ''): Uint8Array => {
  const bytes = Buffer.alloc(size, 'x');
  bytes.write(beginning);
  return bytes;
};

describe('a blob that fits into memory', () => {
  it('is looked into as a whole', async () => {
    const blob = aBlob(filled(MAX_IN_MEMORY));
    const sizes: number[] = [];
    await inspectBlob('a.bin', blob, async (name, bytes) => {
      sizes.push(bytes.length);
      return inspectFile(name, bytes.subarray(0, 9));
    });
    expect([sizes, blob.read]).toEqual([[MAX_IN_MEMORY], ['bytes']]);
  });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a blob that does not fit into memory', () => {
  it('is read as a stream; its size and hash are those of the whole', async () => {
    const bytes = filled(LARGE, '%PDF-1.7\n');
    const blob = aBlob(bytes);
    expect(await inspectBlob('a.pdf', blob, inspectFile)).toMatchObject({
      size: LARGE,
      sha256: sha256(bytes),
      mediaType: 'application/pdf',
      kind: 'document',
    });
    expect(blob.read).toEqual(['chunks']);
  });

  it('is known by its beginning, of which no character is cut', async () => {
    const bytes = Buffer.alloc(LARGE, '日');
    const inspection = await inspectBlob('a.txt', aBlob(bytes), inspectFile);
    expect(inspection).toMatchObject({ mediaType: 'text/plain', size: LARGE });
  });

  it('is failed as too large where it would have been parsed', async () => {
    const inspection = await inspectBlob('a.xml', aBlob(filled(LARGE, '<a>')), inspectFile);
    expect(inspection).toMatchObject({ kind: 'xml', failure: { code: 'too-large' } });
    expect(inspection).not.toHaveProperty('document');
  });

  it('is failed for its wrong name first, for that is the more telling', async () => {
    const inspection = await inspectBlob('a.png', aBlob(filled(LARGE, '%PDF-1.7\n')), inspectFile);
    expect(inspection.failure?.code).toBe('extension-mismatch');
  });

  it('is not failed for its size where nothing in it is parsed anyway', async () => {
    const inspection = await inspectBlob('a.pdf', aBlob(filled(LARGE, '%PDF-1.7\n')), inspectFile);
    expect(inspection.failure).toBeUndefined();
  });
});

describe('the beginning of a text', () => {
  it('is well-formed wherever it is cut, and loses one character at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.nat(), (text, pick) => {
        const bytes = Buffer.from(text);
        const cut = bytes.subarray(0, pick % (bytes.length + 1));
        const kept = wholeCharacters(cut);
        expect(isUtf8(kept)).toBe(true);
        expect(cut.length - kept.length).toBeLessThanOrEqual(4);
      }),
    );
  });
});
