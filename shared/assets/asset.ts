import type { Dimensions, Failure, Kind, Reference } from './inspect/inspection.ts';

export type { Failure };

/**
 * uploading: announced; its blob has not been looked at since. processed: facts are worked out.
 * failed: facts as far as they go, and why. missing: the announced file had not arrived.
 */
export const ASSET_STATUSES = ['uploading', 'processed', 'failed', 'missing'] as const;
export type AssetStatus = (typeof ASSET_STATUSES)[number];

export interface Folder {
  readonly kind: 'folder';
  readonly path: string;
  readonly createdOn: string;
  readonly createdBy: string;
}

export interface Asset {
  readonly kind: 'asset';
  readonly path: string;
  /** Never changes, whatever happens to the path; the blob's key. */
  readonly assetId: string;
  readonly status: AssetStatus;
  /** The upload that was announced last; the blob carries the id of the upload that it came by. */
  readonly uploadId: string;
  /** As announced, in bytes. */
  readonly announcedSize: number;
  readonly createdOn: string;
  readonly createdBy: string;
  readonly modifiedOn: string;
  /** The job that worked out the facts, and when. */
  readonly processedBy?: string;
  readonly processedOn?: string;
  readonly summary?: Summary;
  readonly failure?: Failure;
}

export type Entry = Folder | Asset;

/** The facts that fit on a row and that lists show. */
export interface Summary {
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** Worked out from the content. */
  readonly mediaType: string;
  readonly fileKind: Kind;
  readonly encoding?: string;
  readonly title?: string;
  readonly wellFormed?: boolean;
  /** What is wrong first in a document that is not well-formed. */
  readonly firstFault?: string;
  /** In pixels. */
  readonly dimensions?: Dimensions;
  readonly idCount?: number;
  readonly keyDefinitions?: number;
  readonly references?: ReferenceCounts;
}

/** References by where they lead. `internal` ones lead to an asset that exists, `broken` ones to nothing. */
export interface ReferenceCounts {
  readonly internal: number;
  readonly broken: number;
  readonly external: number;
  readonly sameFile: number;
  /** By key (`keyref`, `conkeyref`): they need a map to be resolved, and are counted only. */
  readonly keys: number;
  /** How many of all these reuse content (`conref`). */
  readonly conrefs: number;
}

/** A reference with the asset path that it leads to; no path where it leaves the repository. */
export type ResolvedReference = Reference & { readonly path?: string; readonly broken?: true };

/** The facts that are too many for lists: they lie packed on the row and are read with one asset only. */
export interface Details {
  readonly ids: readonly string[];
  readonly references: readonly ResolvedReference[];
  /** There were more than an answer can carry; the counts in the summary are whole. */
  readonly areCut?: true;
}
