import { sequenceMaker } from '../shared/job/sequence.ts';
import { invocationOf } from '../shared/lambda/lane.ts';
import { type DiagnoseRepositories, diagnose } from '../shared/operations/diagnose.ts';
import { answerRing, type Worker } from '../shared/service/answer-ring.ts';
import { type Creator, createJob } from '../shared/service/create-job.ts';
import { createJobs } from '../shared/service/create-jobs.ts';
import { eachOf } from '../shared/service/each-of.ts';
import { hostIds } from '../shared/service/host-ids.ts';
import { aWorldWith } from '../test/support/a-world.ts';
import { OPERATOR } from '../test/support/callers.ts';
import { type CountedStores, countedStores } from './stores.ts';

/** What one job needs, by what is billed; of receives and deletes see `cost.ts`. */
export interface Counts {
  readonly writes: number;
  readonly reads: number;
  /** Sends. */
  readonly sqs: number;
  readonly s3: number;
}

const JOBS = 100;
/** DynamoDB charges 4 for a transactional put with two index entries; the emulator says 3. */
const NOT_COUNTED = 1;
/** Milliseconds that an invocation of the lane may take. */
const TIMEOUT_MS = 60_000;

type Service = Creator & Worker<DiagnoseRepositories>;

/** Exact units and requests of a job that does nothing and succeeds, by how it is created. */
export async function countJobs(): Promise<Readonly<Record<string, Counts>>> {
  await using stores = await countedStores();
  const service: Service = {
    ...aWorldWith<DiagnoseRepositories>({ crash: () => undefined }, diagnose),
    ...stores,
    clock: Date.now,
    alarm: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    nextSequence: sequenceMaker(Date.now, Math.random),
    newId: hostIds(crypto.randomUUID().slice(0, 13)),
  };
  const one = (token?: string) => createJob(orderFor(token), OPERATOR, service);
  const each = Array.from({ length: JOBS }, (_, place) => place);
  await one(); // the day's entry in the directory is made once
  const count = (create: () => Promise<unknown>, missed = 0) => countOf(create, missed, service, stores);
  return {
    'one by one': await count(() => eachOf(each, 1, () => one())),
    'by batch': await count(() =>
      createJobs(
        each.map(() => ({ order: orderFor() })),
        OPERATOR,
        service,
      ),
    ),
    'alone with its token': await count(() => eachOf(each, 1, (place) => one(`alone-${place}`)), NOT_COUNTED),
    'in one line': await count(() => eachOf(each, 1, () => one('line')), NOT_COUNTED),
    'in one line, by batch': await count(
      () =>
        createJobs(
          each.map(() => ({ order: orderFor('line') })),
          OPERATOR,
          service,
        ),
      NOT_COUNTED,
    ),
  };
}

const orderFor = (dependencyToken?: string) => ({
  operation: diagnose.name,
  input: {},
  ...(dependencyToken !== undefined && { dependencyToken }),
});

async function countOf(
  create: () => Promise<unknown>,
  missed: number,
  service: Service,
  stores: CountedStores,
): Promise<Counts> {
  const { units, requests } = stores;
  await answerAll(service, stores);
  Object.assign(units, { reads: 0, writes: 0 });
  Object.assign(requests, { sqs: 0, s3: 0 });
  await create();
  await answerAll(service, stores);
  return {
    writes: units.writes / JOBS + missed,
    reads: units.reads / JOBS,
    sqs: requests.sqs / JOBS,
    s3: requests.s3 / JOBS,
  };
}

async function answerAll(service: Service, stores: CountedStores): Promise<void> {
  for (let rings = stores.rung(); rings.length > 0; rings = stores.rung()) {
    const invocation = () => invocationOf('standard', { now: Date.now(), left: TIMEOUT_MS });
    await eachOf(rings, 1, (ring) => answerRing(ring, service, invocation()));
  }
}
