import MarkdownIt, { type Token } from 'markdown-it';
import type { RuleBlock } from 'markdown-it/lib/parser_block.mjs';
import StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';
import type { Nesting } from 'markdown-it/lib/token.mjs';
import { InspectionFailure } from './inspection.ts';
import { limits } from './limits.ts';
import { literalParser } from './literal-parser.ts';
import { refuseMoreThan } from './refuse-more-than.ts';

/** What links by reference (`[text][label]`) refer to, by label. */
export type Definitions = Record<string, { readonly href: string; readonly title: string }>;

/** The address of every link by reference, which counts where it is defined. Decoded text has no zero characters. */
export const byReference = '\0';

const kept = new Set(['heading_open', 'inline', 'html_block', 'tr_open', 'definition']);

/**
 * Those blocks of Markdown that say something, in order. A definition (`[label]: address`) is one too, with its address
 * as `content`. Throws when there are too many, or when they lie too deep inside each other.
 */
export function markdownBlocks(text: string): { blocks: Token[]; definitions: Definitions } {
  const source = text.replace(/\r\n?/g, '\n');
  refuseLines(source);
  const blocks: Token[] = [];
  const state = new BoundedBlocks(source, parser, {}, blocks);
  parser.block.tokenize(state, state.line, state.lineMax);
  return { blocks, definitions: state.definitions };
}

/** Several numbers are kept for each line. */
function refuseLines(text: string): void {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    refuseMoreThan(limits.markdownPieces, ++lines, 'lines');
  }
}

class BoundedBlocks extends StateBlock {
  readonly definitions: Definitions = {};
  #depth = 0;
  #quotes = 0;

  override push(type: string, tag: string, nesting: Nesting): Token {
    if (tag === 'li' || tag === 'blockquote') this.#depth += nesting;
    if (this.#depth > limits.depth) {
      const reason = `lists and quotes lie more than ${limits.depth} deep inside each other`;
      throw new InspectionFailure('too-deep', reason);
    }
    if (tag === 'blockquote') this.#addQuote(nesting);
    const token = super.push(type, tag, nesting);
    if (kept.has(type)) refuseMoreThan(limits.markdownPieces, this.tokens.length, 'blocks');
    else this.tokens.pop();
    return token;
  }

  /** A quote copies the numbers of its lines, which may be all that follow. */
  #addQuote(nesting: Nesting): void {
    this.#quotes += nesting;
    refuseMoreThan(limits.quotedLines, this.#quotes * (this.lineMax - this.line), 'lines in quotes');
  }
}

const parser = literalParser(Infinity);
parser.block.ruler.at('reference', definitionRule(ruleOf('reference')));

/** A rule of the parser itself, which does not export them. */
function ruleOf(name: string): RuleBlock {
  const { ruler } = new MarkdownIt().block;
  ruler.enableOnly(name);
  const [rule] = ruler.getRules('');
  if (rule === undefined) throw new Error(`markdown-it has no rule ${name}.`);
  return rule;
}

/** The rule keeps only the first definition of a label, and not where it stands; so it is shown none of the others. */
function definitionRule(rule: RuleBlock): RuleBlock {
  return (state, startLine, endLine, silent) => {
    const found: { references: Definitions } = { references: {} };
    state.env = found;
    const matched = rule(state, startLine, endLine, silent);
    for (const [label, { href }] of Object.entries(found.references)) {
      if (state instanceof BoundedBlocks) state.definitions[label] = { href: byReference, title: '' };
      // `[^1]: x` is a footnote and no address.
      if (label.startsWith('^')) continue;
      const token = state.push('definition', '', 0);
      token.content = href;
      token.map = [startLine, state.line];
    }
    return matched;
  };
}
