import { describe, expect, it } from '@jest/globals';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { countCompleted } from '../../../shared/service/count-completed.ts';
import { OLDEST } from '../../../shared/service/history.ts';
import { cutoffOf, isPastRetention, sequenceBefore } from '../../../shared/service/retention.ts';
import { walkHistory } from '../../../shared/service/walk-history.ts';
import { aJob, at } from '../../support/a-job.ts';
import { MemoryHistory } from '../../support/memory/memory-history.ts';
import { MemoryJobStore } from '../../support/memory/memory-job-store.ts';
import { NOON } from '../../support/memory/settable-clock.ts';

const YESTERDAY = -24 * 3_600_000;
const over = (ms: number, statusCode: 30 | 31 | 32 = Status.Succeeded) =>
  aJob({ statusCode, completedOn: at(ms) });

describe('a job', () => {
  it('is past its retention when it was over before the cutoff, and not at it', () => {
    const cutoff = cutoffOf({ retentionDays: 1 }, NOON);
    expect(cutoff).toBe(at(YESTERDAY));
    const past = [YESTERDAY - 1, YESTERDAY, YESTERDAY + 1].map((ms) => isPastRetention(over(ms), cutoff));
    expect(past).toEqual([true, false, false]);
  });

  it('that does not say when it was over goes by its last change', () => {
    const job = aJob({ statusCode: Status.Failed, modifiedOn: at(YESTERDAY - 1) });
    expect(isPastRetention(job, at(YESTERDAY))).toBe(true);
  });

  it('that was created at the cutoff is not walked over: it can’t be past it', () => {
    const born = sequenceAt(NOON + YESTERDAY);
    expect([born - 1, born].map((sequence) => sequence <= sequenceBefore(at(YESTERDAY)))).toEqual([
      true,
      false,
    ]);
  });
});

/** So many completed jobs with sequences from 1 on. */
function aPast(many: number) {
  const jobs = new MemoryJobStore();
  for (let sequence = 1; sequence <= many; sequence++) {
    const { watchAt: _none, ...job } = over(0);
    jobs.put({ ...job, jobId: `job-${String(sequence).padStart(4, '0')}`, sequence });
  }
  return { jobs, history: new MemoryHistory(jobs) };
}

describe('the completed jobs that are kept', () => {
  it('are those that a walk has seen and all that are younger, without the open ones', async () => {
    const { jobs, history } = aPast(10);
    for (const sequence of [2, 5, 6]) jobs.put(aJob({ jobId: `open-${sequence}`, sequence }));
    // A walk up to the sequence 5 has seen five completed jobs and two open ones.
    expect(await countCompleted({ upTo: 5, open: 2, completed: 5 }, history)).toBe(10);
  });

  it('are never fewer than those that a walk has seen, however far the indexes lag', async () => {
    const { jobs, history } = aPast(2);
    for (let n = 0; n < 9; n++) jobs.put(aJob({ sequence: 1 }));
    expect(await countCompleted({ upTo: 1, open: 0, completed: 1 }, history)).toBe(1);
    expect(await countCompleted({ upTo: 1, open: 20, completed: 1 }, history)).toBe(2);
  });
});

const pagesOf = async (many: number, range = { after: OLDEST, upTo: 9_999 }) => {
  const pages = [];
  for await (const page of walkHistory(range, aPast(many))) pages.push(page);
  return pages;
};

describe('a walk over the past', () => {
  it('has no page where there is nothing', async () => {
    expect(await pagesOf(0)).toEqual([]);
    expect(await pagesOf(5, { after: { sequence: 5, jobId: 'job-0005' }, upTo: 9_999 })).toEqual([]);
  });

  it.each([
    [1, [1]],
    [200, [200]],
    [201, [200, 1]],
    [600, [200, 200, 200]],
  ])('of %d jobs sees each once, page by page: %j', async (many, pages) => {
    const seen = await pagesOf(many);
    expect(seen.map(({ examined }) => examined)).toEqual(pages);
    const sequences = seen.flatMap(({ rows }) => rows.map(({ sequence }) => sequence));
    expect(sequences).toEqual(Array.from({ length: many }, (_, n) => n + 1));
    expect(seen.at(-1)?.end.sequence).toBe(many);
  });

  it('ends where it is told to', async () => {
    const [page] = await pagesOf(9, { after: { sequence: 2, jobId: 'job-0002' }, upTo: 4 });
    expect(page?.rows.map(({ sequence }) => sequence)).toEqual([3, 4]);
  });
});
