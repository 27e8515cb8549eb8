import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoHistory } from '../../shared/aws/dynamo-history.ts';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import type { Job } from '../../shared/job/job.ts';
import { sequenceAt } from '../../shared/job/sequence.ts';
import { Status } from '../../shared/job/status.ts';
import { aJob, at } from './a-job.ts';
import type { Emulators } from './emulators.ts';
import { NOON } from './memory/settable-clock.ts';

/** The stores of fresh tables on an emulator, all that the purge and the scan need of it. */
export async function aPast(emulators: Emulators, shards = 8) {
  const { tables, buckets, bucket } = emulators;
  const names = await emulators.freshTables();
  const config = {
    jobsTable: names.jobs,
    chainsTable: names.chains,
    jobDetailsTable: names.jobDetails,
    shards,
  };
  return {
    names,
    jobs: new DynamoJobStore(tables, config, new Timeline(tables, config)),
    chains: new DynamoChains(tables, config, new Timeline(tables, config)),
    history: new DynamoHistory(tables, config),
    details: new DynamoJobDetails(tables, names.jobDetails, s3Texts(buckets, bucket)),
  };
}

const HOUR_MS = 3_600_000;

/** So many jobs that were created and completed, one after the other, until so many hours before noon. */
export const completedJobs = (count: number, hoursAgo: number, facts: Partial<Job> = {}): Job[] =>
  Array.from({ length: count }, (_, n) => {
    const born = NOON - hoursAgo * HOUR_MS - (count - n);
    const { watchAt: _none, ...job } = aJob({
      sequence: sequenceAt(born),
      createdOn: new Date(born).toISOString(),
      completedOn: new Date(born).toISOString(),
      startedOn: new Date(born).toISOString(),
      statusCode: Status.Succeeded,
      claimNumber: 1,
      executionTimeSpan: 0.2,
      friendlyMessage: 'Counted to 3.',
      ...facts,
    });
    return job;
  });

/** So many jobs that wait for a date far ahead. */
export const postponedJobs = (count: number, facts: Partial<Job> = {}): Job[] =>
  Array.from({ length: count }, () =>
    aJob({
      statusCode: Status.Waiting,
      postponeUntil: at(1_000 * HOUR_MS),
      watchAt: at(999 * HOUR_MS),
      ...facts,
    }),
  );
