import type { InputBlobs } from '../../../shared/service/ports.ts';

/** Uploads of inputs in a map. */
export class MemoryInputs implements InputBlobs {
  readonly #texts = new Map<string, string>();

  async ticketFor(blobId: string): Promise<{ url: string; headers: Record<string, string> }> {
    return { url: `https://blobs.example/inputs/${blobId}`, headers: { 'content-type': 'application/json' } };
  }

  async sizeOf(blobId: string): Promise<number | undefined> {
    const text = this.#texts.get(blobId);
    return text === undefined ? undefined : Buffer.byteLength(text);
  }

  async get(blobId: string): Promise<string> {
    const text = this.#texts.get(blobId);
    if (text === undefined) throw new Error(`There is no upload ${blobId}.`);
    return text;
  }

  /** The PUT of a client that has a ticket. */
  put(blobId: string, text: string): void {
    this.#texts.set(blobId, text);
  }
}
