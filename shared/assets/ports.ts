import type { DueQuery } from '../service/ports.ts';
import type { Asset, Details, Entry, Failure, Summary } from './asset.ts';

export interface AnnouncedFile {
  readonly path: string;
  readonly size: number;
  readonly mediaType?: string | undefined;
}

export interface Announcement extends AnnouncedFile {
  /** Given to the asset if there is none at this path yet. */
  readonly newAssetId: string;
  readonly uploadId: string;
  readonly at: string;
  readonly by: string;
}

export interface AssetStore {
  /** What is there now at these paths, folders and assets. */
  entriesAt(paths: readonly string[]): Promise<Map<string, Entry>>;
  /** Makes the folders that are not there yet. */
  makeFolders(paths: readonly string[], by: string, at: string): Promise<void>;
  /** Makes the row, or marks the one that is there as uploading again; its id stays. */
  announce(file: Announcement): Promise<Asset>;
  get(path: string): Promise<{ entry: Entry; details?: Details } | undefined>;
  /** Folders and assets of one folder by name; `after` is a name. */
  list(folder: string, range: { after?: string | undefined; limit: number }): Promise<Entry[]>;
  /** Assets announced by then whose facts nobody has recorded since, a page of them; may lag by a moment. */
  unprocessed(query: DueQuery): Promise<PathPage>;
  /** Writes the facts unless the file has been announced anew since it was read. True if written. */
  record(asset: Asset, facts: RecordedFacts): Promise<boolean>;
}

export interface PathPage {
  readonly paths: readonly string[];
  /** A page may be empty and still have a next one. */
  readonly next?: string;
}

export interface RecordedFacts {
  readonly status: Exclude<Asset['status'], 'uploading'>;
  readonly processedBy: string;
  readonly processedOn: string;
  readonly summary?: Summary;
  readonly failure?: Failure;
  readonly details?: Details;
}

/** So long after the announcement a PUT can be begun. */
export const TICKET_SECONDS = 3_600;

export interface UploadTicket {
  readonly url: string;
  readonly headers: Record<string, string>;
}

export interface Blob {
  /** The upload by which it came. */
  readonly uploadId: string | undefined;
  readonly size: number;
  bytes(): Promise<Uint8Array>;
  chunks(): AsyncIterable<Uint8Array>;
  /** Lets go of a body that is not wanted. */
  discard(): void;
}

/** Where the bytes of assets lie. */
export interface Blobs {
  /** A presigned PUT for exactly this file. */
  ticketFor(asset: Asset, file: AnnouncedFile): Promise<UploadTicket>;
  open(assetId: string): Promise<Blob | undefined>;
}
