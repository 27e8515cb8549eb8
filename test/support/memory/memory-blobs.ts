import type { Asset } from '../../../shared/assets/asset.ts';
import type { AnnouncedFile, Blob, Blobs, UploadTicket } from '../../../shared/assets/ports.ts';

interface Stored {
  readonly uploadId: string;
  readonly bytes: Uint8Array;
}

/** Blobs in a map. */
export class MemoryBlobs implements Blobs {
  readonly #stored = new Map<string, Stored>();
  /** Asset ids whose body was let go of unread. */
  readonly discarded: string[] = [];

  async ticketFor(
    asset: Asset,
    { mediaType = 'application/octet-stream' }: AnnouncedFile,
  ): Promise<UploadTicket> {
    const url = `https://blobs.example/assets/${asset.assetId}?upload=${asset.uploadId}`;
    return { url, headers: { 'content-type': mediaType, 'x-amz-meta-upload': asset.uploadId } };
  }

  async open(assetId: string): Promise<Blob | undefined> {
    const stored = this.#stored.get(assetId);
    if (stored === undefined) return undefined;
    const { uploadId, bytes } = stored;
    return {
      uploadId,
      size: bytes.length,
      bytes: async () => bytes,
      chunks: async function* () {
        yield bytes;
      },
      discard: () => this.discarded.push(assetId),
    };
  }

  /** The PUT of a client that has a ticket. */
  put({ assetId, uploadId }: Pick<Asset, 'assetId' | 'uploadId'>, content: string | Uint8Array): void {
    this.#stored.set(assetId, { uploadId, bytes: Buffer.from(content) });
  }
}
