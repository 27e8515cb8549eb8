import { describe, expect, it } from '@jest/globals';
import { v5 } from 'uuid';
import { presentJob } from '../../../shared/service/present-job.ts';
import { aJob, aRunningJob, at } from '../../support/a-job.ts';
import { anOperation, aWorld } from '../../support/a-world.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const shown = { operations: aWorld(anOperation({ operationType: 42 })).operations, now: NOON + 10_000 };

describe('a job as people see it', () => {
  it('has its columns and what follows from them', () => {
    const job = aRunningJob({
      jobId: 'a',
      sequence: 7,
      description: 'Nightly',
      progressDone: 1,
      progressTotal: 2,
    });
    expect(presentJob({ job, input: { to: 3 }, result: null }, shown)).toEqual({
      jobId: 'a',
      sequence: 7,
      operation: 'count-to',
      operationType: 42,
      isWaitingForEvent: false,
      owningExtensionId: v5('count-to', v5.URL),
      lane: 'bulk',
      name: 'Count',
      description: 'Nightly',
      stateCode: 2,
      stateLabel: 'Locked',
      statusCode: 20,
      statusLabel: 'In Progress',
      shownAs: 'Active',
      openVerbs: ['cancel', 'pause', 'postpone'],
      createdOn: at(),
      createdBy: 'olga',
      ownerId: 'olga',
      modifiedOn: at(),
      modifiedBy: 'olga',
      startedOn: at(),
      depth: 1,
      retryCount: 0,
      progress: { done: 1, total: 2, percent: 50, etaSeconds: 10 },
      input: { to: 3 },
      result: null,
    });
  });

  it('hides how the row keeps its fence, its lease, its watch and its payloads', () => {
    const job = aRunningJob({ result: '7', hasResult: true, longTexts: ['name'], progressDone: 1 });
    const inner = [
      'claimNumber',
      'leaseEndsAt',
      'hostId',
      'watchAt',
      'result',
      'hasResult',
      'longTexts',
      'progressDone',
    ];
    const seen = Object.keys(presentJob({ job }, shown));
    expect(inner.filter((name) => seen.includes(name))).toEqual([]);
  });

  it('does not show the input of the row to whom it was not handed', () => {
    expect(presentJob({ job: aJob() }, shown)).not.toHaveProperty('input');
  });

  it('says that it waits for an event, and in which lane it is where that is another', () => {
    const job = aJob({ isWaitingForEvent: true, lane: 'standard' });
    expect(presentJob({ job }, shown)).toMatchObject({ isWaitingForEvent: true, lane: 'standard' });
  });

  it('has no column that is empty', () => {
    const seen = presentJob({ job: aJob({ operation: 'gone' }) }, shown);
    expect(Object.entries(seen).filter(([, value]) => value === undefined)).toEqual([]);
    for (const name of ['lane', 'progress', 'result']) expect(seen).not.toHaveProperty(name);
  });

  it('is shown also when this deployment does not have its operation', () => {
    const seen = presentJob({ job: aJob({ operation: 'gone' }) }, shown);
    expect([seen['operation'], seen['lane']]).toEqual(['gone', undefined]);
  });
});
