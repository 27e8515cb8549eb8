/** Texts of any size that are made for somebody to download, part by part; each goes by its age, after a day. */
export interface Exports {
  /** A URL under which the text is downloaded; undefined while there is none, or an old one. */
  urlOf(exportId: string): Promise<string | undefined>;
  /** Begins a text anew, which is to be kept as a file of this name: CSV, if nothing else is said. The id of the upload. */
  begin(exportId: string, fileName: string, contentType?: string): Promise<string>;
  /** Puts a part, numbered from 1; each but the last has `MIN_PART_BYTES` at least. It may be put again. */
  putPart(upload: ExportUpload, part: number, text: string): Promise<string>;
  /** Joins the parts to the text. Throws `ExportLost`, as `putPart` does, if it was not finished within a day. */
  finish(upload: ExportUpload, parts: readonly string[]): Promise<void>;
  /** Keeps how far a text has come, where no job does; it goes as the text does. */
  keepProgress(exportId: string, progress: string): Promise<void>;
  /** What was kept last. */
  progressOf(exportId: string): Promise<string | undefined>;
}

export interface ExportUpload {
  readonly exportId: string;
  readonly uploadId: string;
}

/** S3 wants 5 MiB. */
export const MIN_PART_BYTES = 5 * 1024 * 1024;

/** What had been put is not there any more, or somebody else has put another text there: it is to be begun anew. */
export class ExportLost extends Error {}
