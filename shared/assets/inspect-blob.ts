import { createHash } from 'node:crypto';
import type { Failure, Inspection } from './inspect/inspection.ts';
import { limits } from './inspect/limits.ts';
import type { Blob } from './ports.ts';

export type Inspect = (name: string, bytes: Uint8Array) => Promise<Inspection>;

/** Sixteen blobs are under work at once, and what is larger is not parsed anyway. */
export const MAX_IN_MEMORY = 32 * 1024 * 1024;

/** The facts of a blob of any size; what does not fit into memory is read as a stream and known by its beginning. */
export const inspectBlob = async (name: string, blob: Blob, inspect: Inspect): Promise<Inspection> =>
  blob.size <= MAX_IN_MEMORY ? inspect(name, await blob.bytes()) : inspectLarge(name, blob, inspect);

async function inspectLarge(name: string, blob: Blob, inspect: Inspect): Promise<Inspection> {
  const hash = createHash('sha256');
  const head = new Uint8Array(limits.headBytes);
  let size = 0;
  for await (const chunk of blob.chunks()) {
    hash.update(chunk);
    if (size < head.length) head.set(chunk.subarray(0, head.length - size), size);
    size += chunk.length;
  }
  const {
    document,
    failure: ofHead,
    ...facts
  } = await inspect(name, wholeCharacters(head.subarray(0, size)));
  const failure = ofHead?.code === 'extension-mismatch' ? ofHead : (document ?? ofHead) && tooLarge(size);
  return { ...facts, size, sha256: hash.digest('hex'), ...(failure && { failure }) };
}

const tooLarge = (size: number): Failure => ({
  code: 'too-large',
  reason: `it is too large to be looked into: ${size} bytes, and ${MAX_IN_MEMORY} is the most`,
});

/** The beginning of a text may end in the middle of a character of UTF-8: that one is left out. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 4 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
  }
  return bytes;
}
