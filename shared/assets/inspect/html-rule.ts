import type { ReferenceKind } from './inspection.ts';
import { localName, type MarkupRule } from './markup-rule.ts';
import { srcsetTargets } from './srcset.ts';

/** `element attribute` → kind: the attributes of the HTML standard that hold an address to follow or to load. */
const attributeKinds = new Map<string, ReferenceKind>([
  ['a href', 'link'],
  ['area href', 'link'],
  ['img longdesc', 'link'],
  ['img src', 'image'],
  ['img srcset', 'image'],
  ['input src', 'image'],
  ['video poster', 'image'],
  ['source srcset', 'image'],
  ['link imagesrcset', 'image'],
  ['source src', 'resource'],
  ['video src', 'resource'],
  ['audio src', 'resource'],
  ['track src', 'resource'],
  ['script src', 'resource'],
  ['iframe src', 'resource'],
  ['frame src', 'resource'],
  ['embed src', 'resource'],
  ['object data', 'resource'],
  ['link href', 'resource'],
  // Of SVG inside HTML, where `xlink:` is still common.
  ['image href', 'image'],
  ['use href', 'resource'],
]);

export const htmlRule: MarkupRule = {
  open({ name, attributes, line }, facts) {
    facts.addId(attributes['id']);
    if (name === 'a') facts.addId(attributes['name']);
    for (const attribute in attributes) {
      const kind = attributeKinds.get(`${name} ${localName(attribute)}`);
      const value = attributes[attribute];
      if (kind === undefined || value === undefined) continue;
      const targets = attribute.endsWith('srcset') ? srcsetTargets(value) : [value];
      for (const target of targets) facts.addReference(kind, target, line);
    }
  },
};
