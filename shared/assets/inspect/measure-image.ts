import { imageSize } from 'image-size';
import { type Dimensions, InspectionFailure } from './inspection.ts';
import { messageOf } from './message-of.ts';

/** The types whose header we can read: in one of these, a header that cannot be read is broken. */
const measurable = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/bmp',
  'image/tiff',
  'image/x-icon',
  'image/avif',
  'image/heic',
  'image/heif',
  'image/vnd.adobe.photoshop',
  'image/jp2',
  'image/jxl',
]);

/** Width and height from the header; undefined for a type that is never measured (camera raw and the like). */
export function measureImage(bytes: Uint8Array, mediaType: string): Dimensions | undefined {
  if (!measurable.has(mediaType)) return undefined;
  const { width, height } = headerOf(bytes);
  if (!(width > 0 && height > 0))
    throw new InspectionFailure('image-broken', `the image says it is ${width} × ${height}`);
  if (isCutShort(bytes, mediaType))
    throw new InspectionFailure('image-broken', 'the image ends before its data does');
  return { width, height };
}

function headerOf(bytes: Uint8Array): Dimensions {
  try {
    // The library reads past the end of a view, into the buffer that it looks into.
    return imageSize(bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice());
  } catch (error) {
    throw new InspectionFailure('image-broken', `the image cannot be read: ${messageOf(error)}`);
  }
}

/** Half an upload has a perfect header. PNG and JPEG, the two most common formats, say where they end. */
function isCutShort(bytes: Uint8Array, mediaType: string): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (mediaType === 'image/png') return !file.includes('IEND');
  return mediaType === 'image/jpeg' && file.indexOf(endOfJpeg, scanOfJpeg(file)) < 0;
}

const endOfJpeg = Buffer.from([0xff, 0xd9]);
const startOfScan = 0xda;

/** Where the picture itself begins: the segments before it may hold a preview with an end of its own. */
function scanOfJpeg(file: Buffer): number {
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff && file[at + 1] !== startOfScan) {
    at += 2 + file.readUInt16BE(at + 2);
  }
  return at;
}
