export type DecodedText = { readonly text: string; readonly encoding: string };
export type Undecodable = { readonly problem: string };

const marks = [
  // UTF-32 first: its little-endian mark begins with that of UTF-16.
  { bytes: [0xff, 0xfe, 0x00, 0x00], encoding: 'utf-32' },
  { bytes: [0x00, 0x00, 0xfe, 0xff], encoding: 'utf-32' },
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
  // `<?` or `<!` without a mark: XML 1.0, appendix F.
  { bytes: [0x3c, 0x00, 0x3f, 0x00], encoding: 'utf-16le' },
  { bytes: [0x00, 0x3c, 0x00, 0x3f], encoding: 'utf-16be' },
  { bytes: [0x3c, 0x00, 0x21, 0x00], encoding: 'utf-16le' },
  { bytes: [0x00, 0x3c, 0x00, 0x21], encoding: 'utf-16be' },
];

const xmlDeclaration = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/;
const htmlDeclaration = /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w.:-]+)/i;
const latin1 = new TextDecoder('latin1');

/** Zero bytes occur in no text except UTF-16 and UTF-32. */
export const looksBinary = (head: Uint8Array): boolean =>
  markedEncoding(head) === undefined && head.includes(0);

/**
 * The text in the encoding that its mark, its XML declaration or its HTML `meta` names; otherwise UTF-8. Nothing is
 * guessed and no byte is replaced: what does not fit is a problem. With `part`, the bytes may end inside a character.
 */
export function decodeText(bytes: Uint8Array, part = false): DecodedText | Undecodable {
  const marked = markedEncoding(bytes);
  const declared = marked === undefined ? declaredEncoding(bytes) : undefined;
  if (declared?.startsWith('utf-16')) return { problem: 'it declares UTF-16, but its bytes are not' };
  const decoded = decodeAs(bytes, marked ?? declared ?? 'utf-8', part);
  const silent = marked === undefined && declared === undefined;
  return 'problem' in decoded && silent
    ? { problem: `${decoded.problem} and names no other encoding` }
    : decoded;
}

function decodeAs(bytes: Uint8Array, label: string, part: boolean): DecodedText | Undecodable {
  const decoder = decoderFor(label);
  if (decoder === undefined) return { problem: `its encoding ${label} is not known` };
  try {
    const text = decoder.decode(bytes, { stream: part });
    if (text.includes('\0')) return { problem: 'it contains zero characters' };
    return { text, encoding: decoder.encoding };
  } catch {
    return { problem: `it is not valid ${decoder.encoding.toUpperCase()}` };
  }
}

function decoderFor(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return undefined;
  }
}

function markedEncoding(bytes: Uint8Array): string | undefined {
  return marks.find((mark) => mark.bytes.every((byte, index) => bytes[index] === byte))?.encoding;
}

/** HTML looks for its declaration in the first 1,024 bytes; a `<meta>` shown in other text means nothing. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = latin1.decode(bytes.subarray(0, 1024));
  if (!/^\s*</.test(head)) return undefined;
  const [, label] = xmlDeclaration.exec(head) ?? htmlDeclaration.exec(head) ?? [];
  return label?.toLowerCase();
}

/** Enough to see what undecodable text set out to be: every byte becomes some character. */
export const decodeAnyhow = (head: Uint8Array): string => latin1.decode(head);
