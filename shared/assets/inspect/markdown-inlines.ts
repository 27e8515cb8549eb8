import type { Token } from 'markdown-it';
import parseLinkLabel from 'markdown-it/lib/helpers/parse_link_label.mjs';
import StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';
import type { Nesting } from 'markdown-it/lib/token.mjs';
import { InspectionFailure } from './inspection.ts';
import { limits } from './limits.ts';
import { literalParser } from './literal-parser.ts';
import type { Definitions } from './markdown-blocks.ts';
import { refuseMoreThan } from './refuse-more-than.ts';

/** The parts of one block of text, in order. Throws when there are too many, or brackets lie too deep. */
export function markdownInlines(text: string, definitions: Definitions): Token[] {
  refuseDeepBrackets(text);
  const tokens: Token[] = [];
  const state = new LocatedInlines(text, parser, { references: definitions }, tokens);
  parser.inline.tokenize(state);
  for (const rule of parser.inline.ruler2.getRules('')) rule(state);
  return joinTexts(tokens);
}

/** On which line of its block a part begins, counted from 0. */
export const lineInBlock = ({ meta }: Token): number => (typeof meta === 'number' ? meta : 0);

class LocatedInlines extends StateInline {
  readonly lastBracket = this.src.lastIndexOf(']');
  #line = 0;
  #lineEnd = this.#lineEndFrom(0);

  override push(type: string, tag: string, nesting: Nesting): Token {
    refuseMoreThan(limits.markdownPieces, this.tokens.length, 'pieces in one paragraph');
    return this.#located(super.push(type, tag, nesting));
  }

  override pushPending(): Token {
    return this.#located(super.pushPending());
  }

  #located(token: Token): Token {
    for (; this.#lineEnd < this.pos; this.#line++) this.#lineEnd = this.#lineEndFrom(this.#lineEnd + 1);
    token.meta = this.#line;
    return token;
  }

  #lineEndFrom(position: number): number {
    const found = this.src.indexOf('\n', position);
    return found < 0 ? Infinity : found;
  }
}

const parser = literalParser(limits.brackets + 1);
// Called for the text of an image, in which nothing counts, once for each image around it.
parser.inline.parse = () => undefined;
// Without an end in sight the search for it is in vain, and dear when many are open.
parser.helpers.parseLinkLabel = (state, start, disableNested) =>
  state instanceof LocatedInlines && start > state.lastBracket
    ? -1
    : parseLinkLabel(state, start, disableNested);

/** Beyond `maxNesting` the parser does not find the end of a bracket. One that has no end holds nothing. */
function refuseDeepBrackets(text: string): void {
  const heights: number[] = [];
  for (const [bracket] of text.matchAll(/[[\]]/g)) {
    if (bracket === '[') heights.push(0);
    else close(heights);
  }
}

/** `heights`: for each open bracket, how many lie inside each other in it. */
function close(heights: number[]): void {
  const height = (heights.pop() ?? -1) + 1;
  if (height > limits.brackets) {
    const reason = `brackets lie more than ${limits.brackets} deep inside each other`;
    throw new InspectionFailure('too-deep', reason);
  }
  const outer = heights.pop();
  if (outer !== undefined) heights.push(Math.max(outer, height));
}

/** Escaped characters and entities are tokens of their own, but an address may contain some. */
function joinTexts(tokens: Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    if (token.type === 'text_special') token.type = 'text';
    const last = joined.at(-1);
    if (token.type === 'text' && last?.type === 'text') last.content += token.content;
    else joined.push(token);
  }
  return joined;
}
