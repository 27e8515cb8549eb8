/** What a file is, as reports group it. Raster pictures are `image`; a vector picture is `svg`, for it is XML too. */
export const kinds = [
  'dita-topic',
  'dita-map',
  'ditaval',
  'xml',
  'html',
  'markdown',
  'svg',
  'json',
  'text',
  'image',
  'video',
  'audio',
  'document',
  'archive',
  'empty',
  'other',
] as const;
export type Kind = (typeof kinds)[number];

/** Why a file counts as failed. The facts found all the same stand beside it. */
export const failureCodes = [
  'not-well-formed',
  'entity-bomb',
  'too-deep',
  'too-large',
  'too-many-facts',
  'undecodable',
  'extension-mismatch',
  'image-broken',
  'took-too-long',
  'out-of-memory',
  'crashed',
] as const;
export type FailureCode = (typeof failureCodes)[number];
export type Failure = { readonly code: FailureCode; readonly reason: string };

/**
 * What a reference is for: `conref` takes content over, `topicref` is an entry of a map, `image` shows a picture,
 * `link` leads elsewhere, `resource` loads something (style sheet, script, video, code); `keyref` and `conkeyref`
 * name a key that only a map can resolve.
 */
export type ReferenceKind = 'conref' | 'topicref' | 'image' | 'link' | 'resource' | 'keyref' | 'conkeyref';

/** `local` is a path to resolve with `resolveReference`; `key` is no path and is counted apart. */
export type Scope = 'local' | 'same-file' | 'external' | 'key';

export type Reference = {
  readonly kind: ReferenceKind;
  /** As written in the file, cut when very long. */
  readonly target: string;
  readonly scope: Scope;
  /** The line on which the tag or link begins, counted from 1. */
  readonly line: number;
};

export type DocumentFacts = {
  readonly title?: string;
  /** The fragments by which others may point into the file; `topic/element` for an element of a DITA topic. */
  readonly ids: readonly string[];
  readonly references: readonly Reference[];
  /** How many elements of a DITA map define keys. */
  readonly keyDefinitions: number;
  /** Absent when reading stopped before this was known. */
  readonly wellFormed?: boolean;
  /** What is wrong first, with its line and column: `missing-doctype at 1:1`. */
  readonly firstFault?: string;
};

export type Dimensions = { readonly width: number; readonly height: number };

export type Inspection = {
  readonly size: number;
  /** In lower-case hexadecimal. */
  readonly sha256: string;
  /** Worked out from the content, not from the name. */
  readonly mediaType: string;
  readonly kind: Kind;
  /** Of text: the WHATWG name of its encoding. */
  readonly encoding?: string;
  /** Of XML, HTML and Markdown. With a failure: what was read before it. */
  readonly document?: DocumentFacts;
  /** Of images, in pixels as stored (a turn noted in EXIF is not applied). */
  readonly dimensions?: Dimensions;
  readonly failure?: Failure;
};

export const unknownMediaType = 'application/octet-stream';

/** Thrown inside the readers to stop reading; `inspectFile` turns it into the `failure` of the inspection. */
export class InspectionFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, reason: string) {
    super(reason);
    this.name = 'InspectionFailure';
    this.code = code;
  }
}
