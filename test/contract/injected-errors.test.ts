import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoChains } from '../../shared/aws/dynamo-chains.ts';
import { DynamoJobStore } from '../../shared/aws/dynamo-job-store.ts';
import { Timeline } from '../../shared/aws/timeline.ts';
import type { Job } from '../../shared/job/job.ts';
import type { Removal, Transition } from '../../shared/job/transition.ts';
import type { LineEntry } from '../../shared/service/ports.ts';
import { aJob, aRunningJob, at } from '../support/a-job.ts';
import { isRemoval, STEPS, stepOf } from '../support/all-steps.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { answered, canceled, conflict, first, intercept, lost, refuse } from '../support/injected.ts';

/** What emulators never answer, and AWS does: conflicts of transactions, throttling, answers that are lost. */

let emulators: Emulators;
let store: DynamoJobStore;
let chains: DynamoChains;
beforeAll(async () => {
  emulators = await startEmulators();
  const { jobs, chains: chainsTable, jobDetails } = await emulators.freshTables();
  const config = { jobsTable: jobs, chainsTable, jobDetailsTable: jobDetails, shards: 1 };
  const timeline = new Timeline(emulators.tables, config);
  store = new DynamoJobStore(emulators.tables, config, timeline);
  chains = new DynamoChains(emulators.tables, config, timeline);
  await store.insert(aJob()); // so that its day is noted
});
afterAll(() => emulators[Symbol.asyncDispose]());

let stop = (): void => {};
let calls = (): number => 1;
afterEach(() => {
  stop();
  // Or the test would have shown nothing.
  expect(calls()).toBeGreaterThan(0);
});
const inject = (what: ReturnType<typeof first>): typeof what => {
  ({ stop } = intercept(emulators.tables, what));
  ({ calls } = what);
  return what;
};

let tokens = 0;
async function inLine(facts: Partial<Job> = {}): Promise<LineEntry> {
  const job = { ...aJob(facts), dependencyToken: `token ${++tokens}` };
  await chains.append([{ job, lane: 'bulk' }], at());
  return { job, lane: 'bulk' };
}
async function inserted(job: Job): Promise<Job> {
  await store.insert(job);
  return job;
}

const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

describe('a transaction', () => {
  it.each(PASSING)('that meets "%s" is tried again until it is made', async (code) => {
    const { job, lane } = await inLine();
    const next = { ...job, ...aJob(), sequence: job.sequence + 1 };
    const seen = inject(first(3, 'TransactWriteItemsCommand', refuse(canceled('None', code, 'None'))));
    await chains.append([{ job: next, lane }], at());
    expect([seen.calls(), await chains.tail(job.dependencyToken)]).toEqual([4, next.sequence]);
  });

  it('that meets another for ever is given up, and has changed nothing', async () => {
    const { job } = await inLine();
    inject(first(99, 'TransactWriteItemsCommand', refuse(canceled('TransactionConflict'))));
    await expect(store.make(stepOf('cancel one that waits', job))).rejects.toThrow('TransactionConflict');
    expect(await store.get(job.jobId)).toEqual(job);
  });

  it('that is refused for another reason is not tried again', async () => {
    const { job } = await inLine();
    const seen = inject(first(99, 'TransactWriteItemsCommand', refuse(canceled('ValidationError'))));
    await expect(store.make(stepOf('cancel one that waits', job))).rejects.toThrow('ValidationError');
    expect(seen.calls()).toBe(1);
  });

  it('that is refused while it meets another is refused', async () => {
    const { job } = await inLine({ statusCode: 30 });
    inject(first(1, 'TransactWriteItemsCommand', refuse(canceled('TransactionConflict', 'None'))));
    await expect(store.make(stepOf('cancel one that waits', job))).rejects.toMatchObject({ current: job });
  });
});

describe('a single write that meets a transaction is tried again until it is made', () => {
  it('as a claim', async () => {
    const { jobId } = await inserted(aJob());
    inject(first(3, 'UpdateItemCommand', refuse(conflict())));
    expect(await store.make(stepOf('claim', { ...aJob(), jobId }))).toMatchObject({ claimNumber: 1 });
  });

  it('as an insert', async () => {
    const job = aJob();
    inject(first(3, 'PutItemCommand', refuse(conflict())));
    await store.insert(job);
    expect(await store.get(job.jobId)).toEqual(job);
  });

  it('as a removal', async () => {
    const job = await inserted(aJob({ statusCode: 30 }));
    inject(first(3, 'DeleteItemCommand', refuse(conflict())));
    await store.remove(removalOf('delete a Succeeded one', job));
    expect(await store.get(job.jobId)).toBeUndefined();
  });

  it('as a change of what is watched', async () => {
    const { job } = await inLine();
    const seen = { token: job.dependencyToken, watchAt: at() };
    inject(first(3, 'UpdateItemCommand', refuse(conflict())));
    expect(await chains.watch(seen, { tail: job.sequence, watchAt: at(1) })).toBe(true);
  });
});

