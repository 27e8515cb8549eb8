import type { Doorbells } from './doorbells.ts';
import type { Stage } from './stage.ts';
import type { Storage } from './storage.ts';

/** What the parts of the service share. */
export interface Surroundings {
  readonly stage: Stage;
  readonly storage: Storage;
  readonly doorbells: Doorbells;
}

/** The variables that `shared/lambda/environment.ts` reads, in the groups in which functions take them. */
export const environmentOf = {
  jobs: ({ stage, storage }: Surroundings) => ({
    JOBS_TABLE: storage.jobs.tableName,
    CHAINS_TABLE: storage.chains.tableName,
    JOB_DETAILS_TABLE: storage.jobDetails.tableName,
    BUCKET: storage.blobs.bucket.bucketName,
    INDEX_SHARDS: String(stage.indexShards),
  }),
  assets: ({ storage }: Surroundings) => ({ ASSETS_TABLE: storage.assets.tableName }),
  series: ({ storage }: Surroundings) => ({ SERIES_TABLE: storage.series.tableName }),
  settings: ({ storage }: Surroundings) => ({ SETTINGS_TABLE: storage.settings.tableName }),
  notifications: ({ storage }: Surroundings) => ({ NOTIFICATIONS_TABLE: storage.notifications.tableName }),
  mail: ({ stage }: Surroundings) => ({ MAIL_FROM: stage.mailFrom ?? '' }),
  lanes: ({ doorbells }: Surroundings) => ({
    STANDARD_QUEUE_URL: doorbells.lanes.standard.queueUrl,
    BULK_QUEUE_URL: doorbells.lanes.bulk.queueUrl,
  }),
  functions: ({ stage }: Surroundings) => ({ FUNCTIONS: stage.functions.join(',') }),
  timers: ({ doorbells }: Surroundings) => ({ TIMER_QUEUE_URL: doorbells.timers.queueUrl }),
};
