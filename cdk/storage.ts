import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { BlobStorage } from './blob-storage.ts';
import type { Stage } from './stage.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });
const number = (name: string) => ({ name, type: AttributeType.NUMBER });

type Key = ReturnType<typeof text>;

/** All that Longhaul keeps. A deployed stage keeps it when the stack is destroyed. */
export class Storage extends Construct {
  readonly jobs: TableV2;
  readonly chains: TableV2;
  readonly jobDetails: TableV2;
  readonly assets: TableV2;
  readonly settings: TableV2;
  readonly series: TableV2;
  readonly notifications: TableV2;
  readonly blobs: BlobStorage;
  readonly #stage: Stage;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.#stage = stage;
    this.jobs = this.#table('Jobs', 'jobs', {
      partitionKey: text('jobId'),
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Stubs of jobs that deleted themselves, kept so that the same order does not run again.
      timeToLiveAttribute: 'expiresAt',
      globalSecondaryIndexes: [
        // Written once at creation, never moves: lists and the purge.
        keysOnly('timeline', text('timelineShard'), number('sequence')),
        // Sparse: the jobs that are not Completed, by when they are to be looked at.
        keysOnly('open', text('openShard'), text('watchAt')),
        // Sparse: the jobs that did not succeed.
        keysOnly('outcome', text('outcomeShard'), text('completedOn')),
        // Sparse: what belongs to a series, an execution or a bulk verb.
        keysOnly('related', text('relatedTo'), number('sequence')),
      ],
    });
    this.chains = this.#table('Chains', 'chains', {
      partitionKey: text('token'),
      sortKey: number('sequence'),
      // Sparse: the tails of tokens that have open jobs.
      globalSecondaryIndexes: [keysOnly('watch', text('watchShard'), text('watchAt'))],
    });
    this.jobDetails = this.#table('JobDetails', 'job-details', {
      partitionKey: text('jobId'),
      sortKey: text('part'),
    });
    this.assets = this.#table('Assets', 'assets', {
      partitionKey: text('folder'),
      sortKey: text('name'),
      // Sparse: the assets that were announced and not processed since, by when that was.
      globalSecondaryIndexes: [keysOnly('unprocessed', text('unprocessedShard'), text('modifiedOn'))],
    });
    this.settings = this.#table('Settings', 'settings', {
      partitionKey: text('scope'),
      sortKey: text('name'),
    });
    this.series = this.#table('Series', 'series', {
      partitionKey: text('seriesId'),
      // Written once at creation, never moves: lists.
      globalSecondaryIndexes: [keysOnly('all', text('kind'), number('sequence'))],
    });
    this.notifications = this.#table('Notifications', 'notifications', {
      partitionKey: text('userId'),
      sortKey: text('notificationId'),
      // Entries of an inbox, marks of what was told, profiles, and what could not be sent.
      timeToLiveAttribute: 'expiresAt',
      // Sparse: the entries that are unread, to be counted.
      globalSecondaryIndexes: [keysOnly('unread', text('unreadOf'), text('notificationId'))],
    });
    this.blobs = new BlobStorage(this, 'Blobs', { stage });
  }

  #table(id: string, name: string, props: TablePropsV2): TableV2 {
    return new TableV2(this, id, {
      ...props,
      tableName: `longhaul-${this.#stage.name}-${name}`,
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: !this.#stage.isLocal,
      removalPolicy: this.#stage.isLocal ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
  }
}

const keysOnly = (indexName: string, partitionKey: Key, sortKey: Key) => ({
  indexName,
  partitionKey,
  sortKey,
  projectionType: ProjectionType.KEYS_ONLY,
});
