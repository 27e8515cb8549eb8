import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { INPUT_TICKET_SECONDS } from '../service/new-job.ts';
import type { InputBlobs } from '../service/ports.ts';

const TYPE = 'application/json';

/** Inputs that clients upload, in S3: kept until the purge, for the bucket's lifecycle can't tell a used one. */
export class S3Inputs implements InputBlobs {
  readonly #buckets: S3Client;
  readonly #bucket: string;

  constructor(buckets: S3Client, bucket: string) {
    this.#buckets = buckets;
    this.#bucket = bucket;
  }

  async ticketFor(blobId: string, bytes: number): Promise<{ url: string; headers: Record<string, string> }> {
    const put = new PutObjectCommand({
      ...this.#at(blobId),
      ContentType: TYPE,
      ContentLength: bytes,
    });
    // Signed as headers, so that S3 refuses another type or size than announced.
    const signableHeaders = new Set(['content-type', 'content-length']);
    const url = await getSignedUrl(this.#buckets, put, { expiresIn: INPUT_TICKET_SECONDS, signableHeaders });
    return { url, headers: { 'content-type': TYPE } };
  }

  async sizeOf(blobId: string): Promise<number | undefined> {
    try {
      const { ContentLength = 0 } = await this.#buckets.send(new HeadObjectCommand(this.#at(blobId)));
      return ContentLength;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  async get(blobId: string): Promise<string> {
    const { Body } = await this.#buckets.send(new GetObjectCommand(this.#at(blobId)));
    if (Body === undefined) throw new Error(`The upload ${blobId} has no body.`);
    return Body.transformToString();
  }

  #at(blobId: string) {
    return { Bucket: this.#bucket, Key: `inputs/${blobId}` };
  }
}