/** The write is made and its answer lost; the SDK sends it again. */
const answerLost = (command: string) =>
  inject(
    first(1, command, async (next) => {
      await next();
      return next();
    }),
  );

describe('a write that is repeated because its answer was lost', () => {
  it('is one insert', async () => {
    const job = aJob();
    answerLost('PutItemCommand');
    await store.insert(job);
    expect(await store.get(job.jobId)).toEqual(job);
  });

  it('is one job at the end of the line', async () => {
    answerLost('TransactWriteItemsCommand');
    const { job } = await inLine();
    expect(await chains.head(job.dependencyToken)).toMatchObject({ jobId: job.jobId });
  });

  it('is one claim', async () => {
    const job = await inserted(aJob());
    answerLost('UpdateItemCommand');
    expect(await store.make(stepOf('claim', job))).toMatchObject({ claimNumber: 1, hostId: 'host-now' });
  });

  it('is one end of a job, and one place that is left', async () => {
    const { job } = await inLine(aRunningJob({ claimNumber: 3 }));
    answerLost('TransactWriteItemsCommand');
    await store.make(stepOf('succeed', job));
    expect(await store.get(job.jobId)).toMatchObject({ statusCode: 30 });
    expect(await chains.head(job.dependencyToken)).toBeUndefined();
  });

  it.each(['cancel one that waits', 'resume', 'reschedule'])('is one wish of a person: %s', async (name) => {
    const { job } = await inLine({ statusCode: 10, postponeUntil: at(1) });
    answerLost('TransactWriteItemsCommand');
    await expect(store.make(stepOf(name, job))).resolves.not.toThrow();
  });

  it('is one removal', async () => {
    const { job } = await inLine();
    answerLost('TransactWriteItemsCommand');
    await store.remove(removalOf('delete a Ready one', job));
    expect([await store.get(job.jobId), await chains.head(job.dependencyToken)]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

const jobs = () => Array.from({ length: 60 }, () => aJob());

const idsOf = (all: readonly Job[]): string[] => all.map(({ jobId }) => jobId);

describe('a bulk write', () => {
  it('of which some is throttled is asked for again, and complete', async () => {
    const all = jobs();
    inject(
      first(2, 'BatchWriteItemCommand', async (_next, { RequestItems }) =>
        answered({ UnprocessedItems: RequestItems }),
      ),
    );
    expect(await store.insertAll(all)).toEqual(new Set(idsOf(all)));
    expect(await store.getAll(idsOf(all))).toEqual(all);
  });

  it('of which a call fails says which jobs are there', async () => {
    const all = jobs();
    inject(first(1, 'BatchWriteItemCommand', refuse(new Error('The table does not answer.'))));
    const written = await store.insertAll(all);
    stop();
    expect(written.size).toBe(35);
    expect(new Set(idsOf(await store.getAll(idsOf(all))))).toEqual(written);
  });

  it('of which an answer is lost says that the jobs are there', async () => {
    const all = jobs();
    inject(first(1, 'BatchWriteItemCommand', lost));
    expect((await store.insertAll(all)).size).toBe(60);
  });
});

describe('a bulk read', () => {
  it('of which some is throttled is asked for again, and complete', async () => {
    const all = Array.from({ length: 120 }, () => aJob());
    await store.insertAll(all);
    inject(
      first(2, 'BatchGetItemCommand', async (_next, { RequestItems }) =>
        answered({ UnprocessedKeys: RequestItems }),
      ),
    );
    expect(await store.getAll(all.map(({ jobId }) => jobId))).toEqual(all);
  });
});

function removalOf(name: string, job: Job): Removal {
  const step: Transition | Removal | undefined = STEPS[name]?.(job);
  if (step === undefined || !isRemoval(step)) throw new Error(`"${name}" is no removal.`);
  return step;
}
