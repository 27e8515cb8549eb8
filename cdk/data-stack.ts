import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';
import { Storage } from './storage.ts';

/** All that is kept. It changes seldom, and nothing can take it away by mistake. */
export class DataStack extends Stack {
  readonly storage: Storage;

  constructor(scope: Construct, id: string, { stage, ...props }: StackProps & { stage: Stage }) {
    super(scope, id, { ...props, terminationProtection: !stage.isLocal });
    this.storage = new Storage(this, 'Storage', { stage });
    this.#offerAll();
  }

  /**
   * Exports all that the service may use, used or not. An export that went away with its last use could not be deployed:
   * this stack comes first, while the service of the old version still imports it.
   */
  #offerAll(): void {
    const { jobs, chains, jobDetails, assets, settings, series, notifications, blobs } = this.storage;
    for (const table of [jobs, chains, jobDetails, assets, settings, series, notifications]) {
      this.exportValue(table.tableName);
      this.exportValue(table.tableArn);
    }
    this.exportValue(jobs.tableStreamArn);
    this.exportValue(blobs.bucket.bucketName);
    this.exportValue(blobs.bucket.bucketArn);
  }
}
