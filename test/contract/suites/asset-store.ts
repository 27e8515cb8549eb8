import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Asset, Details, Summary } from '../../../shared/assets/asset.ts';
import { ROOT } from '../../../shared/assets/path.ts';
import type { AssetStore, RecordedFacts } from '../../../shared/assets/ports.ts';
import { at } from '../../support/a-job.ts';
import { anAnnouncement, dam, plant } from '../../support/assets.ts';

const SUMMARY: Summary = {
  size: 5,
  sha256: 'ab'.repeat(32),
  mediaType: 'text/markdown',
  fileKind: 'markdown',
  title: 'Zürich – 日本 😀',
  idCount: 1,
  references: { internal: 1, broken: 2, external: 3, sameFile: 4, keys: 5, conrefs: 6 },
};

const DETAILS: Details = {
  ids: ['top', 'über'],
  references: [
    { kind: 'link', target: 'b.md', scope: 'local', line: 3, path: dam('b.md') },
    { kind: 'conref', target: 'gone.md', scope: 'local', line: 4, path: dam('gone.md'), broken: true },
  ],
};

const PROCESSED: RecordedFacts = {
  status: 'processed',
  processedBy: 'job-1',
  processedOn: at(9),
  summary: SUMMARY,
  details: DETAILS,
};
const FAILED: RecordedFacts = {
  status: 'failed',
  processedBy: 'job-2',
  processedOn: at(10),
  failure: { code: 'not-well-formed', reason: 'line 3' },
};

async function namesIn(
  store: AssetStore,
  folder: string,
  range: { after?: string; limit: number },
): Promise<string[]> {
  const entries = await store.list(folder, range);
  return entries.map(({ path }) => path.slice(folder.length + 1));
}

const announcedAt = (store: AssetStore, path: string, ms: number): Promise<Asset> =>
  store.announce(anAnnouncement({ path: dam(path), at: at(ms) }));

/** What nobody has processed, by pages of so many; more pages than that would never end. */
async function unprocessed(store: AssetStore, by: string, limit: number): Promise<string[]> {
  const found: string[] = [];
  let from: string | undefined;
  for (let pages = 0; pages < 100; pages++) {
    const page = await store.unprocessed({ by, from, limit });
    expect(page.paths.length).toBeLessThanOrEqual(limit);
    found.push(...page.paths);
    if (page.next === undefined) return found.toSorted();
    from = page.next;
  }
  throw new Error(`There is no end: ${found.length} so far.`);
}

