import { FactCollector } from './fact-collector.ts';
import { identify } from './identify.ts';
import {
  type Dimensions,
  type Failure,
  type Inspection,
  InspectionFailure,
  unknownMediaType,
} from './inspection.ts';
import { limits } from './limits.ts';
import { measureImage } from './measure-image.ts';
import { measureSvg } from './measure-svg.ts';
import { messageOf } from './message-of.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { readXml } from './read-xml.ts';
import { type Recognised, recognise } from './recognise.ts';
import type { Parser, RecognisedText } from './recognise-text.ts';

const readers: Record<Parser, (text: RecognisedText, facts: FactCollector) => void> = {
  xml: readXml,
  html: readHtml,
  markdown: readMarkdown,
};

/**
 * The facts about one file from its bytes; of its name only the extension matters. Never throws: what is wrong with
 * the file is its `failure`. A hostile file may still take long, or more memory than there is: see `Inspector`.
 */
export async function inspectFile(name: string, bytes: Uint8Array): Promise<Inspection> {
  try {
    const { text, ...recognised } = await recognise(name, bytes);
    return { ...identify(bytes), ...recognised, ...contentOf(recognised, text, bytes) };
  } catch (error) {
    return { ...identify(bytes), kind: 'other', mediaType: unknownMediaType, failure: failureOf(error) };
  }
}

/** A wrong name is the more telling failure, so it stays; the facts are worked out all the same. */
function contentOf(
  recognised: Recognised,
  text: RecognisedText | undefined,
  bytes: Uint8Array,
): Partial<Inspection> {
  const content = factsOf(recognised, text, bytes);
  const failure = recognised.failure ?? content.failure;
  return { ...content, ...(failure && { failure }) };
}

function factsOf(
  { kind, mediaType }: Recognised,
  text: RecognisedText | undefined,
  bytes: Uint8Array,
): Partial<Inspection> {
  if (text?.parser) return documentOf(text, text.parser, bytes.length);
  return kind === 'image' ? imageOf(bytes, mediaType) : {};
}

function documentOf(text: RecognisedText, parser: Parser, size: number): Partial<Inspection> {
  const most = limits.parsedBytes[parser];
  if (size > most) {
    const reason = `too large to be parsed: ${size} bytes, and ${most} is the most for ${parser}`;
    return { failure: { code: 'too-large', reason } };
  }
  const facts = new FactCollector();
  const failure = attempt(() => readers[parser](text, facts)) ?? facts.failure;
  const dimensions = text.kind === 'svg' ? measureSvg(text.prolog.root?.attributes ?? new Map()) : undefined;
  return { document: facts.facts(), ...(dimensions && { dimensions }), ...(failure && { failure }) };
}

function imageOf(bytes: Uint8Array, mediaType: string): Partial<Inspection> {
  let dimensions: Dimensions | undefined;
  const failure = attempt(() => {
    dimensions = measureImage(bytes, mediaType);
  });
  return { ...(dimensions && { dimensions }), ...(failure && { failure }) };
}

function attempt(read: () => void): Failure | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof InspectionFailure) return { code: error.code, reason: error.message };
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return { code: 'too-deep', reason: 'its parts lie too deep inside each other' };
  }
  return {
    code: 'crashed',
    reason: `reading it failed: ${messageOf(error)}`,
  };
}
