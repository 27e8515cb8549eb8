import type { Token } from 'markdown-it';
import { bareAddresses } from './bare-addresses.ts';
import type { FactCollector } from './fact-collector.ts';
import { readFrontMatter } from './front-matter.ts';
import { slugger } from './heading-slug.ts';
import { byReference, markdownBlocks } from './markdown-blocks.ts';
import { lineInBlock, markdownInlines } from './markdown-inlines.ts';
import { addHtmlPiece } from './read-html.ts';
import type { RecognisedText } from './recognise-text.ts';

/** `# Title {#id}`: Pandoc, kramdown and Docusaurus name a heading so; GitHub knows nothing of it. */
const explicitId = /\{#([^\s{}]+)\}\s*$/;

/**
 * Reads Markdown as GitHub does: CommonMark with tables and bare addresses. Any text is well-formed Markdown. The title
 * is that of the front matter, as site generators have it, otherwise the first heading of the first level.
 */
export function readMarkdown({ text }: RecognisedText, facts: FactCollector): void {
  const { title, body } = readFrontMatter(text);
  facts.addTitle(title);
  const slugOf = slugger();
  const { blocks, definitions } = markdownBlocks(body);
  let line = 1;
  let heading: string | undefined;
  for (const block of blocks) {
    // The cell of a table has no line of its own, but its row has.
    if (block.map) line = block.map[0] + 1;
    if (block.type === 'heading_open') heading = block.tag;
    else if (block.type === 'html_block') addHtml(block.content, line, facts);
    else if (block.type === 'definition') facts.addReference('link', block.content, line);
    else if (block.type === 'inline') {
      const tokens = markdownInlines(block.content, definitions);
      if (heading !== undefined) addHeading(heading, textOf(tokens), slugOf, facts);
      heading = undefined;
      addInline(tokens, line, facts);
    }
  }
  facts.wellFormed = true;
}

function addHeading(
  tag: string,
  text: string,
  slugOf: (heading: string) => string,
  facts: FactCollector,
): void {
  const [, id] = explicitId.exec(text) ?? [];
  if (tag === 'h1') facts.addTitle(text.replace(explicitId, ''));
  facts.addId(id ?? slugOf(text));
}

function textOf(tokens: Token[]): string {
  let text = '';
  for (const { type, content } of tokens) {
    if (type === 'text' || type === 'code_inline') text += content;
    else if (type === 'softbreak') text += '\n';
    else if (type === 'hardbreak') text += ' ';
  }
  return text;
}

function addInline(tokens: Token[], firstLine: number, facts: FactCollector): void {
  let openLinks = 0;
  for (const token of tokens) {
    const line = firstLine + lineInBlock(token);
    if (token.type === 'link_open') addLink('link', token.attrGet('href'), line, facts);
    else if (token.type === 'image') addLink('image', token.attrGet('src'), line, facts);
    else if (token.type === 'html_inline') addHtml(token.content, line, facts);
    else if (token.type === 'text' && openLinks === 0) {
      for (const address of bareAddresses(token.content)) facts.addReference('link', address, line);
    }
    if (token.type === 'link_open' || token.type === 'link_close') openLinks += token.nesting;
  }
}

/** A link by reference counts once, at its definition. */
function addLink(kind: 'link' | 'image', address: string | null, line: number, facts: FactCollector): void {
  if (address !== null && address !== byReference) facts.addReference(kind, address, line);
}

/** Without an attribute there is nothing to find in it, and most of it (`</b>`, comments) has none. */
function addHtml(html: string, line: number, facts: FactCollector): void {
  if (html.includes('=')) addHtmlPiece(html, line, facts);
}
