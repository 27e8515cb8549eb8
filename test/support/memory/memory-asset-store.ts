import type { Asset, Details, Entry } from '../../../shared/assets/asset.ts';
import { folderOf, nameOf } from '../../../shared/assets/path.ts';
import type { Announcement, AssetStore, PathPage, RecordedFacts } from '../../../shared/assets/ports.ts';
import type { DueQuery } from '../../../shared/service/ports.ts';

interface Row {
  readonly entry: Entry;
  readonly details?: Details;
}

/** Folders and assets in a map; passes the same contract suite as the store on DynamoDB. */
export class MemoryAssetStore implements AssetStore {
  readonly #rows = new Map<string, Row>();

  async entriesAt(paths: readonly string[]): Promise<Map<string, Entry>> {
    return new Map(paths.flatMap((path) => this.#entryAt(path).map((entry) => [path, entry] as const)));
  }

  async makeFolders(paths: readonly string[], createdBy: string, createdOn: string): Promise<void> {
    for (const path of paths) {
      if (this.#rows.has(path)) continue;
      this.#rows.set(path, { entry: { kind: 'folder', path, createdOn, createdBy } });
    }
  }

  async announce({ path, newAssetId, uploadId, size, at, by }: Announcement): Promise<Asset> {
    const row = this.#rows.get(path);
    if (row?.entry.kind === 'folder') throw new Error(`There is a folder at ${path}.`);
    const { failure: _gone, ...known } = row?.entry ?? { assetId: newAssetId, createdOn: at, createdBy: by };
    const entry: Asset = {
      ...known,
      kind: 'asset',
      path,
      status: 'uploading',
      uploadId,
      announcedSize: size,
      modifiedOn: at,
    };
    this.#rows.set(path, { ...row, entry });
    return entry;
  }

  async get(path: string): Promise<Row | undefined> {
    return this.#rows.get(path);
  }

  async list(
    folder: string,
    { after, limit }: { after?: string | undefined; limit: number },
  ): Promise<Entry[]> {
    return [...this.#rows.values()]
      .map(({ entry }) => entry)
      .filter(({ path }) => folderOf(path) === folder)
      .filter(({ path }) => after === undefined || byBytes(nameOf(path), after) > 0)
      .toSorted((a, b) => byBytes(a.path, b.path))
      .slice(0, limit);
  }

  async unprocessed({ by, from = '', limit }: DueQuery): Promise<PathPage> {
    const due = [...this.#rows.values()]
      .flatMap(({ entry }) => (entry.kind === 'asset' && entry.status === 'uploading' ? [entry] : []))
      .filter(({ modifiedOn }) => modifiedOn <= by)
      .map(({ path, modifiedOn }) => ({ path, key: `${modifiedOn} ${path}` }))
      .filter(({ key }) => key > from)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const page = due.slice(0, limit);
    const next = due.length > limit ? page.at(-1)?.key : undefined;
    return { paths: page.map(({ path }) => path), ...(next !== undefined && { next }) };
  }

  async record(asset: Asset, { details, ...visible }: RecordedFacts): Promise<boolean> {
    const row = this.#rows.get(asset.path);
    if (row?.entry.kind !== 'asset' || row.entry.uploadId !== asset.uploadId) return false;
    const { summary: _old, failure: _older, ...kept } = row.entry;
    this.#rows.set(asset.path, { entry: { ...kept, ...visible }, ...(details && { details }) });
    return true;
  }

  /** As if somebody had moved it away: for arranging. */
  remove(path: string): void {
    this.#rows.delete(path);
  }

  #entryAt(path: string): Entry[] {
    const row = this.#rows.get(path);
    return row === undefined ? [] : [row.entry];
  }
}

/** DynamoDB orders sort keys by the bytes of their UTF-8, which differs from the order of JavaScript strings. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
