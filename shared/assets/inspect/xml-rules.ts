import { ditaRule } from './dita-rule.ts';
import { htmlRule } from './html-rule.ts';
import type { Kind, ReferenceKind } from './inspection.ts';
import { localName, type MarkupRule } from './markup-rule.ts';

const svgKinds = new Map<string, ReferenceKind>([
  ['a', 'link'],
  ['image', 'image'],
  ['feImage', 'image'],
]);

const svgRule: MarkupRule = {
  open({ name, attributes, line }, facts) {
    facts.addId(attributes['id']);
    const target = attributes['href'] ?? attributes['xlink:href'];
    if (target !== undefined) facts.addReference(svgKinds.get(localName(name)) ?? 'resource', target, line);
  },
};

/** XML of unknown meaning: the names that nearly every vocabulary (DocBook, XInclude, XSLT, feeds) uses for a reference. */
const commonAttributes = ['href', 'xlink:href', 'src', 'fileref'];

const plainRule: MarkupRule = {
  open({ attributes, line }, facts) {
    facts.addId(attributes['xml:id'] ?? attributes['id']);
    for (const name of commonAttributes) {
      const target = attributes[name];
      if (target !== undefined) facts.addReference('link', target, line);
    }
  },
};

const rules: Partial<Record<Kind, () => MarkupRule>> = {
  'dita-topic': () => ditaRule(false),
  'dita-map': () => ditaRule(true),
  ditaval: () => ditaRule(false),
  svg: () => svgRule,
  html: () => htmlRule,
};

export const xmlRule = (kind: Kind): MarkupRule => rules[kind]?.() ?? plainRule;
