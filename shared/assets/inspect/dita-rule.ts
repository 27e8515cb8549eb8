import type { FactCollector } from './fact-collector.ts';
import type { ReferenceKind } from './inspection.ts';
import type { Element, MarkupRule } from './markup-rule.ts';
import { scopeOf } from './scope.ts';
import { topicElements } from './vocabulary.ts';

/**
 * The counting rule. One reference for each of these attributes that has a value, wherever it occurs; parsing leaves
 * out comments, CDATA and the DOCTYPE by itself.
 * - `href` and its like are external by `scope="external"` or `"peer"` (in a map inherited from the entries above, as
 *   DITA 1.3 cascades it) or by a `scheme:`; `#x` is the same file; the rest are local paths.
 * - `conref` likewise, but `scope` says nothing about it. `conrefend` is no reference of its own: it names the end of
 *   the range that `conref` begins, in the same file.
 * - `keyref` and `conkeyref` name keys and are no paths. An `href` beside a `keyref` is its fallback and counts too.
 */
const attributeKinds = new Map<string, ReferenceKind | 'by element'>([
  ['href', 'by element'],
  ['conref', 'conref'],
  ['keyref', 'keyref'],
  ['conkeyref', 'conkeyref'],
  ['data', 'resource'],
  ['mapref', 'topicref'],
  ['anchorref', 'topicref'],
  ['longdescref', 'link'],
  ['imageref', 'image'],
  ['xlink:href', 'resource'],
]);

const elementKinds = new Map<string, ReferenceKind>([
  ['image', 'image'],
  ['hazardsymbol', 'image'],
  ['glossSymbol', 'image'],
  ['coderef', 'resource'],
  ['include', 'resource'],
  ['ditavalref', 'resource'],
  ['audio', 'resource'],
  ['video', 'resource'],
  ['media-source', 'resource'],
  ['media-track', 'resource'],
]);

/** Stands in required attributes whose true value comes from the `conref`: it points nowhere. */
const takenFromConref = '-dita-use-conref-target';

/** What an element hands down to those inside it. */
type Inherited = {
  readonly isEntry: boolean;
  readonly scope: string | undefined;
  readonly topicId: string | undefined;
};

export function ditaRule(isMap: boolean): MarkupRule {
  const stack: Inherited[] = [];
  let inherited: Inherited = { isEntry: isMap, scope: undefined, topicId: undefined };
  return {
    open(element, facts) {
      // DITA 1.1 had the title of a map in an attribute.
      if (isMap && stack.length === 0) facts.suggestTitle(element.attributes['title']);
      stack.push(inherited);
      inherited = within(element, inherited, isMap);
      addIds(element, inherited, stack.at(-1), facts);
      if (element.attributes['keys'] !== undefined) facts.keyDefinitions += 1;
      addReferences(element, inherited, facts);
    },
    close() {
      inherited = stack.pop() ?? inherited;
    },
  };
}

/** `topicmeta` describes an entry: what stands in it is no entry, and the scope of the entry is not meant for it. */
function within({ name, attributes }: Element, above: Inherited, isMap: boolean): Inherited {
  const isEntry = above.isEntry && name !== 'topicmeta';
  return {
    isEntry,
    scope: isMap && isEntry ? (attributes['scope'] ?? above.scope) : attributes['scope'],
    topicId: topicElements.has(name) ? attributes['id'] : above.topicId,
  };
}

/** Elements of a topic are addressed as `topic/element`; topics, and elements of maps, by their id alone. */
function addIds(
  { attributes }: Element,
  own: Inherited,
  above: Inherited | undefined,
  facts: FactCollector,
): void {
  const id = attributes['id'];
  const isTopic = own.topicId !== above?.topicId;
  facts.addId(id && !isTopic && own.topicId ? `${own.topicId}/${id}` : id);
}

function addReferences(element: Element, { isEntry, scope }: Inherited, facts: FactCollector): void {
  for (const name in element.attributes) {
    const found = attributeKinds.get(name);
    const target = element.attributes[name];
    if (found === undefined || !target || target === takenFromConref) continue;
    const kind = found === 'by element' ? kindOfHref(element.name, isEntry) : found;
    facts.addReference(kind, target, element.line, scopeOfDita(kind, target, scope));
  }
}

const kindOfHref = (element: string, isEntry: boolean): ReferenceKind =>
  elementKinds.get(element) ?? (isEntry ? 'topicref' : 'link');

function scopeOfDita(kind: ReferenceKind, target: string, scope: string | undefined) {
  if (kind === 'keyref' || kind === 'conkeyref') return 'key';
  const isElsewhere = kind !== 'conref' && (scope === 'external' || scope === 'peer');
  return isElsewhere ? 'external' : scopeOf(target);
}
