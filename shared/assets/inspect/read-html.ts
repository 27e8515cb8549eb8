import {
  type DefaultTreeAdapterMap,
  defaultTreeAdapter,
  parse,
  parseFragment,
  type DefaultTreeAdapterTypes as Tree,
  type TreeAdapter,
} from 'parse5';
import type { FactCollector } from './fact-collector.ts';
import { htmlRule } from './html-rule.ts';
import { inDocumentOrder } from './in-document-order.ts';
import { InspectionFailure } from './inspection.ts';
import { limits } from './limits.ts';
import type { RecognisedText } from './recognise-text.ts';

/** Reads HTML as browsers do: it always succeeds, and parse errors of the standard are facts, not failures. */
export function readHtml({ text }: RecognisedText, facts: FactCollector): void {
  facts.wellFormed = true;
  const document = parse(text, {
    sourceCodeLocationInfo: true,
    // What stands in <noscript> is for readers without scripts, and so is this one.
    scriptingEnabled: false,
    treeAdapter: shallowTrees(),
    onParseError({ code, startLine, startCol }) {
      facts.wellFormed = false;
      facts.firstFault ??= `${code} at ${startLine}:${startCol}`;
    },
  });
  addMarkup(document, facts);
}

/** Reads HTML that stands inside another text, where it begins on `line`. */
export function addHtmlPiece(html: string, line: number, facts: FactCollector): void {
  addMarkup(parseFragment(html, { sourceCodeLocationInfo: true, treeAdapter: shallowTrees() }), facts, line);
}

/** Ids, references and title of a tree, in document order. `line` is that of its first line. */
function addMarkup(root: Tree.Node, facts: FactCollector, line = 1): void {
  // A misnested element is put into the tree several times, with one and the same list of attributes.
  const seen = new Set<unknown>();
  for (const node of inDocumentOrder(root, inside)) {
    if (!('tagName' in node) || seen.has(node.attrs)) continue;
    seen.add(node.attrs);
    addElement(node, facts, line);
  }
}

/** What a <template> holds is a tree of its own. */
function inside(node: Tree.Node): Tree.Node[] {
  if ('content' in node) return [node.content];
  return 'childNodes' in node ? node.childNodes : [];
}

function addElement(element: Tree.Element, facts: FactCollector, firstLine: number): void {
  if (element.tagName === 'title' && element.parentNode?.nodeName === 'head') facts.addTitle(textOf(element));
  if (element.attrs.length === 0) return;
  const attributes = Object.fromEntries(
    element.attrs.map(({ name, prefix, value }) => [prefix ? `${prefix}:${name}` : name, value]),
  );
  const line = (element.sourceCodeLocation?.startLine ?? 1) + firstLine - 1;
  htmlRule.open({ name: element.tagName, attributes, line }, facts);
}

const textOf = (element: Tree.Element): string =>
  element.childNodes.map((child) => ('value' in child ? child.value : '')).join('');

/** The parser searches its stack of open elements again and again: a deep one would make it slow. */
function shallowTrees(): TreeAdapter<DefaultTreeAdapterMap> {
  let depth = 0;
  return {
    ...defaultTreeAdapter,
    onItemPush() {
      depth += 1;
      if (depth > limits.depth) {
        throw new InspectionFailure(
          'too-deep',
          `elements lie more than ${limits.depth} deep inside each other`,
        );
      }
    },
    onItemPop() {
      depth -= 1;
    },
  };
}
