import { detailsKey } from '../../../shared/job/details-key.ts';
import type { InputBlobs, InputCopy } from '../../../shared/service/ports.ts';

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

  async keepFor(job: InputCopy, from?: InputCopy): Promise<void> {
    const source = from === undefined ? job.inputBlobId : copyKey(from);
    this.#texts.set(copyKey(job), this.#textOf(source));
  }

  async get(job: InputCopy): Promise<string> {
    return this.#textOf(copyKey(job));
  }

  #textOf(key: string): string {
    const text = this.#texts.get(key);
    if (text === undefined) throw new Error(`There is no upload ${key}.`);
    return text;
  }

  /** The PUT of a client that has a ticket. */
  put(blobId: string, text: string): void {
    this.#texts.set(blobId, text);
  }
}

const copyKey = (job: InputCopy): string => `${detailsKey(job)}/${job.inputBlobId}`;
