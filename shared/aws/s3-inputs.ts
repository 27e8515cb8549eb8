import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { detailsKey } from '../job/details-key.ts';
import { INPUT_TICKET_SECONDS } from '../service/new-job.ts';
import type { InputBlobs, InputCopy } from '../service/ports.ts';

const TYPE = 'application/json';

/** Inputs that clients upload, in S3, where they expire; and the copies that jobs have, which are parts of their details. */
export class S3Inputs implements InputBlobs {
  readonly #buckets: S3Client;
  readonly #bucket: string;
  readonly #tables: DynamoDBDocumentClient;
  readonly #jobDetailsTable: string;

  constructor(
    { buckets, tables }: { buckets: S3Client; tables: DynamoDBDocumentClient },
    { bucket, jobDetailsTable }: { bucket: string; jobDetailsTable: string },
  ) {
    this.#buckets = buckets;
    this.#bucket = bucket;
    this.#tables = tables;
    this.#jobDetailsTable = jobDetailsTable;
  }

  async ticketFor(blobId: string, bytes: number): Promise<{ url: string; headers: Record<string, string> }> {
    const put = new PutObjectCommand({
      ...this.#at(uploadKey(blobId)),
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
      const { ContentLength = 0 } = await this.#buckets.send(
        new HeadObjectCommand(this.#at(uploadKey(blobId))),
      );
      return ContentLength;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /** The item goes first, as with all details: it leads to the blob, so that whatever a crash leaves goes with the job. */
  async keepFor(job: InputCopy, from?: InputCopy): Promise<void> {
    const { inputBlobId } = job;
    const Item = { jobId: detailsKey(job), part: `upload-${inputBlobId}`, blob: copyKey(job) };
    await this.#tables.send(new PutCommand({ TableName: this.#jobDetailsTable, Item }));
    const source = from === undefined ? uploadKey(inputBlobId) : copyKey(from);
    const copy = { ...this.#at(copyKey(job)), CopySource: `${this.#bucket}/${source}` };
    await this.#buckets.send(new CopyObjectCommand(copy));
  }

  async get(job: InputCopy): Promise<string> {
    const { Body } = await this.#buckets.send(new GetObjectCommand(this.#at(copyKey(job))));
    if (Body === undefined) throw new Error(`The input of the job ${job.jobId} has no body.`);
    return Body.transformToString();
  }

  #at(Key: string) {
    return { Bucket: this.#bucket, Key };
  }
}

const uploadKey = (blobId: string): string => `inputs/${blobId}`;
/** By both ids, so that another order under the same job id never overwrites it. */
const copyKey = (job: InputCopy): string => `job-details/${detailsKey(job)}/upload-${job.inputBlobId}`;
