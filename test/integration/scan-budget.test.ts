import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GRACE_MS } from '../../shared/assets/overdue.ts';
import { DynamoAssetStore } from '../../shared/aws/dynamo-asset-store.ts';
import { DynamoDeliveries } from '../../shared/aws/dynamo-deliveries.ts';
import { dynamoTurns } from '../../shared/aws/dynamo-turns.ts';
import { s3Texts } from '../../shared/aws/s3-texts.ts';
import { remove } from '../../shared/job/person-transitions.ts';
import { NEVER } from '../../shared/job/watch.ts';
import { reprocess } from '../../shared/operations/reprocess.ts';
import type { FailedDelivery } from '../../shared/service/notifications/ports.ts';
import { type DueRequest, resendDue } from '../../shared/service/notifications/resend-due.ts';
import { aJob, at } from '../support/a-job.ts';
import { aPast, completedJobs, postponedJobs } from '../support/a-past.ts';
import { anOperation } from '../support/a-world.ts';
import { plant } from '../support/assets.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryDoorbell } from '../support/memory/memory-doorbell.ts';
import { MemoryTimers } from '../support/memory/memory-timers.ts';
import { NOON, settableClock } from '../support/memory/settable-clock.ts';
import { overdueIn } from '../support/overdue.ts';
import { runOperation } from '../support/run-operation.ts';
import { countedTables } from '../support/units.ts';

const MANY = 2_000;
/**
 * Eight partitions of each of the two indexes of jobs and tokens are asked, four of that of assets, and what could not
 * be sent, at half a unit each.
 */
const NOTHING_DUE = 10.5;

