import type { FactCollector } from './fact-collector.ts';

/** A start tag, from whichever parser. Attribute names are as written, with their prefix. */
export type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly line: number;
};

/** Which attributes of a vocabulary are ids and references. It is told of every start tag and, in XML, every end tag. */
export type MarkupRule = {
  open(element: Element, facts: FactCollector): void;
  close?(): void;
};

/** `xlink:href` and `href` alike: the part after the prefix. */
export const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
