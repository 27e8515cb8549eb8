import type { Expr } from './ast.ts';
import { parse, SyntaxError } from './filter-parser.mjs';
import { QueryFault } from './query-fault.ts';

export const MAX_FILTER_CHARACTERS = 8_192;
/** Parentheses in each other: the parser and all that walks its result go down by recursion. */
export const MAX_FILTER_DEPTH = 100;

/** Reads a filter in the syntax of OData. Throws `QueryFault`. */
export function parseFilter(text: string): Expr {
  if (text.length > MAX_FILTER_CHARACTERS) {
    throw new QueryFault(
      MAX_FILTER_CHARACTERS,
      `A filter has at most ${MAX_FILTER_CHARACTERS} characters; this one has ${text.length}.`,
    );
  }
  refuseDepth(text);
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new QueryFault(error.location.start.offset, expectation(error));
    if (error instanceof RangeError) throw new QueryFault(0, 'This is nested too deep.');
    throw error;
  }
}

const TEXT_OR_PARENTHESIS = /'(?:[^']|'')*'?|[()]/g;

function refuseDepth(text: string): void {
  let depth = 0;
  for (const { 0: found, index } of text.matchAll(TEXT_OR_PARENTHESIS)) {
    if (found === '(') depth++;
    else if (found === ')') depth--;
    if (depth > MAX_FILTER_DEPTH) {
      throw new QueryFault(index, `At most ${MAX_FILTER_DEPTH} parentheses may lie in each other.`);
    }
  }
}

/** In the grammar's words, without repetitions: `expected a comparison, but found "x"`. */
function expectation({ expected, found }: SyntaxError): string {
  const wanted = expected.map(({ type, description, text }) => {
    if (description !== undefined) return description;
    if (type === 'end') return 'the end';
    return text === undefined ? type : `"${text}"`;
  });
  const seen = found === null ? 'the end' : JSON.stringify(found);
  const words = [...new Set(wanted)].toSorted();
  const notOnlySpace = words.length > 1 ? words.filter((word) => word !== 'a space') : words;
  return `Expected ${notOnlySpace.join(', ')}, but found ${seen}.`;
}
