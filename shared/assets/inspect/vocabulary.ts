import type { Kind } from './inspection.ts';
import type { Prolog } from './prolog.ts';

/** A kind of markup and its registered media type. */
export type Vocabulary = { readonly kind: Kind; readonly mediaType: string };

/**
 * application/dita+xml is registered by the OASIS DITA committee; its parameter `format` names the vocabulary. The
 * values are those that content systems exchange (Apache Tika's, which AEM uses): the six base types by name, and for
 * a specialisation the type it is built on.
 */
const dita = (kind: Kind, format: string): Vocabulary => ({
  kind,
  mediaType: `application/dita+xml; format=${format}`,
});

const mapRoots = new Set([
  'map',
  'bookmap',
  'subjectScheme',
  'classifyMap',
  'learningMap',
  'learningBookmap',
  'learningGroupMap',
  'learningObjectMap',
  'eventMap',
]);
export const topicElements: ReadonlySet<string> = new Set([
  'topic',
  'concept',
  'task',
  'reference',
  'glossentry',
  'glossgroup',
  'troubleshooting',
  'machineryTask',
  'learningAssessment',
  'learningContent',
  'learningOverview',
  'learningPlan',
  'learningSummary',
]);
const namedFormats = new Set(['topic', 'concept', 'task', 'reference']);

/** `- map/map bookmap/bookmap `: how DITA elements say what they are specialised from. */
const ditaClass = /^[-+]\s+(map|topic)\/\1\s/;
const ditaPublicId = /\bDTD\s+DITA\b/i;
const svgNamespace = 'http://www.w3.org/2000/svg';
const xhtmlNamespace = 'http://www.w3.org/1999/xhtml';

export const plainXml: Vocabulary = { kind: 'xml', mediaType: 'application/xml' };
const svg: Vocabulary = { kind: 'svg', mediaType: 'image/svg+xml' };
export const plainHtml: Vocabulary = { kind: 'html', mediaType: 'text/html' };

/** By root element, DOCTYPE and namespace, never by the file's name: DITA topics are commonly called `.xml`. */
export function vocabularyOf(prolog: Prolog): Vocabulary {
  const [local, prefix] = (prolog.root?.name ?? prolog.doctype?.name ?? '').split(':').toReversed();
  const namespace = prolog.root?.attributes.get(prefix === undefined ? 'xmlns' : `xmlns:${prefix}`);
  if (local === 'svg' && isSvgNamespace(namespace)) return svg;
  if (isHtml(local) || isHtml(prolog.doctype?.name)) {
    return namespace === xhtmlNamespace ? { kind: 'html', mediaType: 'application/xhtml+xml' } : plainHtml;
  }
  return (namespace === undefined && ditaVocabulary(local ?? '', prolog)) || plainXml;
}

/** Both tags of an HTML root may be left out, but not the DOCTYPE. */
const isHtml = (name: string | undefined): boolean => name?.toLowerCase() === 'html';

/** Drawing programs write the namespace as an entity (`xmlns="&ns_svg;"`); little SVGs leave it out. */
const isSvgNamespace = (namespace: string | undefined): boolean =>
  namespace === undefined || namespace === svgNamespace || namespace.startsWith('&');

function ditaVocabulary(root: string, { doctype, root: tag }: Prolog): Vocabulary | undefined {
  const base = ditaClass.exec(tag?.attributes.get('class') ?? '')?.[1];
  if (base !== undefined) return base === 'map' ? ditaMap : ditaTopic(root);
  const publicId = doctype?.publicId;
  if (publicId !== undefined && !ditaPublicId.test(publicId)) return undefined;
  if (root === 'val') return dita('ditaval', 'val');
  if (mapRoots.has(root)) return ditaMap;
  if (root === 'dita' || topicElements.has(root)) return ditaTopic(root);
  const saysDita = publicId !== undefined || tag?.attributes.has('ditaarch:DITAArchVersion');
  return saysDita ? specialised(publicId ?? '', root) : undefined;
}

const ditaMap = dita('dita-map', 'map');
const ditaTopic = (root: string): Vocabulary => dita('dita-topic', namedFormats.has(root) ? root : 'topic');

/** A root element of somebody's own: its DOCTYPE calls itself a map, or it is a topic. */
const specialised = (publicId: string, root: string): Vocabulary =>
  /map\b/i.test(publicId) || /map$/i.test(root) ? ditaMap : ditaTopic(root);
