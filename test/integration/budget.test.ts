import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqsDoorbell } from '../../shared/aws/sqs-doorbell.ts';
import { Status } from '../../shared/job/status.ts';
import { createJob } from '../../shared/service/create-job.ts';
import type { Doorbell } from '../../shared/service/ports.ts';
import { anOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { answer, type Service, serviceOn } from '../support/on-emulators.ts';
import { countRequests, type Requests } from '../support/requests.ts';
import { countedTables, type Units } from '../support/units.ts';

/** The budgets of ARCHITECTURE.md, in DynamoDB's units, counted from what each call consumes. */
describe('what a short job costs', () => {
  let emulators: Emulators;
  let units: Units;
  let service: Service;

  beforeAll(async () => {
    const started = await startEmulators();
    const counted = countedTables();
    units = counted.units;
    emulators = Object.assign(started, { tables: counted.tables });
    service = await serviceOn(emulators, anOperation({ lane: 'standard' }));
    await create(); // the day's entry in the directory is made once
    service.doorbell.take();
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const create = async (dependencyToken?: string) => {
    const order = {
      operation: 'count-to',
      input: {},
      ...(dependencyToken !== undefined && { dependencyToken }),
    };
    return (await createJob(order, OPERATOR, service)).job;
  };

  /** The units since the last look. */
  const spent = (): { reads: number; writes: number; calls: string[] } => {
    const { reads, writes } = units;
    const calls = units.calls.splice(0);
    Object.assign(units, { reads: 0, writes: 0 });
    return { reads, writes, calls };
  };

  const runAll = async (): Promise<void> => {
    for (const ring of service.doorbell.take()) await answer(ring, service, { lane: 'standard' });
  };

  it('without a token: 3 write units to create, 3 to claim and complete, no reads', async () => {
    spent();
    const { jobId } = await create();
    expect(spent()).toMatchObject({ reads: 0, writes: 3 });
    await runAll();
    expect(spent()).toMatchObject({ reads: 0, writes: 3 });
    expect((await service.jobs.get(jobId))?.statusCode).toBe(Status.Succeeded);
  });

  it('alone with its token: 9 write units to create an active one, 6 to claim and complete, 3 reads', async () => {
    spent();
    await create('alone');
    const created = spent();
    await runAll();
    const run = spent();
    // The emulator charges 3 instead of 4 for a transactional put with two index entries.
    expect(created.writes).toBeLessThanOrEqual(9);
    expect(run.writes).toBeLessThanOrEqual(6);
    expect(created.reads + run.reads).toBeLessThanOrEqual(3);
  });

  it('in a chain: at most 14 write units and 1.2 reads for each job', async () => {
    const JOBS = 20;
    spent();
    for (let place = 0; place < JOBS; place++) await create('chain');
    const created = spent();
    await runAll();
    const run = spent();
    expect((created.writes + run.writes) / JOBS).toBeLessThanOrEqual(14.1);
    // One to look for the head after each creation; of the run two for sixteen places, and one at the end of the chain.
    expect(created.reads).toBeLessThanOrEqual(JOBS);
    expect(run.reads).toBeLessThanOrEqual(5);
  });

  it('rings once, at its creation or when the job before it is over, and asks nothing of S3', async () => {
    const JOBS = 10;
    const url = await emulators.freshQueue();
    let rings = 0;
    const doorbell = sqsDoorbell(emulators.queues, { standard: url, bulk: url }, () => `${++rings}`);
    const requests: Requests = countRequests(emulators);
    const ringing = { ...service, doorbell: ringingBoth(doorbell, service) };
    const order = { operation: 'count-to', input: {} };
    for (let n = 0; n < JOBS; n++) await createJob(order, OPERATOR, ringing);
    for (let n = 0; n < JOBS; n++) await createJob({ ...order, dependencyToken: 'rung' }, OPERATOR, ringing);
    for (const ring of service.doorbell.take()) await answer(ring, service, { lane: 'standard' });
    // A line is rung for once, and drains without a hop between its jobs.
    expect(requests).toEqual({ sqs: JOBS + 1, s3: 0 });
  });

  it('its transitions cost one unit each, however large its input is', async () => {
    const order = { operation: 'count-to', input: 'x'.repeat(100_000) };
    await createJob(order, OPERATOR, service);
    spent();
    await runAll();
    expect(spent().writes).toBe(3);
  });
});

/** Sends the ring, and keeps it for the test to answer. */
const ringingBoth = (real: Doorbell, { doorbell }: Service): Doorbell => ({
  async ring(ring) {
    await real.ring(ring);
    await doorbell.ring(ring);
  },
  ringAll: (rings) => real.ringAll(rings),
});