/** What a scan costs follows what needs attention: not what is open, and not what was. */
describe('the units of a reprocessing scan', () => {
  let emulators: Emulators;
  beforeAll(async () => {
    emulators = await startEmulators();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  /** Fresh tables, and a scan over them that says what it cost. */
  async function aHouse() {
    const { tables, units } = countedTables();
    const past = await aPast({ ...emulators, tables });
    const doorbell = new MemoryDoorbell();
    const timers = new MemoryTimers();
    const clock = settableClock();
    const operation = anOperation<never>();
    const mender = { ...past, doorbell, timers, clock, operations: new Map([[operation.name, operation]]) };
    const deliveries = new DynamoDeliveries(tables, past.names.notifications);
    const outlets = { event: async () => {} };
    const resender = { deliveries, outlets, clock, log: () => {} };
    const postman = { resendDue: (request: DueRequest) => resendDue(request, resender) };
    const texts = s3Texts(emulators.buckets, emulators.bucket);
    const assets = new DynamoAssetStore(tables, past.names.assets, texts);
    const { starter } = overdueIn(mender);
    const turns = dynamoTurns(tables, past.names.jobDetails);
    const scan = async (jobId = 'scan') => {
      Object.assign(units, { reads: 0, writes: 0 });
      const { result } = await runOperation(reprocess, {
        repositories: { mender, postman, assets, starter: { ...starter, turns } },
        clock,
        jobId,
      });
      return { result, reads: units.reads, writes: units.writes };
    };
    return { ...past, doorbell, timers, clock, scan, deliveries, assets };
  }

  it('are those of asking each partition once while nothing needs attention', async () => {
    const { scan } = await aHouse();
    const { reads, writes } = await scan();
    expect([reads, writes]).toEqual([NOTHING_DUE, 0]);
  });

  it('are the same beside 2,000 completed jobs, 2,000 far ahead, and 200 in line behind a far one', async () => {
    const { scan, jobs, chains } = await aHouse();
    await jobs.insertAll(completedJobs(MANY, 2));
    await jobs.insertAll(postponedJobs(MANY));
    await jobs.insertAll(postponedJobs(200, { dependencyToken: 'lists', watchAt: NEVER }));
    const [head] = postponedJobs(1);
    const entry = { job: { ...aJob(head), dependencyToken: 'lists' }, lane: 'bulk' as const };
    await chains.append([entry], at(3_600_000));
    const { result, reads, writes } = await scan();
    expect(result).toMatchObject({ looked: 0, rung: 0, timed: 0 });
    expect([reads <= NOTHING_DUE, writes]).toEqual([true, 0]);
  });

  it('grow with the jobs that were not rung, by less than two units each', async () => {
    const LOST = 300;
    const { scan, jobs, clock, doorbell } = await aHouse();
    await jobs.insertAll(postponedJobs(MANY));
    await jobs.insertAll(Array.from({ length: LOST }, () => aJob()));
    clock.advance(15 * 60_000);
    const { result, reads, writes } = await scan();
    expect(result).toMatchObject({ looked: LOST, rung: LOST });
    expect(doorbell.take()).toHaveLength(LOST);
    expect(writes).toBe(0);
    expect(reads).toBeLessThan(NOTHING_DUE + 2 * LOST);
  });

  it('grow with the messages that are due to be sent again, and not with those that failed for good', async () => {
    const { scan, deliveries, clock } = await aHouse();
    const event = { type: 'Job Completed', at: at(), detail: {} } as const;
    const failed = (n: number, facts: Partial<FailedDelivery>) => ({
      deliveryId: `0199a000-0000-7000-8000-0000000${10_000 + n}-event`,
      jobId: 'a',
      message: { channel: 'event' as const, event },
      error: 'Throttled',
      attempts: 6,
      failedOn: at(),
      ...facts,
    });
    const DUE = 25;
    for (let n = 0; n < 200; n++) await deliveries.putFailed(failed(n, {}), 4_000_000_000);
    for (let n = 200; n < 200 + DUE; n++)
      await deliveries.putFailed(failed(n, { attempts: 1, retryAt: at(600_000) }), 4_000_000_000);
    expect((await scan()).reads).toBeLessThanOrEqual(NOTHING_DUE);
    clock.advance(15 * 60_000);
    const { result, reads, writes } = await scan();
    expect(result).toMatchObject({ retried: DUE, sent: DUE });
    expect([reads <= NOTHING_DUE + 2 * DUE, writes <= 5 * DUE]).toEqual([true, true]);
    const next = await scan();
    expect([next.reads <= NOTHING_DUE, next.writes]).toEqual([true, 0]);
  });

  it('are a few more where assets are overdue, however many, and as before while they are not', async () => {
    const { scan, assets, clock, doorbell } = await aHouse();
    await plant(assets, ...Array.from({ length: 300 }, (_, n) => `a/${n}.md`));
    clock.set(NOON + GRACE_MS - 1);
    const early = await scan('scan-1');
    expect([early.result, early.reads, early.writes]).toMatchObject([{ ordered: 0 }, NOTHING_DUE, 0]);
    clock.set(NOON + GRACE_MS);
    const due = await scan('scan-2');
    expect(due.result).toMatchObject({ ordered: 1 });
    expect(doorbell.take()).toHaveLength(1);
    expect([due.reads <= NOTHING_DUE + 2, due.writes <= 5]).toEqual([true, true]);
    const again = await scan('scan-3');
    expect(again.result).toMatchObject({ ordered: 0 });
    expect([again.reads <= NOTHING_DUE + 2, again.writes]).toEqual([true, 0]);
  });

  it('of a far head are those of one look, and then of none for a day', async () => {
    const { scan, chains, clock } = await aHouse();
    const [head] = postponedJobs(1);
    const entry = { job: { ...aJob(head), dependencyToken: 'lists' }, lane: 'bulk' as const };
    await chains.append([entry], at(60_000));
    clock.advance(15 * 60_000);
    const first = await scan();
    expect([first.result, first.writes > 0]).toMatchObject([{ looked: 1 }, true]);
    clock.advance(23 * 3_600_000);
    const next = await scan();
    expect([next.reads <= NOTHING_DUE, next.writes]).toEqual([true, 0]);
  });

  it('of a token whose line is empty are those of one look, and then of none', async () => {
    const { scan, chains, jobs, clock } = await aHouse();
    const job = { ...aJob(), dependencyToken: 'lists' };
    await chains.append([{ job, lane: 'bulk' }], at(60_000));
    await jobs.remove(remove(job, { now: at(), by: 'olga' }));
    clock.advance(15 * 60_000);
    await scan();
    const next = await scan();
    expect([next.reads <= NOTHING_DUE, next.writes]).toEqual([true, 0]);
  });
});
