import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isWithin, ROOT } from '../../../shared/assets/path.ts';
import { walkFolder } from '../../../shared/assets/walk-folder.ts';
import { all, dam, plant } from '../../support/assets.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';

const excluding =
  (...folders: string[]) =>
  (path: string): boolean =>
    folders.includes(path);

async function walked(
  store: MemoryAssetStore,
  {
    folder = ROOT,
    excluded = [] as string[],
    after,
  }: { folder?: string; excluded?: string[]; after?: string } = {},
): Promise<string[]> {
  const assets = await all(walkFolder(folder, { store, isExcluded: excluding(...excluded) }, after));
  return assets.map(({ path }) => path);
}

describe('a walk', () => {
  it('sees all assets under the folder, depth first, each folder by name', async () => {
    const store = new MemoryAssetStore();
    await plant(store, 'b.md', 'a/z.md', 'c/x/1.md', 'a/b/c.md', 'a.md', 'c/w.md');
    expect(await walked(store)).toEqual(
      ['a/b/c.md', 'a/z.md', 'a.md', 'b.md', 'c/w.md', 'c/x/1.md'].map(dam),
    );
  });

  it('of a folder sees nothing beside it, however alike the names are', async () => {
    const store = new MemoryAssetStore();
    await plant(store, 'a/1.md', 'ab/2.md', 'a.md');
    expect(await walked(store, { folder: dam('a') })).toEqual([dam('a/1.md')]);
  });

  it('leaves excluded folders out with all that lies in them, and nothing else', async () => {
    const store = new MemoryAssetStore();
    await plant(store, 'a/1.md', 'b/c/2.md', 'b/d/3.md', 'c/c/4.md');
    expect(await walked(store, { excluded: [dam('a'), dam('b/c')] })).toEqual([
      dam('b/d/3.md'),
      dam('c/c/4.md'),
    ]);
  });

  it('of nothing is empty', async () => {
    expect(await walked(new MemoryAssetStore())).toEqual([]);
  });

  it('turns the page: 450 assets and as many folders are all seen once', async () => {
    const store = new MemoryAssetStore();
    const names = Array.from({ length: 450 }, (_, n) => [`${n}.md`, `${n}/in.md`]).flat();
    await plant(store, ...names);
    const seen = await walked(store);
    expect([seen.length, new Set(seen)]).toEqual([900, new Set(names.map(dam))]);
  });
});

/** Small names from a small alphabet, so that files and folders get in each other's way. */
const NAME = fc.constantFrom('a', 'b', 'a-', 'a.', 'aa', 'ä', '😀', '\uffee');
const TREE = fc.uniqueArray(fc.array(NAME, { minLength: 1, maxLength: 4 }), {
  maxLength: 25,
  selector: (names) => names.join('/'),
});

/** Files whose path is a folder of another one cannot be: they are left out. */
async function planted(tree: readonly string[][]): Promise<MemoryAssetStore> {
  const store = new MemoryAssetStore();
  const paths = tree.map((names) => names.join('/'));
  const files = paths.filter((path) => !paths.some((other) => other !== path && isWithin(other, path)));
  await plant(store, ...files);
  return store;
}

describe('a walk that goes on behind an asset', () => {
  it('sees exactly what the whole walk sees after it, whichever asset it is', async () => {
    await fc.assert(
      fc.asyncProperty(TREE, async (tree) => {
        const store = await planted(tree);
        const whole = await walked(store);
        for (const [index, after] of whole.entries()) {
          expect(await walked(store, { after })).toEqual(whole.slice(index + 1));
        }
      }),
    );
  });

  it('does so also when that asset is gone by then, and in a folder below the root', async () => {
    await fc.assert(
      fc.asyncProperty(TREE, fc.nat(), async (tree, pick) => {
        const store = await planted(tree.map((names) => ['x', ...names]));
        const whole = await walked(store, { folder: dam('x') });
        const index = whole.length === 0 ? 0 : pick % whole.length;
        const after = whole[index];
        if (after === undefined) return;
        store.remove(after);
        expect(await walked(store, { folder: dam('x'), after })).toEqual(whole.slice(index + 1));
      }),
    );
  });

  it('does not enter a folder that is excluded by now', async () => {
    const store = new MemoryAssetStore();
    await plant(store, 'a/1.md', 'a/2.md', 'b/3.md');
    expect(await walked(store, { excluded: [dam('a')], after: dam('a/1.md') })).toEqual([dam('b/3.md')]);
  });

  it('sees what came behind it in the meantime', async () => {
    const store = new MemoryAssetStore();
    await plant(store, 'a/1.md', 'b/3.md', 'a/2.md');
    expect(await walked(store, { after: dam('a/1.md') })).toEqual([dam('a/2.md'), dam('b/3.md')]);
  });
});
