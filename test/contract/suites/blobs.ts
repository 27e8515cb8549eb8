import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Asset } from '../../../shared/assets/asset.ts';
import type { Blobs, UploadTicket } from '../../../shared/assets/ports.ts';
import { anAsset } from '../../support/assets.ts';
import { countingIds } from '../../support/memory/counting-ids.ts';

export interface BlobStore {
  readonly blobs: Blobs;
  /** The PUT of a client that follows its ticket. */
  readonly upload: (ticket: UploadTicket, asset: Asset, content: Uint8Array) => Promise<void>;
}

const newId = countingIds();
const aFile = (facts: Partial<Asset> = {}): Asset =>
  anAsset({ assetId: newId(), uploadId: newId(), ...facts });

/** What every store of blobs must do. */
export function blobsSuite(freshBlobs: () => Promise<BlobStore>): void {
  let store: BlobStore;
  beforeAll(async () => {
    store = await freshBlobs();
  });

  const uploaded = async (content: Uint8Array | string, asset = aFile()): Promise<Asset> => {
    const bytes = Buffer.from(content);
    const ticket = await store.blobs.ticketFor(asset, { path: asset.path, size: bytes.length });
    await store.upload(ticket, asset, bytes);
    return asset;
  };
  const open = async ({ assetId }: Asset) => {
    const blob = await store.blobs.open(assetId);
    if (blob === undefined) throw new Error('The blob is not there.');
    return blob;
  };

  describe('a blob', () => {
    it('is not there before it was uploaded, ticket or no ticket', async () => {
      const asset = aFile();
      await store.blobs.ticketFor(asset, { path: asset.path, size: 1 });
      expect(await store.blobs.open(asset.assetId)).toBeUndefined();
    });

    it.each([
      ['nothing', ''],
      ['text', 'Zürich 😀'],
      ['bytes of all kinds', Uint8Array.from({ length: 256 }, (_, n) => n)],
      ['a megabyte', Buffer.alloc(1_000_000, 'abc')],
    ])('has the bytes that were uploaded, and knows by which upload: %s', async (_what, content) => {
      const asset = await uploaded(content);
      const blob = await open(asset);
      expect([blob.size, blob.uploadId]).toEqual([Buffer.from(content).length, asset.uploadId]);
      expect(Buffer.from(await blob.bytes()).equals(Buffer.from(content))).toBe(true);
    });

    it('comes in chunks as well, all of them', async () => {
      const content = Buffer.alloc(300_000, 'xyz');
      const blob = await open(await uploaded(content));
      const chunks: Uint8Array[] = [];
      for await (const chunk of blob.chunks()) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(content)).toBe(true);
    });

    it('is replaced by a later upload of the same asset', async () => {
      const asset = await uploaded('first');
      await uploaded('second', { ...asset, uploadId: 'later' });
      const blob = await open(asset);
      expect([blob.uploadId, Buffer.from(await blob.bytes()).toString()]).toEqual(['later', 'second']);
    });

    it('may be let go of unread, and opened again', async () => {
      const asset = await uploaded('unread');
      (await open(asset)).discard();
      expect(Buffer.from(await (await open(asset)).bytes()).toString()).toBe('unread');
    });
  });

  describe('a ticket', () => {
    it('says with which headers to PUT', async () => {
      const asset = aFile();
      const { headers } = await store.blobs.ticketFor(asset, {
        path: asset.path,
        size: 1,
        mediaType: 'image/png',
      });
      expect(headers).toEqual({ 'content-type': 'image/png', 'x-amz-meta-upload': asset.uploadId });
    });

    it('is for a file of no known type where none was announced', async () => {
      const asset = aFile();
      const { headers } = await store.blobs.ticketFor(asset, { path: asset.path, size: 1 });
      expect(headers['content-type']).toBe('application/octet-stream');
    });
  });
}
