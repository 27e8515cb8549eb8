import { DynamoAssetStore } from '../shared/aws/dynamo-asset-store.ts';
import { DynamoAudit } from '../shared/aws/dynamo-audit.ts';
import { DynamoChains } from '../shared/aws/dynamo-chains.ts';
import { DynamoHistory } from '../shared/aws/dynamo-history.ts';
import { DynamoJobDetails } from '../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../shared/aws/dynamo-job-store.ts';
import { s3Texts } from '../shared/aws/s3-texts.ts';
import { sqsDoorbell } from '../shared/aws/sqs-doorbell.ts';
import { Timeline } from '../shared/aws/timeline.ts';
import type { Doorbell, Ring } from '../shared/service/ports.ts';
import { startEmulators } from '../test/support/emulators.ts';
import { MemoryTimers } from '../test/support/memory/memory-timers.ts';
import { countRequests, type Requests } from '../test/support/requests.ts';
import { countedTables, type Units } from '../test/support/units.ts';

/** As many index partitions as the service has. */
export const SHARDS = 8;

/** The stores of the service on fresh tables, in this process: every call can be counted. */
export interface CountedStores {
  readonly units: Units;
  readonly requests: Requests;
  readonly jobs: DynamoJobStore;
  readonly chains: DynamoChains;
  readonly history: DynamoHistory;
  readonly details: DynamoJobDetails;
  readonly audit: DynamoAudit;
  readonly assets: DynamoAssetStore;
  readonly doorbell: Doorbell;
  readonly timers: MemoryTimers;
  /** What was rung since the last look. */
  rung(): Ring[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function countedStores(): Promise<CountedStores> {
  const emulators = await startEmulators();
  const { tables, units } = countedTables();
  const names = await emulators.freshTables();
  const config = {
    jobsTable: names.jobs,
    chainsTable: names.chains,
    jobDetailsTable: names.jobDetails,
    shards: SHARDS,
  };
  const timeline = new Timeline(tables, config);
  const queueUrl = await emulators.freshQueue();
  const requests = countRequests(emulators);
  const rings: Ring[] = [];
  let messages = 0;
  const doorbell = sqsDoorbell(
    emulators.queues,
    { standard: queueUrl, bulk: queueUrl },
    () => `${++messages}`,
  );
  const texts = s3Texts(emulators.buckets, emulators.bucket);
  return {
    units,
    requests,
    jobs: new DynamoJobStore(tables, config, timeline),
    chains: new DynamoChains(tables, config, timeline),
    history: new DynamoHistory(tables, config),
    details: new DynamoJobDetails(tables, names.jobDetails, texts),
    audit: new DynamoAudit(tables, names.jobDetails),
    assets: new DynamoAssetStore(tables, names.assets, texts),
    doorbell: remembering(doorbell, rings),
    timers: new MemoryTimers(),
    rung: () => rings.splice(0),
    [Symbol.asyncDispose]: () => emulators[Symbol.asyncDispose](),
  };
}

const remembering = (doorbell: Doorbell, rings: Ring[]): Doorbell => ({
  async ring(ring) {
    await doorbell.ring(ring);
    rings.push(ring);
  },
  async ringAll(all) {
    const failed = await doorbell.ringAll(all);
    rings.push(...all);
    return failed;
  },
});
