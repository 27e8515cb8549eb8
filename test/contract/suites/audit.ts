import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEntry, entryIdOf } from '../../../shared/job/audit-entry.ts';
import type { Audit } from '../../../shared/service/audit.ts';
import type { JobDetails, JobStore } from '../../../shared/service/ports.ts';
import { aJob, at } from '../../support/a-job.ts';
import { stepOf } from '../../support/all-steps.ts';

export interface AuditedStores {
  readonly audit: Audit;
  readonly jobs: JobStore;
  readonly details: JobDetails;
}

const entryAt = (ms: number, facts: Partial<AuditEntry> = {}): AuditEntry => ({
  at: at(ms),
  by: 'adam',
  verb: 'pause',
  from: 20,
  to: 21,
  claimNumber: 1,
  ...facts,
});

/** What every store of entries must do, and the store of jobs that writes them with its steps. */
export function auditSuite(freshStores: () => Promise<AuditedStores>): void {
  let stores: AuditedStores;
  beforeAll(async () => {
    stores = await freshStores();
  });

  const added = async (...entries: AuditEntry[]) => {
    const job = aJob();
    for (const entry of entries) await stores.audit.add(job, entry);
    return job;
  };

  it('an entry comes back as it was written, every column of it', async () => {
    const entry = entryAt(1, { byName: 'Adam Ü', reason: 'Zürich 😀', until: at(9), newJobId: aJob().jobId });
    expect(await stores.audit.latest(await added(entry), { limit: 5 })).toEqual([entry]);
  });

  it('the newest comes first, and of one moment that of the later claim', async () => {
    const [early, late, later] = [entryAt(1), entryAt(2), entryAt(2, { claimNumber: 12, verb: 'claim' })];
    expect(await stores.audit.latest(await added(late, early, later), { limit: 5 })).toEqual([
      later,
      late,
      early,
    ]);
  });

  it('an entry that is written twice is there once', async () => {
    const job = await added(entryAt(1), entryAt(1));
    expect(await stores.audit.latest(job, { limit: 5 })).toHaveLength(1);
  });

  it('of two reruns in one moment each has its entry, and none is hidden between pages', async () => {
    const entries = [1, 2, 3].map(() => entryAt(1, { verb: 'rerun', newJobId: aJob().jobId }));
    const job = await added(...entries);
    const [newest = entryAt(0)] = await stores.audit.latest(job, { limit: 1 });
    const rest = await stores.audit.latest(job, { before: entryIdOf(newest), limit: 5 });
    expect([newest, ...rest]).toEqual(entries.toReversed());
  });

  it('pages go on where the one before ended, whatever was added since', async () => {
    const entries = Array.from({ length: 7 }, (_, n) => entryAt(n));
    const job = await added(...entries);
    const first = await stores.audit.latest(job, { limit: 3 });
    await stores.audit.add(job, entryAt(99));
    const [, , last = entryAt(0)] = first;
    const rest = await stores.audit.latest(job, { before: entryIdOf(last), limit: 10 });
    expect([...first, ...rest]).toEqual(entries.toReversed());
  });

  it('an end that is no entry of the job is an end all the same', async () => {
    const job = await added(entryAt(1), entryAt(3));
    expect(await stores.audit.latest(job, { before: entryIdOf(entryAt(2)), limit: 5 })).toEqual([entryAt(1)]);
  });

  it('a job has the entries of no other one, nor of an earlier one of its id', async () => {
    const job = await added(entryAt(1));
    expect(await stores.audit.latest({ ...job, requestHash: 'again' }, { limit: 5 })).toEqual([]);
    expect(await stores.audit.latest(aJob(), { limit: 5 })).toEqual([]);
  });

  describe.each([undefined, 'orders'])(
    'a step of a person, of a job with the token %s',
    (dependencyToken) => {
      const inserted = async () => {
        const job = aJob({ statusCode: 10, ...(dependencyToken !== undefined && { dependencyToken }) });
        await stores.jobs.insert(job);
        return job;
      };

      it('is written down with it', async () => {
        const job = await inserted();
        const step = stepOf('resume', job);
        await stores.jobs.make(step);
        expect(await stores.audit.latest(job, { limit: 5 })).toEqual([step.note?.entry]);
      });

      it('leaves no trace where it is refused', async () => {
        const job = await inserted();
        await expect(stores.jobs.make(stepOf('pause', job))).rejects.toMatchObject({
          code: 'TransitionRefused',
          current: { statusCode: 10 },
        });
        expect(await stores.audit.latest(job, { limit: 5 })).toEqual([]);
      });
    },
  );

  it('the entries go with the details of their job', async () => {
    const job = await added(entryAt(1), entryAt(2));
    await stores.details.removeAll(job);
    expect(await stores.audit.latest(job, { limit: 5 })).toEqual([]);
  });
}
