import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoAssetStore } from '../../shared/aws/dynamo-asset-store.ts';
import { S3Blobs } from '../../shared/aws/s3-blobs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import type { AssetEnvironment, JobEnvironment, Read } from '../../shared/lambda/environment.ts';

/** Where assets are kept, and their blobs. */
export const assetStores = (
  { tables, buckets }: Clients,
  { ASSETS_TABLE, BUCKET }: Read<typeof AssetEnvironment & Pick<typeof JobEnvironment, 'BUCKET'>>,
) => ({
  assets: new DynamoAssetStore(tables, ASSETS_TABLE, s3Texts(buckets, BUCKET)),
  blobs: new S3Blobs(buckets, BUCKET),
});
