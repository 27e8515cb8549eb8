import { describe, expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { removeCompleted } from '../../../shared/service/remove-completed.ts';
import { aJob, at } from '../../support/a-job.ts';
import { MemoryHistory } from '../../support/memory/memory-history.ts';
import { MemoryJobDetails } from '../../support/memory/memory-job-details.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

/** A history that says which tokens it was to forget. */
class AskedHistory extends MemoryHistory {
  readonly asked: string[] = [];

  override removeRows(jobs: readonly Job[]): Promise<number> {
    if (jobs.length === 0) this.asked.push('no rows');
    return super.removeRows(jobs);
  }

  override forgetTokens(tokens: readonly string[], upTo: number): Promise<number> {
    this.asked.push(...tokens);
    return super.forgetTokens(tokens, upTo);
  }
}

const aHouse = () => {
  const jobs = new MemoryJobStore();
  return { jobs, history: new AskedHistory(jobs), details: new MemoryJobDetails() };
};
type House = ReturnType<typeof aHouse>;

let sequences = 0;
/** Over; its token, if it has one, has given out its sequence. */
function completed({ jobs }: House, facts: Partial<Job> = {}): Job {
  const { watchAt: _none, ...row } = aJob({ sequence: sequenceAt(NOON) + ++sequences });
  const job = { ...row, statusCode: Status.Succeeded, completedOn: at(), ...facts };
  jobs.putInLine(job, 'bulk');
  return job;
}

const left = ({ jobs }: House): string[] => jobs.rows().map(({ jobId }) => jobId);

describe('removing completed jobs', () => {
  it('takes them away with their details, and says how many', async () => {
    const house = aHouse();
    const [one, other, kept] = [completed(house), completed(house), completed(house)];
    for (const job of [one, other, kept]) await house.details.putResult({ ...job, claimNumber: 1 }, 'result');
    expect(await removeCompleted([one, other], house)).toEqual({ jobs: 2, tokens: 0 });
    expect(left(house)).toEqual([kept.jobId]);
    const parts = [one, other, kept].map(({ jobId }) => house.details.partsOf(jobId).length);
    expect(parts).toEqual([0, 0, 1]);
  });

  it('counts only those that really went: one that is open by now stays', async () => {
    const house = aHouse();
    const [one, other] = [completed(house), completed(house)];
    house.jobs.put({ ...other, statusCode: Status.WaitingForResources });
    expect(await removeCompleted([one, other], house)).toEqual({ jobs: 1, tokens: 0 });
    expect(left(house)).toEqual([other.jobId]);
  });

  it('does nothing where there are none', async () => {
    const { history, ...house } = aHouse();
    expect(await removeCompleted([], { ...house, history })).toEqual({ jobs: 0, tokens: 0 });
    expect(history.asked).toEqual([]);
  });

  it('leaves every row where it is as long as details of any of them are left: by the row they are found', async () => {
    const house = aHouse();
    const jobs = [completed(house), completed(house)];
    const details = {
      removeAll: async ({ jobId }: { jobId: string }) => {
        if (jobId === jobs[1]?.jobId) throw new Error('The table is out of order.');
      },
    };
    await expect(removeCompleted(jobs, { ...house, details })).rejects.toThrow('out of order');
    expect(left(house)).toHaveLength(2);
    expect(await removeCompleted(jobs, house)).toEqual({ jobs: 2, tokens: 0 });
  });
});

describe('the tokens of completed jobs', () => {
  it('are forgotten with the last job that had them, whichever of the jobs that is', async () => {
    const house = aHouse();
    const jobs = [
      completed(house, { dependencyToken: 'orders' }),
      completed(house),
      completed(house, { dependencyToken: 'orders' }),
      completed(house, { dependencyToken: 'prices' }),
    ];
    expect(await removeCompleted(jobs.toReversed(), house)).toEqual({ jobs: 4, tokens: 2 });
    expect([house.jobs.lastOf('orders'), house.jobs.lastOf('prices')]).toEqual([0, 0]);
    // Each costs a write.
    expect(house.history.asked.toSorted()).toEqual(['orders', 'orders', 'prices']);
  });

  it('are remembered as long as a younger job has them: its followers must come behind it', async () => {
    const house = aHouse();
    const old = completed(house, { dependencyToken: 'orders' });
    const young = completed(house, { dependencyToken: 'orders' });
    expect(await removeCompleted([old], house)).toEqual({ jobs: 1, tokens: 0 });
    expect(house.jobs.lastOf('orders')).toBe(young.sequence);
  });

  it('are remembered as long as they are watched', async () => {
    const house = aHouse();
    const job = completed(house, { dependencyToken: 'orders' });
    house.jobs.watchFrom('orders', at(60_000));
    expect(await removeCompleted([job], house)).toEqual({ jobs: 1, tokens: 0 });
    expect(house.jobs.lastOf('orders')).toBe(job.sequence);
  });

  it('of other jobs are none of its business', async () => {
    const house = aHouse();
    const other = completed(house, { dependencyToken: 'prices' });
    const job = completed(house, { dependencyToken: 'orders' });
    expect(await removeCompleted([job], house)).toEqual({ jobs: 1, tokens: 1 });
    expect(house.jobs.lastOf('prices')).toBe(other.sequence);
  });
});
