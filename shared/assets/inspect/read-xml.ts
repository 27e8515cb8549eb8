import { SaxesParser } from 'saxes';
import { Entities } from './entities.ts';
import type { FactCollector } from './fact-collector.ts';
import { InspectionFailure } from './inspection.ts';
import { limits } from './limits.ts';
import type { RecognisedText } from './recognise-text.ts';
import { type ParserOptions, titleReader } from './title-reader.ts';
import { xmlRule } from './xml-rules.ts';

/**
 * Reads XML as a stream of tags and keeps no tree. The first fault ends it. Well-formed means by XML 1.0 alone: there
 * is no validation, prefixes need no declaration (the DTDs of DITA declare some), and markup inside entities is text.
 */
export function readXml({ kind, prolog, text }: RecognisedText, facts: FactCollector): void {
  const entities = new Entities(prolog);
  const parser = new SaxesParser<ParserOptions>({ position: true, xmlns: false });
  const rule = xmlRule(kind);
  const title = titleReader(parser, facts);
  let depth = 0;
  let line = 0;

  parser.ENTITIES = lookup(entities);
  parser.on('error', (error) => {
    const fault = faultOf(error);
    facts.wellFormed = false;
    facts.firstFault = fault;
    throw new InspectionFailure('not-well-formed', `not well-formed XML: ${fault}`);
  });
  parser.on('opentagstart', () => {
    // Here, not at `opentag`: by then the parser stands at the end of a tag of many lines. It has just read the
    // character after the name, which may be the end of the line.
    line = parser.column === 0 ? parser.line - 1 : parser.line;
    depth += 1;
    refuseDepth(depth);
  });
  parser.on('opentag', ({ name, attributes }) => {
    title.open(name, depth);
    rule.open({ name, attributes, line }, facts);
  });
  parser.on('closetag', () => {
    title.close(depth);
    rule.close?.();
    depth -= 1;
  });
  parser.write(text).close();
  facts.wellFormed = true;
}

/** The parser says `12:5: unexpected close tag.` */
function faultOf({ message }: Error): string {
  const [, place, what] = /^(\d+:\d+): (.*?)\.?$/s.exec(message) ?? [];
  return what === undefined ? message : `${what} at ${place}`;
}

function refuseDepth(depth: number): void {
  if (depth > limits.depth) {
    throw new InspectionFailure('too-deep', `elements lie more than ${limits.depth} deep inside each other`);
  }
}

/** The parser looks entities up in an object; this one answers for each name when it is asked. */
const lookup = (entities: Entities): Record<string, string> =>
  new Proxy<Record<string, string>>({}, { get: (_, name) => entities.resolve(String(name)) });
