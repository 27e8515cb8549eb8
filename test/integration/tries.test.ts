import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const diagnose = (input: object, more: object = {}) => ({ operation: 'diagnose', input, ...more });

describe('a job that is tried, through the synthesised template', () => {
  let service: RunningLonghaul;
  let client: ApiClient;

  beforeAll(async () => {
    service = await startLonghaul();
    client = apiClient(service.url, await service.token('operator'));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const ends = async (order: object): Promise<Shown> =>
    client.over((await client.post('/jobs', order)).jobId);

  it('and fails is tried again as often as its order says, and then says what was wrong', async () => {
    const job = await ends(diagnose({ steps: 3, failAtStep: 2 }, { maxRetries: 1 }));
    expect(job).toMatchObject({
      shownAs: 'Fail',
      statusLabel: 'Failed',
      retryCount: 1,
      maxRetries: 1,
      errorCode: 1,
      message: 'Failed at step 2, as it was asked to.',
      friendlyMessage: 'Diagnose stopped at an unexpected error.',
    });
    expect(job).not.toHaveProperty('postponeUntil');
  });

  it('and must not be tried again is not', async () => {
    const job = await ends(diagnose({ failAtStep: 1 }, { maxRetries: 0 }));
    expect(job).toMatchObject({ shownAs: 'Fail', retryCount: 0 });
  });

  it('and fails for good is not tried again', async () => {
    const job = await ends(diagnose({ failAtStep: 1, permanent: true }, { maxRetries: 5 }));
    expect(job).toMatchObject({ shownAs: 'Fail', retryCount: 0, errorCode: 2 });
    expect(job.friendlyMessage).toBe('Failed at step 1, as it was asked to.');
  });

  it('and needs more than a slice goes on in the bulk lane, from step to step, and succeeds', async () => {
    const steps = 64;
    const job = await ends(diagnose({ steps, stepMs: 500 }));
    expect(job).toMatchObject({
      shownAs: 'Success',
      retryCount: 0,
      progress: { done: steps, total: steps, percent: 100 },
      result: { steps },
    });
    const { runs } = job.result;
    // Five seconds in the lane for short jobs, then slices of bulk's invocations.
    expect(runs.length).toBeGreaterThanOrEqual(3);
    expect(runs.map((run: Shown) => [run.attempt, run.crashes])).toEqual(runs.map(() => [1, 0]));
    const claims = runs.map((run: Shown) => run.claimNumber);
    expect(claims).toEqual(claims.map((_: number, n: number) => n + 1));
    const first = runs.map((run: Shown) => run.fromStep);
    expect(first).toEqual(first.toSorted((a: number, b: number) => a - b));
    expect(first[0]).toBe(1);
  });

  it('and postponed by seconds begins after its date, without waiting for a scan', async () => {
    const postponeUntil = new Date(Date.now() + 3_000).toISOString();
    const jobs = await Promise.all(Array.from({ length: 10 }, () => ends(diagnose({}, { postponeUntil }))));
    expect(jobs.map(({ shownAs }) => shownAs)).toEqual(jobs.map(() => 'Success'));
    expect(jobs.filter(({ startedOn }) => startedOn < postponeUntil)).toEqual([]);
  });

  it('and is due already runs at once', async () => {
    const job = await ends(diagnose({}, { postponeUntil: '2020-01-01T00:00:00Z' }));
    expect(job).toMatchObject({ shownAs: 'Success' });
  });
});
