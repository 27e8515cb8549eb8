import { fileTypeFromBuffer } from 'file-type';
import { type DecodedText, decodeAnyhow } from './decode-text.ts';
import { contradiction, familyOf, isTextFamily } from './extensions.ts';
import { type Failure, type Kind, unknownMediaType } from './inspection.ts';
import { headOf, readText } from './read-text.ts';
import { type RecognisedText, recogniseText } from './recognise-text.ts';

export type Recognised = {
  readonly kind: Kind;
  readonly mediaType: string;
  readonly encoding?: string;
  /** Of text that has a parser: what to parse, and how. */
  readonly text?: RecognisedText;
  readonly failure?: Failure;
};

const documentTypes =
  /^application\/(?:pdf|epub\+zip|rtf|postscript|msword|vnd\.(?:openxmlformats|oasis\.opendocument|ms-))/;
const archiveTypes =
  /^application\/(?:zip|gzip|zstd|vnd\.rar|x-(?:tar|7z-compressed|rar-compressed|bzip2|xz|gzip|compress))/;
const textTypes = /^text\/|xml$/;

const unknown: Recognised = { kind: 'other', mediaType: unknownMediaType };

/** An empty file is a fact, not a fault: no name contradicts it, and there is nothing in it to be broken. */
const empty: Recognised = { kind: 'empty', mediaType: unknownMediaType };

/** What the bytes are. Text is tried first: it is what most files are, and the detector of magic numbers is slow on it. */
export async function recognise(name: string, bytes: Uint8Array): Promise<Recognised> {
  if (bytes.length === 0) return empty;
  const decoded = readText(bytes);
  const found =
    'text' in decoded
      ? described(name, decoded)
      : ((await binaryOf(bytes)) ?? unreadable(name, bytes, decoded.problem));
  const wrongName = contradiction(name, found.kind, found.mediaType);
  if (found.failure !== undefined || wrongName === undefined) return found;
  return { ...found, failure: { code: 'extension-mismatch', reason: wrongName } };
}

function described(name: string, decoded: DecodedText): Recognised {
  const text = recogniseText(name, decoded.text);
  return { kind: text.kind, mediaType: text.mediaType, encoding: decoded.encoding, text };
}

async function binaryOf(bytes: Uint8Array): Promise<Recognised | undefined> {
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (type === undefined || textTypes.test(type.mime)) return undefined;
  return { kind: kindOfBinary(type.mime), mediaType: type.mime };
}

function kindOfBinary(mediaType: string): Kind {
  const [top] = mediaType.split('/');
  if (top === 'image' || top === 'video' || top === 'audio') return top;
  if (documentTypes.test(mediaType)) return 'document';
  return archiveTypes.test(mediaType) ? 'archive' : 'other';
}

/** Neither text nor a known binary: a fault only if the name or the first characters say that it should be text. */
function unreadable(name: string, bytes: Uint8Array, problem: string): Recognised {
  const head = headOf(bytes);
  const beginning = head.includes(0) ? '' : decodeAnyhow(head);
  if (!isTextFamily(familyOf(name)) && !/^\s*<[?!]/.test(beginning)) return unknown;
  const { kind, mediaType } = beginning === '' ? unknown : recogniseText(name, beginning);
  return {
    kind,
    mediaType,
    failure: { code: 'undecodable', reason: `cannot be read as text: ${problem}` },
  };
}
