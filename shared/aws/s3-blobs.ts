import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Asset } from '../assets/asset.ts';
import {
  type AnnouncedFile,
  type Blob,
  type Blobs,
  TICKET_SECONDS,
  type UploadTicket,
} from '../assets/ports.ts';

/** Goes with the PUT and stays on the object: which announcement these bytes answer. */
const UPLOAD_HEADER = 'x-amz-meta-upload';

/** Blobs of assets in S3, under the asset's id. */
export class S3Blobs implements Blobs {
  readonly #buckets: S3Client;
  readonly #bucket: string;

  constructor(buckets: S3Client, bucket: string) {
    this.#buckets = buckets;
    this.#bucket = bucket;
  }

  async ticketFor(asset: Asset, file: AnnouncedFile): Promise<UploadTicket> {
    const type = file.mediaType ?? 'application/octet-stream';
    const put = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: keyOf(asset.assetId),
      ContentType: type,
      ContentLength: file.size,
      Metadata: { upload: asset.uploadId },
    });
    const url = await getSignedUrl(this.#buckets, put, {
      expiresIn: TICKET_SECONDS,
      // Signed as headers, so that S3 refuses another type, size or upload than announced.
      signableHeaders: new Set(['content-type', 'content-length', UPLOAD_HEADER]),
      unhoistableHeaders: new Set([UPLOAD_HEADER]),
    });
    return { url, headers: { 'content-type': type, [UPLOAD_HEADER]: asset.uploadId } };
  }

  async open(assetId: string): Promise<Blob | undefined> {
    try {
      const object = await this.#buckets.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: keyOf(assetId) }),
      );
      const body = object.Body;
      if (body === undefined) throw new Error(`The blob of asset ${assetId} has no body.`);
      return {
        uploadId: object.Metadata?.['upload'],
        size: object.ContentLength ?? 0,
        bytes: () => body.transformToByteArray(),
        chunks: () => body.transformToWebStream() as AsyncIterable<Uint8Array>, // web streams are iterable in Node
        discard: () => {
          if ('destroy' in body && typeof body.destroy === 'function') body.destroy();
        },
      };
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  }
}

const keyOf = (assetId: string): string => `assets/${assetId}`;
