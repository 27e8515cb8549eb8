export type Doctype = {
  readonly name: string;
  readonly publicId?: string;
  readonly systemId?: string;
  readonly internalSubset: string;
};

/** What stands before and in the first start tag of an XML or HTML file. */
export type Prolog = {
  readonly xmlDeclaration?: string;
  readonly doctype?: Doctype;
  readonly root?: { readonly name: string; readonly attributes: ReadonlyMap<string, string> };
};

const doctypeHead =
  /<!DOCTYPE\s+([^\s[>]+)\s*(?:PUBLIC\s*(["'])([^"']*)\2\s*|SYSTEM\s*)?(?:(["'])([^"']*)\4)?/iy;
const startTag = /<([^\s/>"'<=!?]+)((?:[^"'<>]|"[^"]*"|'[^']*')*)/y;
const attribute = /([^\s=/"'<>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const space = /\s*/y;
/** Of a longer one the beginning is read: more than any real root element needs. */
const longestStartTag = 8192;

/**
 * Reads the prolog without parsing the file. It only looks, never complains: what makes no sense ends the prolog.
 * Every step goes forward by `indexOf`, so that no input makes it slow.
 */
export function readProlog(text: string): Prolog {
  let xmlDeclaration: string | undefined;
  let doctype: Doctype | undefined;
  let at = skipSpace(text, 0);
  while (text[at] === '<') {
    const end = text[at + 1] === '!' || text[at + 1] === '?' ? endOfDeclaration(text, at) : undefined;
    if (end === undefined) break;
    if (text.startsWith('<?xml', at) && xmlDeclaration === undefined) xmlDeclaration = text.slice(at, end);
    else doctype ??= readDoctype(text, at, end);
    at = skipSpace(text, end);
  }
  const root = readRoot(text, at);
  return {
    ...(xmlDeclaration !== undefined && { xmlDeclaration }),
    ...(doctype && { doctype }),
    ...(root && { root }),
  };
}

function skipSpace(text: string, from: number): number {
  space.lastIndex = from;
  space.test(text);
  return space.lastIndex;
}

/** The position after the comment, instruction or DOCTYPE that begins here. */
function endOfDeclaration(text: string, at: number): number | undefined {
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2);
  return /^<!doctype$/i.test(text.slice(at, at + 9)) ? endOfDoctype(text, at) : undefined;
}

function after(text: string, what: string, from: number): number | undefined {
  const found = text.indexOf(what, from);
  return found < 0 ? undefined : found + what.length;
}

function endOfDoctype(text: string, start: number): number | undefined {
  let inSubset = false;
  let at: number | undefined = start + 9;
  while (at !== undefined && at < text.length) {
    const char = text.charAt(at);
    if (char === '>' && !inSubset) return at + 1;
    if (char === '[' || char === ']') inSubset = char === '[';
    at = endOfPiece(text, at);
  }
  return undefined;
}

/** Literals, comments and instructions are one piece: a `>` or `]` in them ends nothing. */
function endOfPiece(text: string, at: number): number | undefined {
  const char = text.charAt(at);
  if (char === '"' || char === "'") return after(text, char, at + 1);
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4);
  if (text.startsWith('<?', at)) return after(text, '?>', at + 2);
  return at + 1;
}

function readDoctype(text: string, at: number, end: number): Doctype | undefined {
  const declaration = text.slice(at, end);
  doctypeHead.lastIndex = 0;
  const head = doctypeHead.exec(declaration);
  if (head === null) return undefined;
  const [matched, name = '', , publicId, , systemId] = head;
  const opened = declaration.indexOf('[', matched.length);
  const internalSubset = opened < 0 ? '' : declaration.slice(opened + 1, declaration.lastIndexOf(']'));
  return {
    name,
    ...(publicId !== undefined && { publicId }),
    ...(systemId !== undefined && { systemId }),
    internalSubset,
  };
}

function readRoot(text: string, at: number): Prolog['root'] {
  startTag.lastIndex = 0;
  const tag = startTag.exec(text.slice(at, at + longestStartTag));
  if (tag === null) return undefined;
  const [, name = '', inside = ''] = tag;
  const attributes = new Map(
    [...inside.matchAll(attribute)].map(([, key = '', a, b]) => [key, a ?? b ?? '']),
  );
  return { name, attributes };
}
