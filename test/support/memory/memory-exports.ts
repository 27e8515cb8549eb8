import { createHash } from 'node:crypto';
import {
  ExportLost,
  type Exports,
  type ExportUpload,
  MIN_PART_BYTES,
} from '../../../shared/service/exports.ts';
import type { Clock } from '../../../shared/service/ports.ts';

const FRESH_MS = 20 * 3_600_000;
const TEXT = 'data:text/csv;base64,';

/** Texts in maps, with the rules of S3: parts have a least size, and what was not finished goes. */
export class MemoryExports implements Exports {
  readonly #clock: Clock;
  readonly #texts = new Map<string, { text: string; madeAt: number }>();
  readonly #uploads = new Map<string, Map<number, string>>();
  readonly #progress = new Map<string, string>();
  #begun = 0;
  #losesNext = false;

  constructor(clock: Clock = () => 0) {
    this.#clock = clock;
  }

  async urlOf(exportId: string): Promise<string | undefined> {
    const made = this.#texts.get(exportId);
    if (made === undefined || this.#clock() - made.madeAt > FRESH_MS) return undefined;
    return `${TEXT}${Buffer.from(made.text).toString('base64')}`;
  }

  async begin(..._facts: Parameters<Exports['begin']>): Promise<string> {
    const uploadId = `upload ${++this.#begun}`;
    if (!this.#losesNext) this.#uploads.set(uploadId, new Map());
    this.#losesNext = false;
    return uploadId;
  }

  async putPart({ uploadId }: ExportUpload, part: number, text: string): Promise<string> {
    this.#upload(uploadId).set(part, text);
    return tagOf(text);
  }

  async finish({ exportId, uploadId }: ExportUpload, parts: readonly string[]): Promise<void> {
    const put = this.#upload(uploadId);
    const texts = parts.map((_tag, place) => put.get(place + 1) ?? '');
    if (texts.some((text, place) => tagOf(text) !== parts[place]))
      throw new ExportLost('A part is replaced.');
    if (texts.slice(0, -1).some((text) => Buffer.byteLength(text) < MIN_PART_BYTES))
      throw new Error('Your proposed upload is smaller than the minimum allowed size');
    this.#texts.set(exportId, { text: texts.join(''), madeAt: this.#clock() });
    this.#uploads.delete(uploadId);
  }

  async keepProgress(exportId: string, progress: string): Promise<void> {
    this.#progress.set(exportId, progress);
  }

  async progressOf(exportId: string): Promise<string | undefined> {
    return this.#progress.get(exportId);
  }

  /** What a URL of `urlOf` leads to. */
  textAt(url: string): string {
    return Buffer.from(url.slice(TEXT.length), 'base64').toString();
  }

  /** What is begun next has expired when it comes to its first part. */
  loseUploads(): void {
    this.#losesNext = true;
  }

  /** A day goes by. */
  expire(): void {
    this.#uploads.clear();
    this.#texts.clear();
  }

  #upload(uploadId: string): Map<number, string> {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined) throw new ExportLost('The upload is gone.');
    return upload;
  }
}

const tagOf = (text: string): string => createHash('sha256').update(text).digest('hex');
