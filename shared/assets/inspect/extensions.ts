import { type Kind, unknownMediaType } from './inspection.ts';

/** Files with one of these extensions are expected to be of this family. */
const families = [
  ['xml', 'xml dita ditamap ditaval svg xhtml xht xsl xslt xsd rng xlf xliff'],
  ['html', 'html htm'],
  ['markdown', 'md markdown mdown mkd'],
  ['json', 'json'],
  ['text', 'txt text csv tsv css js mjs cjs yaml yml log properties ini'],
  ['image', 'png apng jpg jpeg gif webp bmp tif tiff ico avif heic heif psd jp2 jxl'],
  ['video', 'mp4 m4v mov avi mkv webm wmv mpg mpeg'],
  ['audio', 'mp3 m4a wav flac ogg oga opus aac'],
  ['document', 'pdf docx xlsx pptx odt ods odp epub'],
  ['archive', 'zip gz tgz tar 7z rar bz2 xz zst'],
] as const;
export type Family = (typeof families)[number][0];

const familyByExtension: ReadonlyMap<string, Family> = new Map(
  families.flatMap(([family, extensions]) => extensions.split(' ').map((extension) => [extension, family])),
);

/** The registered types of plain text that only their extension tells apart. */
const textMediaTypes = new Map([
  ['csv', 'text/csv'],
  ['tsv', 'text/tab-separated-values'],
  ['css', 'text/css'],
  ['js', 'text/javascript'],
  ['mjs', 'text/javascript'],
  ['cjs', 'text/javascript'],
  ['yaml', 'application/yaml'],
  ['yml', 'application/yaml'],
]);

const textKinds: readonly Kind[] = [
  'dita-topic',
  'dita-map',
  'ditaval',
  'xml',
  'html',
  'markdown',
  'svg',
  'json',
  'text',
];
const markupKinds = textKinds.filter((kind) => !['markdown', 'json', 'text'].includes(kind));

/**
 * The kinds that a file of this family may turn out to be. Texts are lenient among themselves, and so are the
 * containers (a .docx is a zip, an .ogg may be a film); `other` is bytes that nobody recognised.
 */
const possibleKinds: Record<Family, readonly Kind[]> = {
  xml: markupKinds,
  html: textKinds,
  markdown: textKinds,
  json: textKinds,
  text: textKinds,
  image: ['image'],
  video: ['video', 'audio', 'other'],
  audio: ['video', 'audio', 'other'],
  document: ['document', 'archive', 'other'],
  archive: ['archive', 'document', 'other'],
};

/** In lower case and without the dot; empty for `LICENSE` and `.gitignore`. */
export const extensionOf = (name: string): string =>
  /[^/\\]\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

export const familyOf = (name: string): Family | undefined => familyByExtension.get(extensionOf(name));

export const isTextFamily = (family: Family | undefined): boolean =>
  family !== undefined && ['xml', 'html', 'markdown', 'json', 'text'].includes(family);

export const textMediaType = (name: string): string => textMediaTypes.get(extensionOf(name)) ?? 'text/plain';

/** What is wrong with the name, or undefined. An extension that we do not know contradicts nothing. */
export function contradiction(name: string, kind: Kind, mediaType: string): string | undefined {
  const family = familyOf(name);
  if (family === undefined || kind === 'empty' || possibleKinds[family].includes(kind)) return undefined;
  const content = mediaType === unknownMediaType ? 'not recognised' : mediaType;
  return `named .${extensionOf(name)}, but the content is ${content}`;
}
