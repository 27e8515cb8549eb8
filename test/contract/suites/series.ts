import { expect, it } from '@jest/globals';
import type { Job } from '../../../shared/job/job.ts';
import { sequenceAt } from '../../../shared/job/sequence.ts';
import { Status } from '../../../shared/job/status.ts';
import { claim } from '../../../shared/job/worker-transitions.ts';
import { JobExists, TailAhead, TransitionRefused } from '../../../shared/service/ports.ts';
import { type Series, SeriesMoved } from '../../../shared/service/series/series.ts';
import { aJob, at } from '../../support/a-job.ts';
import { aJobToCome, aSeries } from '../../support/a-series.ts';
import { NOON } from '../../support/memory/settable-clock.ts';
import type { Service } from '../../support/on-emulators.ts';

export type Stores = Pick<Service, 'series' | 'jobs' | 'chains' | 'audit'>;

const NEWEST = { sequence: Number.MAX_SAFE_INTEGER, jobId: '' };

/** A series with its first occurrence, as it was written. */
async function begun({ series: store }: Stores, facts: Partial<Series> = {}) {
  const bare = aSeries(facts);
  const first = aJobToCome(bare);
  const series = { ...bare, nextJobId: first.jobId };
  await store.commit({ series, next: first });
  return { series, first };
}

/** The version after it, with another occurrence to come. */
function moved(series: Series, facts: Partial<Job> = {}) {
  const next = aJobToCome(series, facts);
  return { series: { ...series, version: series.version + 1, nextJobId: next.jobId }, next };
}

const joining = (job: Job, sequence: number) => {
  const { isToCome: _came, postponeUntil: _date, ...row } = job;
  return { ...row, sequence, dependencyToken: 'line', statusCode: Status.WaitingForResources };
};

