import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';

/** Packed bytes too many for a table. */
export interface PackBlobs {
  put(key: string, packed: Uint8Array): Promise<void>;
  /** Undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** May be gone already. */
  remove(key: string): Promise<void>;
}

export const s3Packs = (buckets: S3Client, bucket: string): PackBlobs => ({
  async put(key, packed) {
    const order = { Bucket: bucket, Key: key, Body: packed, ContentType: 'application/gzip' };
    await buckets.send(new PutObjectCommand(order));
  },
  async get(key) {
    try {
      const { Body } = await buckets.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw error;
    }
  },
  async remove(key) {
    await buckets.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});
