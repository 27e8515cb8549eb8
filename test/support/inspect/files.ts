import { crc32, deflateSync } from 'node:zlib';
import { inspectFile } from '../../../shared/assets/inspect/inspect-file.ts';
import type { DocumentFacts, Inspection } from '../../../shared/assets/inspect/inspection.ts';

const encoder = new TextEncoder();

export const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? encoder.encode(content) : content;

export const inspectText = (name: string, content: string | Uint8Array): Promise<Inspection> =>
  inspectFile(name, bytesOf(content));

/** The facts of a document; a test that asks for them means that there are some. */
export async function documentOf(name: string, content: string | Uint8Array): Promise<DocumentFacts> {
  const { document } = await inspectText(name, content);
  if (document === undefined) throw new Error(`${name} was not read as a document`);
  return document;
}

/** `kind scope target` of each reference, in order: what most tests compare. */
export const referencesIn = ({ references }: DocumentFacts): string[] =>
  references.map(({ kind, scope, target }) => `${kind} ${scope} ${target}`);

export const dita = (body: string, root = 'topic', attributes = 'id="t"'): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${attributes}><title>A title</title><body>${body}</body></${root}>`;

export const map = (entries: string): string =>
  `<!DOCTYPE map PUBLIC "-//OASIS//DTD DITA Map//EN" "map.dtd">\n<map><title>A map</title>${entries}</map>`;

/** A grey picture that any viewer shows. */
export function png(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const pixels = deflateSync(Buffer.alloc((width + 1) * height));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return bytes(signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0)));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The segments of a JPEG, with a preview in it that has an end of its own, and no real picture data. */
export function jpeg(width: number, height: number): Uint8Array {
  const preview = [0xff, 0xd8, 0xff, 0xd9];
  const app0 = [0xff, 0xe0, 0x00, 0x10, ...Buffer.from('JFIF\0', 'latin1'), 1, 1, 0, 0, 1, 0, 1, 0, 0];
  const app2 = [0xff, 0xe2, 0x00, 2 + preview.length, ...preview];
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  const frame = [0xff, 0xc0, 0x00, 0x0b, 8, ...size, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0x00, 0x08, 1, 1, 0, 0, 63, 0, 1, 2, 3, 4, 5, 6, 7, 8];
  return Uint8Array.from([0xff, 0xd8, ...app0, ...app2, ...frame, ...scan, 0xff, 0xd9]);
}

export function gif(width: number, height: number): Uint8Array {
  const size = [width & 255, width >> 8, height & 255, height >> 8];
  return Uint8Array.from([...Buffer.from('GIF89a', 'latin1'), ...size, 0, 0, 0, 0x3b]);
}

const bytes = (...parts: Buffer[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

export const utf16 = (text: string, { littleEndian = true, mark = true } = {}): Uint8Array => {
  const encoded = Buffer.from(mark ? `\ufeff${text}` : text, 'utf16le');
  return Uint8Array.from(littleEndian ? encoded : encoded.swap16());
};
