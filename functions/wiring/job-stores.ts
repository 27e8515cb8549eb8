import type { Clients } from '../../shared/aws/clients.ts';
import { DynamoAudit } from '../../shared/aws/dynamo-audit.ts';
import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoHistory } from '../../shared/aws/dynamo-history.ts';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobPages } from '../../shared/aws/dynamo-job-pages.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { DynamoLogs } from '../../shared/aws/dynamo-logs.ts';
import { dynamoTurns } from '../../shared/aws/dynamo-turns.ts';
import { S3Exports } from '../../shared/aws/s3-exports.ts';
import { S3Inputs } from '../../shared/aws/s3-inputs.ts';
import { s3Packs } from '../../shared/aws/s3-packs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import { jobTablesOf, type QueueEnvironment, type Read } from '../../shared/lambda/environment.ts';
import { bells } from './bells.ts';

/** Where jobs are kept, and what is rung for them, now and later. */
export function jobStores(clients: Clients, environment: Read<typeof QueueEnvironment>) {
  const { tables, buckets } = clients;
  const config = jobTablesOf(environment);
  const timeline = new Timeline(tables, config);
  const texts = s3Texts(buckets, environment.BUCKET);
  return {
    jobs: new DynamoJobStore(tables, config, timeline),
    chains: new DynamoChains(tables, config, timeline),
    history: new DynamoHistory(tables, config),
    audit: new DynamoAudit(tables, config.jobDetailsTable),
    details: new DynamoJobDetails(tables, config.jobDetailsTable, texts),
    pages: new DynamoJobPages(tables, config.jobDetailsTable, texts),
    logs: new DynamoLogs(tables, config.jobDetailsTable, s3Packs(buckets, environment.BUCKET)),
    exports: new S3Exports(buckets, environment.BUCKET, Date.now),
    inputs: new S3Inputs({ buckets, tables }, { ...config, bucket: environment.BUCKET }),
    turns: dynamoTurns(tables, config.jobDetailsTable),
    ...bells(clients, environment),
  };
}
