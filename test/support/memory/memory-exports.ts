import {
  ExportLost,
  type Exports,
  type ExportUpload,
  MIN_PART_BYTES,
} from '../../../shared/service/exports.ts';

/** Exports in maps; passes the same contract suite as those in S3. */
export class MemoryExports implements Exports {
  readonly #uploads = new Map<string, Map<number, string>>();
  readonly #texts = new Map<string, string>();
  #begun = 0;

  async urlOf(exportId: string): Promise<string | undefined> {
    const text = this.#texts.get(exportId);
    return text === undefined ? undefined : `data:text/csv;base64,${Buffer.from(text).toString('base64')}`;
  }

  async begin(exportId: string): Promise<string> {
    const uploadId = `${exportId}-${++this.#begun}`;
    this.#uploads.set(uploadId, new Map());
    return uploadId;
  }

  async putPart({ uploadId }: ExportUpload, part: number, text: string): Promise<string> {
    this.#partsOf(uploadId).set(part, text);
    return `etag-${part}`;
  }

  async finish({ exportId, uploadId }: ExportUpload, parts: readonly string[]): Promise<void> {
    const texts = parts.map((_etag, place) => this.#partsOf(uploadId).get(place + 1) ?? '');
    const small = texts.slice(0, -1).find((text) => Buffer.byteLength(text) < MIN_PART_BYTES);
    if (small !== undefined) throw new Error('Your proposed upload is smaller than the minimum allowed size');
    this.#texts.set(exportId, texts.join(''));
    this.#uploads.delete(uploadId);
  }

  /** A day goes by. */
  expire(): void {
    this.#uploads.clear();
    this.#texts.clear();
  }

  #partsOf(uploadId: string): Map<number, string> {
    const parts = this.#uploads.get(uploadId);
    if (parts === undefined) throw new ExportLost('The upload is gone.');
    return parts;
  }
}
