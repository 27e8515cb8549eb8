import { randomUUID } from 'node:crypto';
import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoAssetStore } from '../../shared/aws/dynamo-asset-store.ts';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { S3Blobs } from '../../shared/aws/s3-blobs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { sqsDoorbell } from '../../shared/aws/sqs-doorbell.ts';
import {
  type AssetEnvironment,
  type JobEnvironment,
  jobTablesOf,
  type LaneEnvironment,
  laneQueuesOf,
  type Read,
} from '../../shared/lambda/environment.ts';

type Jobs = Read<typeof JobEnvironment & typeof LaneEnvironment>;
type Assets = Read<typeof JobEnvironment & typeof AssetEnvironment>;

/** Where jobs are kept, and the bell that is rung for them. */
export const jobStores = ({ tables, queues, buckets }: Clients, environment: Jobs) => ({
  jobs: new DynamoJobStore(tables, jobTablesOf(environment)),
  details: new DynamoJobDetails(tables, environment.JOB_DETAILS_TABLE, s3Texts(buckets, environment.BUCKET)),
  doorbell: sqsDoorbell(queues, laneQueuesOf(environment), randomUUID),
});

/** Where assets are kept, and their blobs. */
export const assetStores = ({ tables, buckets }: Clients, environment: Assets) => ({
  assets: new DynamoAssetStore(tables, environment.ASSETS_TABLE, s3Texts(buckets, environment.BUCKET)),
  blobs: new S3Blobs(buckets, environment.BUCKET),
});
