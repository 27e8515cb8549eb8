import { describe, expect, it } from '@jest/globals';
import { FolderQuery, getAsset, listFolder } from '../../../shared/assets/list-folder.ts';
import { ROOT } from '../../../shared/assets/path.ts';
import { presentAsset } from '../../../shared/assets/present-asset.ts';
import { parse } from '../../../shared/service/parse.ts';
import { at } from '../../support/a-job.ts';
import { anAsset, dam, plant } from '../../support/assets.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';

async function storeWith(...paths: string[]): Promise<MemoryAssetStore> {
  const store = new MemoryAssetStore();
  await plant(store, ...paths);
  return store;
}

const list = async (store: MemoryAssetStore, query: Record<string, string>) =>
  listFolder(parse(FolderQuery, query, { in: 'query' }), store);

describe('the list of a folder', () => {
  it('has pages, each asset and folder once', async () => {
    const store = await storeWith('x/a.md', 'x/b/c.md', 'x/d.md', 'x/e.md');
    const first = await list(store, { folder: dam('x'), limit: '2' });
    const second = await list(store, { folder: dam('x'), limit: '2', cursor: first.nextCursor ?? '' });
    expect([first, second].map(({ items }) => items.map(({ path }) => path))).toEqual([
      [dam('x/a.md'), dam('x/b')],
      [dam('x/d.md'), dam('x/e.md')],
    ]);
    expect(second.nextCursor).toBeUndefined();
  });

  it('refuses the cursor of another folder', async () => {
    const store = await storeWith('x/a.md', 'x/b.md', 'y/c.md');
    const { nextCursor = '' } = await list(store, { folder: dam('x'), limit: '1' });
    await expect(list(store, { folder: dam('y'), cursor: nextCursor })).rejects.toMatchObject({
      code: 'InvalidInput',
    });
  });

  it('goes on also when all that was left is gone by then, and the folder too', async () => {
    const store = await storeWith('x/a.md', 'x/b.md');
    const { nextCursor = '' } = await list(store, { folder: dam('x'), limit: '1' });
    for (const path of ['x/b.md', 'x/a.md', 'x']) store.remove(dam(path));
    expect(await list(store, { folder: dam('x'), cursor: nextCursor })).toEqual({ items: [] });
  });

  it.each([
    ['is empty for the root without anything', { folder: ROOT }],
    ['is empty for a folder without anything', { folder: dam('empty') }],
  ])('%s', async (_what, query) => {
    const store = await storeWith();
    await store.makeFolders([dam('empty')], 'olga', at());
    expect((await list(store, query)).items.filter(({ path }) => path !== dam('empty'))).toEqual([]);
  });

  it.each([
    ['is not there', dam('emtpy')],
    ['is an asset', dam('a.md')],
  ])('does not hide that a folder %s', async (_what, folder) => {
    await expect(list(await storeWith('a.md'), { folder })).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('one asset', () => {
  it('is found by its path, or it is said that it is not there', async () => {
    const store = await storeWith('a.md');
    expect((await getAsset(dam('a.md'), store)).entry.path).toBe(dam('a.md'));
    await expect(getAsset(dam('b.md'), store)).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('shows its facts beside each other, and not by which upload it came', () => {
    const summary = { size: 5, sha256: 'ab', mediaType: 'image/png', fileKind: 'image' } as const;
    const entry = anAsset({ status: 'processed', summary });
    const { uploadId: _inner, summary: _spread, ...visible } = entry;
    expect(presentAsset({ entry, details: { ids: ['x'], references: [] } })).toEqual({
      ...visible,
      ...summary,
      name: 'a.md',
      ids: ['x'],
      references: [],
    });
  });

  it('shows how many references it has, and beside that the references themselves where they are read', () => {
    const counts = { internal: 1, broken: 0, external: 0, sameFile: 0, keys: 0, conrefs: 0 };
    const summary = {
      size: 5,
      sha256: '',
      mediaType: 'text/plain',
      fileKind: 'text',
      references: counts,
    } as const;
    const reference = { kind: 'link', target: 'b.md', scope: 'local', line: 1, path: dam('b.md') } as const;
    const entry = anAsset({ summary });
    expect(presentAsset({ entry })).toMatchObject({ references: counts });
    expect(presentAsset({ entry, details: { ids: [], references: [reference] } })).toMatchObject({
      references: [reference],
      referenceCounts: counts,
    });
  });

  it('says so where its references and ids are more than an answer can carry', () => {
    const entry = anAsset();
    const details = { ids: [], references: [] };
    expect(presentAsset({ entry, details: { ...details, areCut: true } })).toMatchObject({
      detailsAreCut: true,
    });
    expect(presentAsset({ entry, details })).not.toHaveProperty('detailsAreCut');
  });

  it('that is a folder has a name too', () => {
    const entry = { kind: 'folder', path: dam('a/b'), createdOn: at(), createdBy: 'olga' } as const;
    expect(presentAsset({ entry })).toEqual({ ...entry, name: 'b' });
  });
});
