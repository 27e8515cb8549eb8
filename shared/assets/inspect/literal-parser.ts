import MarkdownIt from 'markdown-it';

/**
 * A markdown-it that takes HTML, and every address as it is written. What lies deeper than `maxNesting` it leaves out
 * without a word, so who uses it has to refuse that first.
 */
export function literalParser(maxNesting: number): MarkdownIt {
  const options = { html: true, maxNesting };
  const parser = new MarkdownIt(options);
  parser.normalizeLink = (address) => address;
  parser.normalizeLinkText = (address) => address;
  parser.validateLink = () => true;
  return parser;
}
