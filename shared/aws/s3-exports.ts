import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NoSuchUpload,
  NotFound,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ExportLost, type Exports, type ExportUpload } from '../service/exports.ts';
import type { Clock } from '../service/ports.ts';

const CSV = 'text/csv; charset=utf-8';
const URL_SECONDS = 3_600;
/** They expire after a day: one that is nearly as old is made anew, so that its URL does not lead to nothing. */
const FRESH_MS = 20 * 3_600_000;

/** Exports in S3, under a prefix that expires. */
export class S3Exports implements Exports {
  readonly #buckets: S3Client;
  readonly #bucket: string;
  readonly #clock: Clock;

  constructor(buckets: S3Client, bucket: string, clock: Clock) {
    this.#buckets = buckets;
    this.#bucket = bucket;
    this.#clock = clock;
  }

  async urlOf(exportId: string): Promise<string | undefined> {
    try {
      const { LastModified } = await this.#buckets.send(new HeadObjectCommand(this.#at(exportId)));
      const madeAt = LastModified?.getTime() ?? 0;
      if (this.#clock() - madeAt > FRESH_MS) return undefined;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
    return getSignedUrl(this.#buckets, new GetObjectCommand(this.#at(exportId)), { expiresIn: URL_SECONDS });
  }

  async begin(exportId: string, fileName: string, contentType = CSV): Promise<string> {
    const { UploadId } = await this.#buckets.send(
      new CreateMultipartUploadCommand({
        ...this.#at(exportId),
        ContentType: contentType,
        ContentDisposition: `attachment; filename="${fileName}"`,
      }),
    );
    if (UploadId === undefined) throw new Error('The upload has no id.');
    return UploadId;
  }

  async putPart({ exportId, uploadId }: ExportUpload, part: number, text: string): Promise<string> {
    const { ETag } = await orLost(() =>
      this.#buckets.send(
        new UploadPartCommand({ ...this.#at(exportId), UploadId: uploadId, PartNumber: part, Body: text }),
      ),
    );
    if (ETag === undefined) throw new Error('The part has no ETag.');
    return ETag;
  }

  async finish({ exportId, uploadId }: ExportUpload, parts: readonly string[]): Promise<void> {
    const Parts = parts.map((ETag, place) => ({ ETag, PartNumber: place + 1 }));
    await orLost(() =>
      this.#buckets.send(
        new CompleteMultipartUploadCommand({
          ...this.#at(exportId),
          UploadId: uploadId,
          MultipartUpload: { Parts },
        }),
      ),
    );
  }

  async keepProgress(exportId: string, progress: string): Promise<void> {
    const order = { ...this.#at(progressIn(exportId)), Body: progress, ContentType: 'application/json' };
    await this.#buckets.send(new PutObjectCommand(order));
  }

  async progressOf(exportId: string): Promise<string | undefined> {
    try {
      const { Body } = await this.#buckets.send(new GetObjectCommand(this.#at(progressIn(exportId))));
      return await Body?.transformToString();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }

  #at(exportId: string) {
    return { Bucket: this.#bucket, Key: `exports/${exportId}` };
  }
}

const progressIn = (exportId: string): string => `${exportId}.progress`;

/** The SDK has no class for it: the ETag is that of a part which another request has replaced. */
const isReplaced = (error: unknown): boolean => error instanceof Error && error.name === 'InvalidPart';

async function orLost<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof NoSuchUpload || isReplaced(error))
      throw new ExportLost('The upload is gone.', { cause: error });
    throw error;
  }
}
