import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Job } from '../../shared/job/job.ts';
import { isCompleted } from '../../shared/job/status.ts';
import { NEVER } from '../../shared/job/watch.ts';
import { cancelJob, deleteJob, postponeJob, rescheduleJob, resumeJob } from '../../shared/service/verbs.ts';
import { aJob, at } from '../support/a-job.ts';
import { anOperation } from '../support/a-world.ts';
import { OPERATOR } from '../support/callers.ts';
import { type Emulators, startEmulators } from '../support/emulators.ts';
import { type Service, serviceOn } from '../support/on-emulators.ts';
import { countedTables, type Units } from '../support/units.ts';

const UNTIL = { until: at(7_200_000), reason: 'x'.repeat(200) };
const WHY = { reason: 'Für später: 😀'.padEnd(200, 'x') };

/** The verbs that a waiting job is open to, each from where it costs most. */
const VERBS: Readonly<
  Record<string, { from: Partial<Job>; ask: (job: Job, service: Service) => Promise<unknown> }>
> = {
  cancel: { from: { statusCode: 0 }, ask: ({ jobId }, service) => cancelJob(jobId, OPERATOR, service, WHY) },
  resume: {
    from: { statusCode: 10, postponeUntil: at(3_600_000) },
    ask: ({ jobId }, service) => resumeJob(jobId, OPERATOR, service, WHY),
  },
  postpone: {
    from: { statusCode: 0 },
    ask: ({ jobId }, service) => postponeJob(jobId, UNTIL, OPERATOR, service),
  },
  reschedule: {
    from: { statusCode: 10, postponeUntil: at(3_600_000) },
    ask: ({ jobId }, service) => rescheduleJob(jobId, UNTIL, OPERATOR, service),
  },
  delete: { from: { statusCode: 10 }, ask: ({ jobId }, service) => deleteJob(jobId, OPERATOR, service) },
};

describe('what a verb on a waiting job costs, its entry in the audit included', () => {
  let emulators: Emulators;
  let units: Units;
  let service: Service;

  beforeAll(async () => {
    const started = await startEmulators();
    const counted = countedTables();
    units = counted.units;
    emulators = Object.assign(started, { tables: counted.tables });
    service = await serviceOn(emulators, anOperation({ lane: 'standard' }));
  });
  afterAll(() => emulators[Symbol.asyncDispose]());

  const spent = (): number => {
    const { writes } = units;
    Object.assign(units, { reads: 0, writes: 0 });
    units.calls.splice(0);
    return writes;
  };

  it.each(Object.entries(VERBS))(
    '%s: at most 6 write units without a token',
    async (_verb, { from, ask }) => {
      const job = aJob({ ...from, createdBy: OPERATOR.id, ownerId: OPERATOR.id });
      await service.jobs.insert(job);
      spent();
      await ask(job, service);
      expect(spent()).toBeLessThanOrEqual(6);
    },
  );

  it.each(Object.entries(VERBS))('%s: at most 12 with one', async (verb, { from, ask }) => {
    const dependencyToken = `line of ${verb}`;
    const facts = { createdBy: OPERATOR.id, ownerId: OPERATOR.id, dependencyToken, watchAt: NEVER };
    const job = { ...aJob({ ...from, ...facts }), dependencyToken };
    await service.chains.append([{ job, lane: 'standard' }], at(60_000));
    const follower = { ...aJob({ ...facts, sequence: job.sequence + 1 }), dependencyToken };
    await service.chains.append([{ job: follower, lane: 'standard' }], at(60_000));
    spent();
    await ask(job, service);
    expect(spent()).toBeLessThanOrEqual(12);
    const row = await service.jobs.get(job.jobId);
    const isOver = row === undefined || isCompleted(row.statusCode);
    expect((await service.chains.head(dependencyToken))?.jobId).toBe(isOver ? follower.jobId : job.jobId);
  });
});
