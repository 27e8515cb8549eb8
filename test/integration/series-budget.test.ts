import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../shared/job/job.ts';
import { Status } from '../../shared/job/status.ts';
import { NewJob } from '../../shared/service/new-job.ts';
import { parse } from '../../shared/service/parse.ts';
import { createJobOrSeries } from '../../shared/service/series/create-series.ts';
import { seriesIdOf } from '../../shared/service/series/series.ts';
import { at } from '../support/a-job.ts';
import { anOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { answer, type Service, serviceOn } from '../support/on-emulators.ts';
import { countedTables, type Units } from '../support/units.ts';

/** What recurs costs as much each time as what it makes, in DynamoDB's units. */
describe('the units of a series', () => {
  let emulators: Emulators;
  let units: Units;
  let service: Service;
  let minutes = 0;

  beforeAll(async () => {
    const started = await startEmulators();
    const counted = countedTables();
    units = counted.units;
    emulators = Object.assign(started, { tables: counted.tables });
    service = await serviceOn(emulators, anOperation({ lane: 'standard' }));
    await order({}); // the day's entry in the directory is made once
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  /** Recurs every half hour, from the next minute on. */
  async function order(recurrence: Record<string, string>, dependencyToken?: string) {
    const job = {
      operation: 'count-to',
      input: { to: 3 },
      ...(dependencyToken !== undefined && { dependencyToken }),
      recurrence: { pattern: 'FREQ=MINUTELY;INTERVAL=30;', startTime: at(++minutes * 60_000), ...recurrence },
    };
    return (await createJobOrSeries(parse(NewJob, job), OPERATOR, service)).job;
  }

  /** The units since the last look. */
  const spent = (): { reads: number; writes: number } => {
    const { reads, writes } = units;
    Object.assign(units, { reads: 0, writes: 0 });
    units.calls.splice(0);
    return { reads, writes };
  };

  /** The timer of this occurrence is heard at its date. */
  async function comes(jobId: string): Promise<{ reads: number; writes: number }> {
    const date = (await service.jobs.get(jobId))?.postponeUntil ?? '';
    service.clock.set(Date.parse(date));
    service.doorbell.take();
    spent();
    await answer({ jobId, lane: 'standard' }, service, { lane: 'standard' });
    return spent();
  }

  async function nextOf(job: Pick<Job, 'relatedTo'>): Promise<string> {
    return (await service.series.get(seriesIdOf(job) ?? ''))?.nextJobId ?? '';
  }

  const isOver = async (jobId: string) =>
    expect(await service.jobs.get(jobId)).toMatchObject({ statusCode: Status.Succeeded });

  it('to order one are 8 writes and no reads', async () => {
    spent();
    await order({});
    const { reads, writes } = spent();
    expect(reads).toBe(0);
    expect(writes).toBeLessThanOrEqual(8);
  });

  it('at a date are 19 writes and 2 reads for a job of no line, its run included, each time', async () => {
    const job = await order({ overlap: 'skip' });
    for (let date = 0, jobId = job.jobId; date < 3; date++, jobId = await nextOf(job)) {
      const { reads, writes } = await comes(jobId);
      await isOver(jobId);
      expect(reads).toBeLessThanOrEqual(2);
      expect(writes).toBeLessThanOrEqual(19);
    }
  });

  it('at a date are 21 writes and 2 reads to stand in line, and 6 and 2 more to run there', async () => {
    const job = await order({}, 'line');
    for (let date = 0, jobId = job.jobId; date < 3; date++, jobId = await nextOf(job)) {
      const came = await comes(jobId);
      for (const ring of service.doorbell.take()) await answer(ring, service, { lane: 'standard' });
      await isOver(jobId);
      const ran = spent();
      expect(came.reads).toBeLessThanOrEqual(2);
      expect(came.writes).toBeLessThanOrEqual(21);
      expect(ran.writes).toBeLessThanOrEqual(6);
    }
  });

  it('at a date that is left out are 14 writes and 2 reads, what tells of it included', async () => {
    const job = await order({ missed: 'skip' });
    service.clock.advance(25 * 60 * 60_000);
    spent();
    await answer({ jobId: job.jobId, lane: 'standard' }, service, { lane: 'standard' });
    expect((await service.jobs.get(job.jobId))?.statusCode).toBe(Status.Canceled);
    const { reads, writes } = spent();
    expect(reads).toBeLessThanOrEqual(2);
    expect(writes).toBeLessThanOrEqual(14);
  });
});
