import { CreateBucketCommand, ListBucketsCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Resource } from '../template/resources.ts';

export async function createBucket(client: S3Client, bucket: Resource<'AWS::S3::Bucket'>): Promise<void> {
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  if (Buckets.some(({ Name }) => Name === bucket.ref)) return;
  await client.send(new CreateBucketCommand({ Bucket: bucket.ref }));
}
