import { describe, expect, it } from '@jest/globals';
import { announceUploads, Uploads } from '../../../shared/assets/announce-uploads.ts';
import { ROOT } from '../../../shared/assets/path.ts';
import type { AnnouncedFile } from '../../../shared/assets/ports.ts';
import { walkFolder } from '../../../shared/assets/walk-folder.ts';
import { at } from '../../support/a-job.ts';
import { all, dam } from '../../support/assets.ts';
import { ADMIN, OPERATOR, READER } from '../../support/callers.ts';
import { countingIds } from '../../support/memory/counting-ids.ts';
import { MemoryAssetStore } from '../../support/memory/memory-asset-store.ts';
import { MemoryBlobs } from '../../support/memory/memory-blobs.ts';
import { settableClock } from '../../support/memory/settable-clock.ts';

const aRepository = () => ({
  assets: new MemoryAssetStore(),
  blobs: new MemoryBlobs(),
  clock: settableClock(),
  newId: countingIds(),
});
type Repository = ReturnType<typeof aRepository>;

const file = (rest: string, facts: Partial<AnnouncedFile> = {}): AnnouncedFile => ({
  path: dam(rest),
  size: 3,
  ...facts,
});

const announce = (repository: Repository, ...paths: string[]) =>
  announceUploads(
    paths.map((path) => file(path)),
    OPERATOR,
    repository,
  );

async function pathsIn({ assets }: Repository): Promise<string[]> {
  const found = await all(walkFolder(ROOT, { store: assets, isExcluded: () => false }));
  return found.map(({ path }) => path);
}

describe('an announced file', () => {
  it('is an asset that is being uploaded', async () => {
    const repository = aRepository();
    await announceUploads([file('a.md', { size: 77 })], OPERATOR, repository);
    expect((await repository.assets.get(dam('a.md')))?.entry).toMatchObject({
      kind: 'asset',
      status: 'uploading',
      announcedSize: 77,
      createdBy: 'olga',
      createdOn: at(),
    });
  });

  it('lies in folders that are there from now on', async () => {
    const repository = aRepository();
    await announce(repository, 'a/b/c.md');
    const there = await repository.assets.entriesAt([dam('a'), dam('a/b')]);
    expect([...there.values()].map(({ kind, createdBy }) => [kind, createdBy])).toEqual([
      ['folder', 'olga'],
      ['folder', 'olga'],
    ]);
  });

  it('is answered with a ticket for exactly this upload of exactly this asset', async () => {
    const repository = aRepository();
    const [upload] = await announceUploads([file('a.png', { mediaType: 'image/png' })], OPERATOR, repository);
    const entry = (await repository.assets.get(dam('a.png')))?.entry;
    if (entry?.kind !== 'asset') throw new Error('There is no asset.');
    const ticket = await repository.blobs.ticketFor(entry, file('a.png', { mediaType: 'image/png' }));
    expect(upload).toEqual({ path: dam('a.png'), ...ticket });
  });

  it('keeps its asset id when it is announced again, by a new upload', async () => {
    const repository = aRepository();
    await announce(repository, 'a.md');
    const first = (await repository.assets.get(dam('a.md')))?.entry;
    repository.clock.advance(5_000);
    await announceUploads([file('a.md', { size: 9 })], ADMIN, repository);
    const second = (await repository.assets.get(dam('a.md')))?.entry;
    expect(second).toEqual({
      ...first,
      uploadId: expect.any(String),
      announcedSize: 9,
      modifiedOn: at(5_000),
    });
    expect(second).not.toMatchObject({ uploadId: first?.kind === 'asset' && first.uploadId });
  });
});

describe('many announced files', () => {
  it('are answered in the order asked for', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `${(n * 37) % 100}.md`);
    const uploads = await announce(aRepository(), ...names);
    expect(uploads.map(({ path }) => path)).toEqual(names.map(dam));
  });

  it('may be announced again as a whole, and may share folders with those there', async () => {
    const repository = aRepository();
    await announce(repository, 'a/1.md', 'a/b/2.md');
    await announce(repository, 'a/1.md', 'a/b/2.md', 'a/b/3.md');
    expect(await pathsIn(repository)).toEqual(['a/1.md', 'a/b/2.md', 'a/b/3.md'].map(dam));
  });

  it('are refused as a whole where paths of the request clash, each with its pointer', async () => {
    const repository = aRepository();
    await expect(announce(repository, 'ok.md', 'a', 'a/b.md', 'c.md', 'c.md')).rejects.toMatchObject({
      code: 'InvalidInput',
      faults: [
        { pointer: '/files/1/path', detail: 'Another file of the request lies under this path.' },
        { pointer: '/files/4/path', detail: 'This path occurs twice in the request.' },
      ],
    });
    expect(await pathsIn(repository)).toEqual([]);
  });

  it('are refused as a whole where something of another kind is there, each with its pointer', async () => {
    const repository = aRepository();
    await announce(repository, 'file', 'folder/in.md');
    await expect(
      announce(repository, 'ok.md', 'file/under.md', 'folder', 'file/a/b.md'),
    ).rejects.toMatchObject({
      code: 'Conflict',
      faults: [
        { pointer: '/files/1/path', detail: `${dam('file')} is an asset, so nothing can lie under it.` },
        { pointer: '/files/2/path', detail: 'There is a folder at this path.' },
        { pointer: '/files/3/path', detail: `${dam('file')} is an asset, so nothing can lie under it.` },
      ],
    });
    expect(await pathsIn(repository)).toEqual([dam('file'), dam('folder/in.md')]);
    expect(await repository.assets.entriesAt([dam('file/a')])).toEqual(new Map());
  });

  it('need the role of an operator', async () => {
    const repository = aRepository();
    await expect(announceUploads([file('a.md')], READER, repository)).rejects.toMatchObject({
      code: 'NotAllowed',
    });
    expect(await pathsIn(repository)).toEqual([]);
  });
});

const isValid = (facts: Record<string, unknown>) =>
  Uploads.safeParse({ files: [{ path: dam('a'), size: 1, ...facts }] }).success;

const filesOf = (count: number) => ({
  files: Array.from({ length: count }, (_, n) => ({ path: dam(`${n}`), size: 1 })),
});

describe('the body of an announcement', () => {
  it.each([
    ['nothing at all', { size: 0 }, true],
    ['5 GiB', { size: 5 * 1024 ** 3 }, true],
    ['more than 5 GiB', { size: 5 * 1024 ** 3 + 1 }, false],
    ['less than nothing', { size: -1 }, false],
    ['half a byte', { size: 0.5 }, false],
    ['a size in words', { size: '5' }, false],
    ['a media type', { mediaType: 'image/svg+xml' }, true],
    ['a media type with parameters', { mediaType: 'text/plain; charset=utf-8; x="a b"' }, true],
    ['a media type that smuggles a header', { mediaType: 'text/plain\r\nx-amz-acl: public-read' }, false],
    ['a media type that is none', { mediaType: 'picture' }, false],
    ['a field that nobody knows', { owner: 'x' }, false],
  ])('with %s: %s is %s', (_what, facts, valid) => {
    expect(isValid(facts)).toBe(valid);
  });

  it('names 1 to 1,000 files', () => {
    const valid = [0, 1, 1_000, 1_001].map((count) => Uploads.safeParse(filesOf(count)).success);
    expect(valid).toEqual([false, true, true, false]);
  });
});
