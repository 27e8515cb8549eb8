import { type Family, familyOf, textMediaType } from './extensions.ts';
import { type Prolog, readProlog } from './prolog.ts';
import { plainHtml, plainXml, type Vocabulary, vocabularyOf } from './vocabulary.ts';

export type Parser = 'xml' | 'html' | 'markdown';

export type RecognisedText = Vocabulary & {
  readonly text: string;
  readonly prolog: Prolog;
  /** Absent for plain text and JSON, which have no references to find. */
  readonly parser?: Parser;
};

const noProlog: Prolog = {};

/**
 * Markup is told by its content. Markdown, JSON, CSV and plain text are not: any text is valid Markdown, and `a,b` is
 * a CSV file as well as a sentence. Among these the extension decides.
 */
export function recogniseText(name: string, text: string): RecognisedText {
  const prolog = /^\s*</.test(text) ? readProlog(text) : noProlog;
  const family = familyOf(name);
  return { ...(asMarkup(prolog, family) ?? asText(name, family)), text, prolog };
}

type Reading = Vocabulary & { readonly parser?: Parser };

const readers: Partial<Record<Family, (prolog: Prolog) => Reading | undefined>> = {
  xml: (prolog) => (prolog === noProlog ? undefined : xml(vocabularyOf(prolog))),
  html: (prolog) => (isForeign(prolog) ? xml(vocabularyOf(prolog)) : html),
  markdown: (prolog) => (isForeign(prolog) ? xml(vocabularyOf(prolog)) : undefined),
};

const html: Reading = { ...plainHtml, parser: 'html' };
/** An HTML root read as XML is XHTML, whether or not it says so: that is the only way for it to be XML. */
const xml = (vocabulary: Vocabulary): Reading => ({
  ...vocabulary,
  mediaType: vocabulary.kind === 'html' ? 'application/xhtml+xml' : vocabulary.mediaType,
  parser: 'xml',
});

function asMarkup(prolog: Prolog, family: Family | undefined): Reading | undefined {
  const read = family && readers[family];
  return read ? read(prolog) : byContent(prolog);
}

/** Without help from the name only a declaration, a DOCTYPE or a namespace counts: templates also begin with `<`. */
function byContent(prolog: Prolog): Reading | undefined {
  if (prolog.xmlDeclaration !== undefined) return xml(vocabularyOf(prolog));
  const declared = prolog.doctype !== undefined || prolog.root?.attributes.has('xmlns');
  if (vocabularyOf(prolog).kind === 'html') return html;
  return declared ? xml(vocabularyOf(prolog)) : undefined;
}

/** XML that is certainly not the HTML (or Markdown with HTML) which the name promises. */
function isForeign(prolog: Prolog): boolean {
  const { kind } = vocabularyOf(prolog);
  if (kind === 'html') return false;
  return prolog.xmlDeclaration !== undefined || (prolog.doctype !== undefined && kind !== plainXml.kind);
}

function asText(name: string, family: Family | undefined): Reading {
  if (family === 'markdown') return { kind: 'markdown', mediaType: 'text/markdown', parser: 'markdown' };
  if (family === 'json') return { kind: 'json', mediaType: 'application/json' };
  return { kind: 'text', mediaType: textMediaType(name) };
}
