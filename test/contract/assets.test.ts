import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoAssetStore } from '../../shared/aws/dynamo-asset-store.ts';
import { S3Blobs } from '../../shared/aws/s3-blobs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { anAsset } from '../support/assets.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryAssetStore } from '../support/memory/memory-asset-store.ts';
import { MemoryBlobs } from '../support/memory/memory-blobs.ts';
import { assetStoreSuite } from './suites/asset-store.ts';
import { blobsSuite } from './suites/blobs.ts';

describe('the assets in memory', () => {
  assetStoreSuite(async () => new MemoryAssetStore());
  blobsSuite(async () => {
    const blobs = new MemoryBlobs();
    return { blobs, upload: async (_ticket, asset, content) => blobs.put(asset, content) };
  });
});

describe('the assets on DynamoDB and S3', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  assetStoreSuite(async () => {
    const texts = s3Texts(emulators.buckets, emulators.bucket);
    return new DynamoAssetStore(emulators.tables, (await emulators.freshTables()).assets, texts);
  });

  blobsSuite(async () => ({
    blobs: new S3Blobs(emulators.buckets, emulators.bucket),
    upload: async ({ url, headers }, _asset, body) => {
      const { status } = await fetch(url, { method: 'PUT', headers, body: Buffer.from(body) });
      expect(status).toBe(200);
    },
  }));

  it('signs the type, the size and the upload, so that S3 refuses any others', async () => {
    const blobs = new S3Blobs(emulators.buckets, emulators.bucket);
    const asset = anAsset({ assetId: 'signed' });
    const { url } = await blobs.ticketFor(asset, { path: asset.path, size: 5 });
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')?.split(';').toSorted()).toEqual([
      'content-length',
      'content-type',
      'host',
      'x-amz-meta-upload',
    ]);
    expect(query.get('X-Amz-Expires')).toBe('3600');
  });
});
