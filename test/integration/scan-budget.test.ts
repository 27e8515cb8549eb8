import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DynamoDeliveries } from '../../shared/aws/dynamo-deliveries.ts';
import { remove } from '../../shared/job/person-transitions.ts';
import { NEVER } from '../../shared/job/watch.ts';
import { reprocess } from '../../shared/operations/reprocess.ts';
import type { FailedDelivery } from '../../shared/service/notifications/ports.ts';
import { type DueRequest, resendDue } from '../../shared/service/notifications/resend-due.ts';
import { aJob, at } from '../support/a-job.ts';
import { aPast, completedJobs, postponedJobs } from '../support/a-past.ts';
import { anOperation } from '../support/a-world.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { MemoryDoorbell } from '../support/memory/memory-doorbell.ts';
import { MemoryTimers } from '../support/memory/memory-timers.ts';
import { settableClock } from '../support/memory/settable-clock.ts';
import { runOperation } from '../support/run-operation.ts';
import { countedTables } from '../support/units.ts';

const MANY = 2_000;
/** Eight partitions of each of the two indexes are asked, and what could not be sent, at half a unit each. */
const NOTHING_DUE = 8.5;

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
    const scan = async () => {
      Object.assign(units, { reads: 0, writes: 0 });
      const { result } = await runOperation(reprocess, { repositories: { mender, postman }, clock });
      return { result, reads: units.reads, writes: units.writes };
    };
    return { ...past, doorbell, timers, clock, scan, deliveries };
  }

  it('are those of asking each partition once while nothing needs attention', async () => {
    const { scan } = await aHouse();
    const { reads, writes } = await scan();
    expect([reads <= NOTHING_DUE, writes]).toEqual([true, 0]);
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
