import { DynamoAudit } from '../../shared/aws/dynamo-audit.ts';
import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoJobDetails } from '../../shared/aws/dynamo-job-details.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { DynamoLogs } from '../../shared/aws/dynamo-logs.ts';
import { DynamoSeries } from '../../shared/aws/dynamo-series.ts';
import { s3Packs } from '../../shared/aws/s3-packs.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import { answerRing, type Invocation, type Worker } from '../../shared/service/answer-ring.ts';
import type { Creator } from '../../shared/service/create-job.ts';
import type { Operation } from '../../shared/service/operation.ts';
import type { Ring } from '../../shared/service/ports.ts';
import { anInvocation, aWorldWith, type World } from './a-world.ts';
import type { Emulators } from './emulators.ts';

type Kept = 'jobs' | 'chains' | 'details' | 'audit' | 'logs' | 'series';

/** The service on the tables of an emulator, while a test holds its clock, its rings and its timers in the hand. */
export type Service = Omit<World, Kept> & Pick<Creator & Worker<unknown>, Kept>;

export async function serviceOn(emulators: Emulators, ...operations: Operation<unknown>[]): Promise<Service> {
  const { tables, buckets, bucket } = emulators;
  const names = await emulators.freshTables();
  const config = {
    jobsTable: names.jobs,
    chainsTable: names.chains,
    jobDetailsTable: names.jobDetails,
    seriesTable: names.series,
    shards: 2,
  };
  const timeline = new Timeline(tables, config);
  return {
    ...aWorldWith<unknown>({}, ...operations),
    jobs: new DynamoJobStore(tables, config, timeline),
    chains: new DynamoChains(tables, config, timeline),
    series: new DynamoSeries(tables, config, timeline),
    audit: new DynamoAudit(tables, names.jobDetails),
    details: new DynamoJobDetails(tables, names.jobDetails, s3Texts(buckets, bucket)),
    logs: new DynamoLogs(tables, names.jobDetails, s3Packs(buckets, bucket)),
  };
}

/** One worker answers one ring. */
export const answer = (ring: Ring, service: Service, invocation: Partial<Invocation> = {}): Promise<void> =>
  answerRing(ring, service, anInvocation(service, invocation));

/** Answers all rings, those that come of it too, and moves the clock to the next timer when it is quiet. */
export async function untilQuiet(service: Service): Promise<void> {
  const { doorbell, timers, clock } = service;
  const MOST_RINGS = 10_000;
  const waiting: ReturnType<typeof timers.take> = [];
  for (let answered = 0; answered < MOST_RINGS; answered++) {
    waiting.push(...timers.take());
    const [ring] = doorbell.rings.splice(0, 1);
    if (ring !== undefined) {
      await answer(ring, service);
      continue;
    }
    const next = waiting.toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined) return;
    waiting.splice(waiting.indexOf(next), 1);
    clock.set(Math.max(clock(), next.at));
    doorbell.rings.push(next.ring);
  }
  throw new Error(`It does not get quiet: ${MOST_RINGS} rings were answered.`);
}
