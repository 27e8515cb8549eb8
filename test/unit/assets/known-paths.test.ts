import { describe, expect, it } from '@jest/globals';
import { knownPaths } from '../../../shared/assets/known-paths.ts';
import { dam, plant } from '../../support/assets.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';

/** A store that remembers what it was asked for. */
class WatchedStore extends MemoryAssetStore {
  readonly asked: string[][] = [];
  override entriesAt(paths: readonly string[]) {
    this.asked.push([...paths]);
    return super.entriesAt(paths);
  }
}

async function aStoreWith(...paths: string[]): Promise<WatchedStore> {
  const store = new WatchedStore();
  await plant(store, ...paths);
  return store;
}

describe('known paths', () => {
  it('are those of assets and of folders', async () => {
    const exists = knownPaths(await aStoreWith('a/b.md'));
    expect(await exists([dam('a'), dam('a/b.md'), dam('gone.md')])).toEqual(
      new Set([dam('a'), dam('a/b.md')]),
    );
  });

  it('are looked up once, be they there or not', async () => {
    const store = await aStoreWith('a.md');
    const exists = knownPaths(store);
    await exists([dam('a.md'), dam('gone.md')]);
    const again = await exists([dam('gone.md'), dam('new.md'), dam('a.md')]);
    await exists([dam('a.md')]);
    expect(store.asked).toEqual([[dam('a.md'), dam('gone.md')], [dam('new.md')]]);
    expect(again).toEqual(new Set([dam('a.md')]));
  });

  it('of nothing cost nothing', async () => {
    const store = await aStoreWith();
    expect([await knownPaths(store)([]), store.asked]).toEqual([new Set(), []]);
  });

  it('are forgotten when they become too many, and are still right then', async () => {
    const store = await aStoreWith('a.md');
    const exists = knownPaths(store);
    await exists([dam('a.md')]);
    await exists(Array.from({ length: 50_000 }, (_, n) => dam(`${n}.md`)));
    expect(await exists([dam('a.md'), dam('1.md')])).toEqual(new Set([dam('a.md')]));
    expect(store.asked.at(-1)).toEqual([dam('a.md')]);
  });
});
