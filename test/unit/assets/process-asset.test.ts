import { describe, expect, it } from '@jest/globals';
import type { Inspection } from '../../../shared/assets/inspect/inspection.ts';
import { knownPaths } from '../../../shared/assets/known-paths.ts';
import { type Processing, processAsset } from '../../../shared/assets/process-asset.ts';
import { at } from '../../support/a-job.ts';
import { anAnnouncement, dam, plant } from '../../support/assets.ts';
import { aDocument, anInspection } from '../../support/inspections.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';
import { MemoryBlobs } from '../../support/memory/memory-blobs.ts';

/** A repository whose only asset `a.md` has arrived, and in which every file is found to be the same. */
async function aProcessing(found: Inspection = anInspection()) {
  const assets = new MemoryAssetStore();
  const blobs = new MemoryBlobs();
  const looks: { name: string; text: string }[] = [];
  const processing: Processing = {
    assets,
    blobs,
    exists: knownPaths(assets),
    by: 'job-1',
    now: () => at(9),
    inspect: async (name, bytes) => {
      looks.push({ name, text: Buffer.from(bytes).toString() });
      return found;
    },
  };
  const [asset] = await plant(assets, 'a.md');
  if (asset === undefined) throw new Error('Nothing was planted.');
  blobs.put(asset, '# Top');
  return {
    assets,
    blobs,
    looks,
    asset,
    run: (over: Partial<Processing> = {}) => processAsset(asset, { ...processing, ...over }),
  };
}

describe('an asset that has arrived', () => {
  it('is looked into by its name and its bytes', async () => {
    const { looks, run } = await aProcessing();
    await run();
    expect(looks).toEqual([{ name: 'a.md', text: '# Top' }]);
  });

  it('has the facts written on it, by which job and when', async () => {
    const references = [
      { kind: 'link', target: 'gone.md', scope: 'local', line: 2 },
      { kind: 'link', target: 'a.md', scope: 'local', line: 3 },
    ] as const;
    const document = aDocument({
      title: 'Top',
      ids: ['top'],
      references,
      wellFormed: true,
      keyDefinitions: 4,
    });
    const { assets, asset, run } = await aProcessing(anInspection({ encoding: 'utf-8', document }));
    const processed = await run();
    const { size, sha256, mediaType } = anInspection();
    const summary = {
      size,
      sha256,
      mediaType,
      fileKind: 'markdown',
      encoding: 'utf-8',
      title: 'Top',
      wellFormed: true,
      keyDefinitions: 4,
      idCount: 1,
      references: { internal: 1, broken: 1, external: 0, sameFile: 0, keys: 0, conrefs: 0 },
    };
    expect(processed).toEqual({ path: asset.path, status: 'processed', summary, broken: ['gone.md'] });
    expect(await assets.get(asset.path)).toEqual({
      entry: { ...asset, status: 'processed', processedBy: 'job-1', processedOn: at(9), summary },
      details: {
        ids: ['top'],
        references: [
          { ...references[0], path: dam('gone.md'), broken: true },
          { ...references[1], path: dam('a.md') },
        ],
      },
    });
  });

  it('keeps as many details as an answer can carry, and says that they are cut; its counts are whole', async () => {
    const references = Array.from({ length: 50_000 }, (_, line) => {
      return { kind: 'link', target: `${line}-${'x'.repeat(100)}`, scope: 'external', line } as const;
    });
    const { assets, asset, run } = await aProcessing(anInspection({ document: aDocument({ references }) }));
    const { summary } = await run();
    const details = (await assets.get(asset.path))?.details;
    const kept = details?.references.length ?? 0;
    expect([summary?.references?.external, details?.areCut]).toEqual([50_000, true]);
    expect(details?.references).toEqual(references.slice(0, kept));
    expect(Buffer.byteLength(JSON.stringify(details))).toBeLessThan(4_000_000);
    expect(kept).toBeGreaterThan(10_000);
  });

  it('is failed where something is wrong with it, with the facts found all the same', async () => {
    const failure = { code: 'not-well-formed', reason: 'line 3' } as const;
    const { assets, asset, run } = await aProcessing(anInspection({ kind: 'xml', failure }));
    expect(await run()).toMatchObject({
      status: 'failed',
      failure,
      summary: { fileKind: 'xml' },
      broken: [],
    });
    expect((await assets.get(asset.path))?.entry).toMatchObject({
      status: 'failed',
      failure,
      summary: { size: 5 },
    });
  });

  it('has width and height if it is a picture, and counts no references', async () => {
    const { run } = await aProcessing(anInspection({ kind: 'image', dimensions: { width: 3, height: 4 } }));
    const { summary } = await run();
    expect(summary).toMatchObject({ dimensions: { width: 3, height: 4 } });
    expect(summary).not.toHaveProperty('references');
  });

  it('may be processed again: the facts are the same', async () => {
    const { assets, asset, run } = await aProcessing();
    expect(await run()).toEqual(await run());
    expect((await assets.get(asset.path))?.entry).toMatchObject({ status: 'processed' });
  });
});

describe('an asset that has not arrived', () => {
  it('is missing', async () => {
    const { assets, asset, run } = await aProcessing();
    expect(await run({ blobs: new MemoryBlobs() })).toEqual({
      path: asset.path,
      status: 'missing',
      broken: [],
    });
    expect((await assets.get(asset.path))?.entry).toMatchObject({ status: 'missing', processedBy: 'job-1' });
  });

  it('is missing also where the bytes of an earlier upload are there, and those are not read', async () => {
    const { blobs, asset, looks, run } = await aProcessing();
    blobs.put({ ...asset, uploadId: 'earlier' }, 'old');
    expect((await run()).status).toBe('missing');
    expect([looks, blobs.discarded]).toEqual([[], [asset.assetId]]);
  });
});

describe('an asset that is announced anew while it is being read', () => {
  it('is superseded: what was read of the old file is not written on the new one', async () => {
    const { assets, asset, run } = await aProcessing();
    const inspect = async () => {
      await assets.announce(anAnnouncement({ path: asset.path }));
      return anInspection();
    };
    expect((await run({ inspect })).status).toBe('superseded');
    expect((await assets.get(asset.path))?.entry).toMatchObject({ status: 'uploading' });
  });
});

const noThread = () => Promise.reject(new Error('The thread does not start.'));

describe('what is wrong with our own parts', () => {
  it('is not blamed on the asset', async () => {
    const { assets, asset, run } = await aProcessing();
    await expect(run({ inspect: noThread })).rejects.toThrow('The thread does not start.');
    expect((await assets.get(asset.path))?.entry).toMatchObject({ status: 'uploading' });
  });
});
