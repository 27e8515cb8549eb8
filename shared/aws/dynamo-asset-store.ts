import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Asset, Details, Entry } from '../assets/asset.ts';
import type { Announcement, AssetStore, PathPage, RecordedFacts } from '../assets/ports.ts';
import { eachOf } from '../service/each-of.ts';
import { Conflict } from '../service/errors.ts';
import type { DueQuery } from '../service/ports.ts';
import {
  entryOf,
  keyOf,
  LISTED,
  pathOf,
  UNPROCESSED_SHARDS,
  unprocessedShard,
  unprocessedShardAt,
} from './asset-item.ts';
import { batchGet } from './batch-get.ts';
import { read, stored } from './packed-details.ts';
import { refusal } from './refusal.ts';
import type { TextBlobs } from './s3-texts.ts';
import { dueIn } from './sharded-index.ts';

const AT_ONCE = 32;

/** Folders and assets in DynamoDB. */
export class DynamoAssetStore implements AssetStore {
  readonly #tables: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #texts: TextBlobs;

  constructor(tables: DynamoDBDocumentClient, table: string, texts: TextBlobs) {
    this.#tables = tables;
    this.#table = table;
    this.#texts = texts;
  }

  async entriesAt(paths: readonly string[]): Promise<Map<string, Entry>> {
    const keys = paths.map(keyOf);
    const items = await batchGet(this.#tables, { table: this.#table, keys, only: LISTED, consistent: true });
    return new Map(items.map(entryOf).map((entry) => [entry.path, entry]));
  }

  async makeFolders(paths: readonly string[], by: string, at: string): Promise<void> {
    await eachOf(paths, AT_ONCE, (path) => this.#makeFolder(path, by, at));
  }

  async #makeFolder(path: string, createdBy: string, createdOn: string): Promise<void> {
    try {
      await this.#tables.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyOf(path), kind: 'folder', createdOn, createdBy },
          ConditionExpression: 'attribute_not_exists(kind)',
        }),
      );
    } catch (error) {
      if (refusal(error) === undefined) throw error; // refused: it is there already
    }
  }

  async announce(file: Announcement): Promise<Asset> {
    const announcing = this.#tables.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: keyOf(file.path),
        UpdateExpression: `SET kind = :asset, assetId = if_not_exists(assetId, :newAssetId), #status = :uploading,
          uploadId = :uploadId, announcedSize = :size, modifiedOn = :at, unprocessedShard = :shard,
          createdOn = if_not_exists(createdOn, :at), createdBy = if_not_exists(createdBy, :by)
          REMOVE failure`,
        ConditionExpression: 'attribute_not_exists(kind) OR kind = :asset',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':asset': 'asset',
          ':newAssetId': file.newAssetId,
          ':uploading': 'uploading',
          ':uploadId': file.uploadId,
          ':size': file.size,
          ':shard': unprocessedShard(file.path),
          ':at': file.at,
          ':by': file.by,
        },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const { Attributes } = await announcing.catch((error: unknown) => {
      if (refusal(error) === undefined) throw error;
      throw new Conflict(`${file.path} has just become a folder.`);
    });
    const entry = entryOf(Attributes);
    if (entry.kind !== 'asset') throw new Error(`The row of ${file.path} did not become an asset.`);
    return entry;
  }

  async get(path: string): Promise<{ entry: Entry; details?: Details } | undefined> {
    const { Item } = await this.#tables.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(path), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const details = await read(Item, this.#texts);
    return { entry: entryOf(Item), ...(details !== undefined && { details }) };
  }

  async list(
    folder: string,
    { after, limit }: { after?: string | undefined; limit: number },
  ): Promise<Entry[]> {
    const found: Entry[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const page = await this.#tables.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: `#folder = :folder${after === undefined ? '' : ' AND #name > :after'}`,
          ProjectionExpression: LISTED.map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(LISTED.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: { ':folder': folder, ':after': after },
          // A job that walks the folder must see the uploads that were announced just before it.
          ConsistentRead: true,
          ExclusiveStartKey: start,
          Limit: limit - found.length,
        }),
      );
      found.push(...(page.Items ?? []).map(entryOf));
      start = page.LastEvaluatedKey;
    } while (start !== undefined && found.length < limit);
    return found;
  }

  async unprocessed(query: DueQuery): Promise<PathPage> {
    const index = {
      table: this.#table,
      index: 'unprocessed',
      partition: 'unprocessedShard',
      sort: 'modifiedOn',
      shardAt: unprocessedShardAt,
      shards: UNPROCESSED_SHARDS,
    };
    const { items, next } = await dueIn(this.#tables, index, query);
    return { paths: items.map(pathOf), ...(next !== undefined && { next }) };
  }

  async record(asset: Asset, facts: RecordedFacts): Promise<boolean> {
    const { details, ...visible } = facts;
    const attributes = {
      ...visible,
      ...(details !== undefined && (await stored(details, asset, this.#texts))),
    };
    const replaced = ['summary', 'failure', 'details', 'detailsBlob'];
    const gone = ['unprocessedShard', ...replaced.filter((name) => !(name in attributes))];
    const names = [...Object.keys(attributes), ...gone];
    try {
      await this.#tables.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: keyOf(asset.path),
          UpdateExpression: [
            `SET ${Object.keys(attributes)
              .map((name) => `#${name} = :${name}`)
              .join(', ')}`,
            `REMOVE ${gone.map((name) => `#${name}`).join(', ')}`,
          ].join(' '),
          ConditionExpression: 'uploadId = :seen',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ':seen': asset.uploadId,
            ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
          },
        }),
      );
      return true;
    } catch (error) {
      if (refusal(error) === undefined) throw error;
      return false;
    }
  }
}
