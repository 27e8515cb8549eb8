import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Texts too large for a table. */
export interface TextBlobs {
  put(key: string, text: string): Promise<void>;
  get(key: string): Promise<string>;
  /** May be gone already. */
  remove(key: string): Promise<void>;
}

export const s3Texts = (buckets: S3Client, bucket: string): TextBlobs => ({
  async put(key, text) {
    const order = { Bucket: bucket, Key: key, Body: text, ContentType: 'application/json' };
    await buckets.send(new PutObjectCommand(order));
  },
  async get(key) {
    const { Body } = await buckets.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body === undefined) throw new Error(`The object ${key} has no body.`);
    return Body.transformToString();
  },
  async remove(key) {
    await buckets.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});
