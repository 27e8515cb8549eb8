import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eachOf } from '../../shared/service/each-of.ts';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { eventually } from '../support/eventually.ts';
import { faultsOf, toldOf } from '../support/job-history.ts';
import { createMany } from '../support/many-jobs.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const WITHIN_MS = 150_000;

const diagnose = (dependencyToken: string, input: object = {}, more: object = {}) => ({
  operation: 'diagnose',
  input,
  dependencyToken,
  ...more,
});
const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();

const historyOf = (jobs: readonly Shown[]) =>
  faultsOf(jobs.map((job, place) => toldOf(job, job.dependencyToken, place)));
const shownAs = (jobs: readonly Shown[]) => new Set(jobs.map((job) => job.shownAs));

describe('jobs of a token, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  /** The jobs when all are over, whole, in the order of their creation. */
  async function allOver(jobIds: readonly string[]): Promise<Shown[]> {
    await client.over(jobIds.at(-1) ?? '', WITHIN_MS);
    return eachOf(jobIds, 8, (jobId) => client.over(jobId, WITHIN_MS));
  }

  const seenAs = async (jobIds: readonly string[]) =>
    Promise.all(jobIds.map(async (jobId) => (await client.get(`/jobs/${jobId}`)).shownAs));

  it('run one at a time, in the order in which they were created, five hundred of a batch', async () => {
    const token = randomUUID();
    const jobs = await allOver(
      await createMany(
        client,
        times(500, () => diagnose(token, { steps: 2 })),
      ),
    );
    expect(historyOf(jobs)).toEqual([]);
    expect(shownAs(jobs)).toEqual(new Set(['Success']));
    const runs = jobs.map((job) => job.result.runs);
    // Each in one run, by a claim of its own, begun when the one before was over.
    expect(runs.filter((each) => each.length !== 1)).toEqual([]);
    expect(new Set(runs.map(([run]) => run.hostId)).size).toBe(500);
    const early = jobs.slice(1).filter((job, n) => job.result.runs[0].at < jobs[n].completedOn);
    expect(early).toEqual([]);
  }, 240_000);

  it('run in order when two hundred are created one by one, while the first of them run', async () => {
    const token = randomUUID();
    const created: string[] = [];
    for (let n = 0; n < 200; n++) {
      created.push((await client.post('/jobs', diagnose(token, { stepMs: n % 10 }))).jobId);
    }
    const jobs = await allOver(created);
    expect(historyOf(jobs)).toEqual([]);
    expect(shownAs(jobs)).toEqual(new Set(['Success']));
  }, 240_000);

  it('run in the order of their sequences when many callers create them at once', async () => {
    const token = randomUUID();
    const created = await Promise.all(times(60, () => client.post('/jobs', diagnose(token))));
    const inLine = created.toSorted((a, b) => a.sequence - b.sequence);
    expect(new Set(inLine.map((job) => job.sequence)).size).toBe(60);
    const jobs = await allOver(inLine.map((job) => job.jobId));
    expect(historyOf(jobs)).toEqual([]);
  }, 240_000);

  it('of five hundred tokens all run, in order within each', async () => {
    const prefix = randomUUID();
    const jobs = await allOver(
      await createMany(
        client,
        times(1_000, (n) => diagnose(`${prefix} ${n % 500}`)),
      ),
    );
    expect(historyOf(jobs)).toEqual([]);
    expect(shownAs(jobs)).toEqual(new Set(['Success']));
  }, 300_000);

  it('keep their order across lanes: a bulk job between standard ones', async () => {
    const token = randomUUID();
    const lanes = times(12, (n) => (n % 3 === 1 ? 'bulk' : 'standard'));
    const jobs = await allOver(
      await createMany(
        client,
        lanes.map((lane) => diagnose(token, { lane, stepMs: 20 })),
      ),
    );
    expect(jobs.map((job) => job.lane)).toEqual(lanes);
    expect(historyOf(jobs)).toEqual([]);
    expect(shownAs(jobs)).toEqual(new Set(['Success']));
  }, 240_000);

  it('wait behind a head that is postponed, and go on when its date has come', async () => {
    const token = randomUUID();
    const postponeUntil = inSeconds(3);
    const created = await createMany(client, [
      diagnose(token, {}, { postponeUntil }),
      ...times(5, () => diagnose(token)),
    ]);
    expect(await seenAs(created)).toEqual(['Scheduled', ...Array(5).fill('Queued')]);
    const jobs = await allOver(created);
    expect(historyOf(jobs)).toEqual([]);
    expect(jobs.filter((job) => job.startedOn < postponeUntil)).toEqual([]);
  });

  it('that are postponed behind others hold only those behind them', async () => {
    const token = randomUUID();
    const postponeUntil = inSeconds(4);
    const created = await createMany(client, [
      diagnose(token),
      diagnose(token, {}, { postponeUntil }),
      diagnose(token),
    ]);
    const [first = '', ...others] = created;
    await client.over(first);
    expect(await seenAs(others)).toEqual(['Scheduled', 'Queued']);
    expect(historyOf(await allOver(created))).toEqual([]);
  });

  it('wait behind a head that is tried again, also when it fails in the end', async () => {
    const token = randomUUID();
    const created = await createMany(client, [
      diagnose(token, { failAtStep: 1 }, { maxRetries: 1 }),
      ...times(3, () => diagnose(token)),
    ]);
    await eventually(async () =>
      expect(await seenAs(created)).toEqual(['Retrying', ...Array(3).fill('Queued')]),
    );
    const jobs = await allOver(created);
    expect(jobs.map((job) => job.shownAs)).toEqual(['Fail', ...Array(3).fill('Success')]);
    expect(jobs[1].startedOn >= jobs[0].completedOn).toBe(true);
  });

  it('do not wait for those of another token', async () => {
    const held = await createMany(client, [
      diagnose('held', {}, { postponeUntil: '2099-01-01T00:00:00Z' }),
      ...times(20, () => diagnose('held')),
    ]);
    const jobs = await allOver(
      await createMany(
        client,
        times(20, () => diagnose('free')),
      ),
    );
    expect(shownAs(jobs)).toEqual(new Set(['Success']));
    expect(await seenAs(held)).toEqual(['Scheduled', ...Array(20).fill('Queued')]);
  });

  it.each(['a b', 'ü'.repeat(200), '#/%?&', 'token#x', '"quoted"', randomUUID()])(
    'are held together by any text: %s',
    async (token) => {
      const jobs = await allOver(
        await createMany(
          client,
          times(3, () => diagnose(token)),
        ),
      );
      expect(jobs.map((job) => job.dependencyToken)).toEqual(Array(3).fill(token));
      expect(historyOf(jobs)).toEqual([]);
    },
  );
});