/** What every store of folders and assets must do. */
export function assetStoreSuite(freshStore: () => Promise<AssetStore>): void {
  let store: AssetStore;
  beforeEach(async () => {
    store = await freshStore();
  });
  const planted = async (path: string): Promise<Asset> => {
    const [asset] = await plant(store, path);
    if (asset === undefined) throw new Error('Nothing was planted.');
    return asset;
  };

  describe('an announced asset', () => {
    it('is there as announced, being uploaded', async () => {
      const path = dam('ä b/日本 😀.md');
      const asset = await store.announce(
        anAnnouncement({ path, size: 7, newAssetId: 'id-1', uploadId: 'up-1' }),
      );
      expect(asset).toEqual({
        kind: 'asset',
        path,
        assetId: 'id-1',
        status: 'uploading',
        uploadId: 'up-1',
        announcedSize: 7,
        createdOn: at(),
        createdBy: 'olga',
        modifiedOn: at(),
      });
      expect(await store.get(path)).toEqual({ entry: asset });
    });

    it('keeps its id and its origin when it is announced again, and what is known about it', async () => {
      const first = await planted('a.md');
      await store.record(first, PROCESSED);
      const again = await store.announce(
        anAnnouncement({ size: 99, uploadId: 'up-2', at: at(20), by: 'adam' }),
      );
      expect(again).toEqual({
        ...first,
        status: 'uploading',
        uploadId: 'up-2',
        announcedSize: 99,
        modifiedOn: at(20),
        processedBy: 'job-1',
        processedOn: at(9),
        summary: SUMMARY,
      });
    });

    it('is not failed any more when it is announced again', async () => {
      await store.record(await planted('a.md'), FAILED);
      expect(await store.announce(anAnnouncement())).not.toHaveProperty('failure');
    });

    it('has one id when it is announced by many at once', async () => {
      const announced = await Promise.all(Array.from({ length: 16 }, () => store.announce(anAnnouncement())));
      const ids = new Set(announced.map(({ assetId }) => assetId));
      const there = await store.get(dam('a.md'));
      expect([ids.size, ids.has(there?.entry.kind === 'asset' ? there.entry.assetId : '')]).toEqual([
        1,
        true,
      ]);
    });

    it('cannot take the place of a folder', async () => {
      await store.makeFolders([dam('a')], 'olga', at());
      await expect(store.announce(anAnnouncement({ path: dam('a') }))).rejects.toThrow();
      expect((await store.get(dam('a')))?.entry.kind).toBe('folder');
    });
  });

  describe('a folder', () => {
    it('is made once, by whoever was first', async () => {
      await store.makeFolders([dam('a'), dam('a/b')], 'olga', at());
      await store.makeFolders([dam('a'), dam('c')], 'adam', at(5));
      expect((await store.get(dam('a')))?.entry).toEqual({
        kind: 'folder',
        path: dam('a'),
        createdBy: 'olga',
        createdOn: at(),
      });
      expect((await store.get(dam('c')))?.entry).toMatchObject({ createdBy: 'adam' });
    });

    it('cannot take the place of an asset', async () => {
      const asset = await planted('a.md');
      await store.makeFolders([asset.path], 'adam', at(5));
      expect(await store.get(asset.path)).toEqual({ entry: asset });
    });
  });

  describe('assets that nobody has processed', () => {
    it('are those that were announced by then, to the millisecond', async () => {
      await announcedAt(store, 'a.md', 1_000);
      await announcedAt(store, 'b/ä 日本.md', 2_000);
      await announcedAt(store, 'c.md', 2_001);
      expect(await unprocessed(store, at(2_000), 9)).toEqual([dam('a.md'), dam('b/ä 日本.md')]);
      expect(await unprocessed(store, at(999), 9)).toEqual([]);
    });

    it.each([PROCESSED, FAILED, { ...PROCESSED, status: 'missing' as const }])(
      'are no more when $status, and are again when announced anew, as of then',
      async (facts) => {
        await store.record(await announcedAt(store, 'a.md', 0), facts);
        expect(await unprocessed(store, at(9_000), 9)).toEqual([]);
        await announcedAt(store, 'a.md', 5_000);
        expect(await unprocessed(store, at(4_999), 9)).toEqual([]);
        expect(await unprocessed(store, at(5_000), 9)).toEqual([dam('a.md')]);
      },
    );

    it('stay so when facts about an older announcement are refused', async () => {
      const first = await announcedAt(store, 'a.md', 0);
      await announcedAt(store, 'a.md', 1);
      expect(await store.record(first, PROCESSED)).toBe(false);
      expect(await unprocessed(store, at(1), 9)).toEqual([dam('a.md')]);
    });

    it('come by page, each once, also while those of earlier pages are processed', async () => {
      const rows = await plant(store, ...Array.from({ length: 40 }, (_, n) => `a/${n}.md`));
      const byPath = new Map(rows.map((row) => [row.path, row]));
      expect(await unprocessed(store, at(), 7)).toEqual([...byPath.keys()].toSorted());
      const seen: string[] = [];
      for (let from: string | undefined; ; ) {
        const { paths, next } = await store.unprocessed({ by: at(), from, limit: 7 });
        for (const path of paths) {
          const row = byPath.get(path);
          if (row !== undefined) await store.record(row, PROCESSED);
        }
        seen.push(...paths);
        if (next === undefined) break;
        from = next;
      }
      expect(seen.toSorted()).toEqual([...byPath.keys()].toSorted());
      expect(await unprocessed(store, at(), 7)).toEqual([]);
    });
  });

  describe('recorded facts', () => {
    it('stand on the asset; the many are read with one asset only', async () => {
      const asset = await planted('a.md');
      const { details, ...visible } = PROCESSED;
      expect(await store.record(asset, PROCESSED)).toBe(true);
      expect(await store.get(asset.path)).toEqual({ entry: { ...asset, ...visible }, details });
      expect(await store.list(ROOT, { limit: 9 })).toEqual([{ ...asset, ...visible }]);
    });

    it('replace those of before, also where there are fewer', async () => {
      const asset = await planted('a.md');
      await store.record(asset, PROCESSED);
      await store.record(asset, FAILED);
      expect(await store.get(asset.path)).toEqual({ entry: { ...asset, ...FAILED } });
      await store.record(asset, { status: 'missing', processedBy: 'job-3', processedOn: at(11) });
      expect((await store.get(asset.path))?.entry).not.toHaveProperty('failure');
    });

    it('are not written when the file has been announced anew since it was read', async () => {
      const asset = await planted('a.md');
      const again = await store.announce(anAnnouncement());
      expect(await store.record(asset, PROCESSED)).toBe(false);
      expect(await store.get(asset.path)).toEqual({ entry: again });
    });

    it('are not written when the asset is gone, and bring nothing back', async () => {
      const gone = { ...(await planted('b.md')), path: dam('gone.md') };
      expect(await store.record(gone, PROCESSED)).toBe(false);
      expect(await store.get(gone.path)).toBeUndefined();
    });

    it('may be as many as a file can have', async () => {
      const asset = await planted('a.md');
      const references = Array.from({ length: 50_000 }, (_, n) => ({
        kind: 'link' as const,
        target: `${Math.sin(n)}.md`,
        scope: 'local' as const,
        line: n,
      }));
      expect(await store.record(asset, { ...PROCESSED, details: { ids: [], references } })).toBe(true);
      expect((await store.get(asset.path))?.details?.references).toHaveLength(50_000);
    });
  });

  describe('the entries at many paths', () => {
    it('are those that are there, folders and assets, any number of them', async () => {
      const names = Array.from({ length: 130 }, (_, n) => `a/${n}.md`);
      await plant(store, ...names);
      const there = await store.entriesAt([dam('a'), ...names.map(dam), dam('gone'), dam('a/gone.md')]);
      expect([there.size, there.get(dam('a'))?.kind, there.get(dam('a/7.md'))?.path]).toEqual([
        131,
        'folder',
        dam('a/7.md'),
      ]);
    });

    it('of no paths are none', async () => {
      expect(await store.entriesAt([])).toEqual(new Map());
    });
  });

  describe('the list of a folder', () => {
    // By the bytes of their UTF-8: 😀 comes after ￮ there, and before it in JavaScript.
    const SORTED = ['A', 'B', 'a', 'a b', 'a-', 'a.md', 'aa', 'ä', 'ﾮ', '😀'];

    it('is by name, in the order of bytes', async () => {
      await plant(store, ...SORTED.toReversed().map((name) => `x/${name}`));
      expect(await namesIn(store, dam('x'), { limit: 99 })).toEqual(SORTED);
    });

    it('goes on strictly behind any name, also behind one that is not there', async () => {
      await plant(store, ...SORTED.map((name) => `x/${name}`));
      for (const [index, after] of SORTED.entries()) {
        expect(await namesIn(store, dam('x'), { after, limit: 3 })).toEqual(
          SORTED.slice(index + 1, index + 4),
        );
      }
      expect(await namesIn(store, dam('x'), { after: 'a!', limit: 2 })).toEqual(['a-', 'a.md']);
    });

    it('holds what lies in it, and not what lies in its folders or beside it', async () => {
      await plant(store, 'x/1.md', 'x/y/2.md', 'xy/3.md', '4.md');
      expect([
        await namesIn(store, dam('x'), { limit: 9 }),
        await namesIn(store, dam('none'), { limit: 9 }),
      ]).toEqual([['1.md', 'y'], []]);
    });
  });
}