/** What every store of series must do. */
export function seriesSuite(fresh: () => Promise<Stores>): void {
  it('shows a series as it was written, and its occurrence', async () => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    expect(await stores.series.get(series.seriesId)).toEqual(series);
    expect(await stores.series.getAll([series.seriesId, series.seriesId, 'none'])).toEqual([series]);
    expect(await stores.jobs.get(first.jobId)).toEqual(first);
    expect(await stores.series.get('none')).toBeUndefined();
  });

  it('moves all at once: series, occurrence, its place, the next one and the entry', async () => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    const change = moved(series);
    const after = joining(first, sequenceAt(NOON));
    const entry = { at: at(), by: 'service', verb: 'cancel', claimNumber: 0 } as const;
    await stores.series.commit({
      ...change,
      occurrence: { before: first, after },
      place: { job: after, lane: 'bulk', watchAt: at(60_000) },
      note: { of: first, entry },
    });
    expect(await stores.series.get(series.seriesId)).toEqual(change.series);
    expect(await stores.jobs.get(first.jobId)).toEqual(after);
    expect(await stores.jobs.get(change.next.jobId)).toEqual(change.next);
    expect(await stores.chains.head('line')).toMatchObject({ jobId: first.jobId, sequence: after.sequence });
    expect(await stores.chains.tail('line')).toBe(after.sequence);
    expect(await stores.chains.watched({ by: at(60_000), limit: 9 })).toMatchObject({
      tokens: [{ token: 'line' }],
    });
    expect(await stores.audit.latest(first, { limit: 9 })).toEqual([entry]);
  });

  it.each([
    ['the version is another one', (series: Series) => ({ ...series, version: 5 }), {}],
    ['the occurrence was changed', (series: Series) => series, { modifiedOn: at(7) }],
    ['the occurrence is another of the same id', (series: Series) => series, { sequence: 7 }],
  ])('changes nothing where %s', async (_what, read, differs) => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    const change = moved(read(series));
    const occurrence = { before: { ...first, ...differs } };
    await expect(stores.series.commit({ ...change, occurrence })).rejects.toThrow(SeriesMoved);
    expect(await stores.series.get(series.seriesId)).toEqual(series);
    expect(await stores.jobs.get(first.jobId)).toEqual(first);
    expect(await stores.jobs.get(change.next.jobId)).toBeUndefined();
  });

  it('changes nothing where the occurrence has come already, or its version was written before', async () => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    const change = moved(series);
    const occurrence = { before: first, after: joining(first, 9) };
    await stores.series.commit({ ...change, occurrence });
    await expect(stores.series.commit({ ...moved(series), occurrence })).rejects.toThrow(SeriesMoved);
    await expect(stores.series.commit({ ...change, occurrence })).rejects.toThrow(SeriesMoved);
    const later = moved(change.series);
    await expect(stores.series.commit({ ...later, occurrence })).rejects.toThrow(SeriesMoved);
    expect((await stores.series.get(series.seriesId))?.version).toBe(2);
  });

  it('shows the job that has the id of the next one already', async () => {
    const stores = await fresh();
    const other = aJob();
    await stores.jobs.insert(other);
    const next = aJobToCome(aSeries(), { jobId: other.jobId });
    const refused = stores.series.commit({ series: aSeries(), next });
    await expect(refused).rejects.toThrow(JobExists);
    await expect(refused).rejects.toMatchObject({ current: other });
    expect(await stores.series.get(aSeries().seriesId)).toBeUndefined();
  });

  it('says how far the line has come where the place is not behind it', async () => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    const ahead = { ...aJob({ sequence: 500 }), dependencyToken: 'line' };
    await stores.chains.append([{ job: ahead, lane: 'bulk' }], at());
    const after = joining(first, 500);
    const change = { ...moved(series), occurrence: { before: first, after } };
    const refused = stores.series.commit({ ...change, place: { job: after, lane: 'bulk', watchAt: at() } });
    await expect(refused).rejects.toThrow(TailAhead);
    await expect(refused).rejects.toMatchObject({ last: 500 });
    expect(await stores.jobs.get(first.jobId)).toEqual(first);
  });

  it('takes a series away with its occurrence, if both are as they were read', async () => {
    const stores = await fresh();
    const { series, first } = await begun(stores);
    const goes = { goes: true, occurrence: { before: first } } as const;
    await expect(stores.series.commit({ series: { ...series, version: 2 }, ...goes })).rejects.toThrow(
      SeriesMoved,
    );
    await stores.series.commit({ series, ...goes });
    expect(await stores.series.get(series.seriesId)).toBeUndefined();
    expect(await stores.jobs.get(first.jobId)).toBeUndefined();
    await expect(stores.series.commit({ series, goes: true })).rejects.toThrow(SeriesMoved);
  });

  it('lets no worker claim an occurrence that is to come, though its date has passed', async () => {
    const stores = await fresh();
    const { first } = await begun(stores);
    const terms = { now: at(7_200_000), leaseEndsAt: at(8_000_000), hostId: 'host' };
    await expect(stores.jobs.make(claim({ jobId: first.jobId }, terms))).rejects.toThrow(TransitionRefused);
  });
}

/** What stores whose series people can list must do too. */
export function seriesListSuite(fresh: () => Promise<Stores>): void {
  it('lists series and occurrences newest first, by pages', async () => {
    const stores = await fresh();
    for (let each = 1; each <= 5; each++)
      await begun(stores, { seriesId: `series-${each}`, sequence: each * 10 });
    const page = async (before: { sequence: number; jobId: string }, limit: number) =>
      (await stores.series.list({ before, limit })).map(({ jobId }) => jobId);
    expect(await page(NEWEST, 2)).toEqual(['series-5', 'series-4']);
    expect(await page({ sequence: 40, jobId: 'series-4' }, 9)).toEqual(['series-3', 'series-2', 'series-1']);
    const { series, first } = await begun(stores);
    const next = moved(series, { sequence: first.sequence + 1 });
    await stores.series.commit({ ...next, occurrence: { before: first, after: joining(first, 1) } });
    const found = await stores.series.occurrences(series.seriesId, { before: NEWEST, limit: 9 });
    expect(found.map(({ jobId }) => jobId)).toEqual([next.next.jobId, first.jobId]);
    expect(await stores.series.occurrences(series.seriesId, { before: NEWEST, limit: 1 })).toHaveLength(1);
    const others = { before: { sequence: first.sequence + 1, jobId: next.next.jobId }, limit: 9 };
    expect(await stores.series.occurrences(series.seriesId, others)).toHaveLength(1);
  });
}
