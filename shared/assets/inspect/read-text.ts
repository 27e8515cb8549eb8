import { type DecodedText, decodeAnyhow, decodeText, looksBinary, type Undecodable } from './decode-text.ts';
import { limits } from './limits.ts';

/** The beginning by which a file is recognised when the whole is too much. */
export const headOf = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, limits.headBytes);

/** PDF, PostScript and RTF may consist of readable characters, but are no texts. */
const documents = /^(?:%PDF-|%!PS|\{\\rtf)/;

/** The text of a file, with `part` only that of its beginning; a problem if the file is not text. */
export function readText(
  bytes: Uint8Array,
  part = bytes.length > limits.decodedBytes,
): DecodedText | Undecodable {
  const head = headOf(bytes);
  if (looksBinary(head)) return { problem: 'it contains zero bytes' };
  if (documents.test(decodeAnyhow(head.subarray(0, 5))))
    return { problem: 'it is a document of another program' };
  return part ? decodeText(head, head.length < bytes.length) : decodeText(bytes);
}
