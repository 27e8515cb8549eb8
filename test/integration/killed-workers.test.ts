import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { apiClient, type Shown } from '../support/api-client.ts';
import { createMany } from '../support/many-jobs.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

/** Three leases have to end, of 22 and twice 32 seconds, and messages come back as late. */
const WITHIN_MS = 240_000;

describe('a job that kills its workers, through the synthesised template', () => {
  let service: RunningLonghaul;

  beforeAll(async () => {
    service = await startLonghaul();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it(
    'ends as Failed after three of them, and takes nobody with it',
    async () => {
      const admin = apiClient(service.url, await service.token('admin'));
      const neighbour = { operation: 'diagnose', input: { steps: 4, stepMs: 50 } };
      const killer = { operation: 'diagnose', input: { steps: 2, crashAtStep: 2 }, dependencyToken: 'line' };
      const follower = { ...neighbour, dependencyToken: 'line' };
      const neighbours = Array.from({ length: 5 }, () => neighbour);
      const created = await createMany(admin, [...neighbours, killer, follower, ...neighbours]);
      const [killed = '', behind = ''] = created.splice(5, 2);
      const job = await admin.over(killed, WITHIN_MS);
      expect(job).toMatchObject({
        shownAs: 'Fail',
        errorCode: 4,
        retryCount: 0,
        message: expect.stringContaining('3 workers in a row ended'),
        friendlyMessage: expect.stringContaining('again and again'),
      });
      const others: Shown[] = await Promise.all(created.map((jobId) => admin.over(jobId, WITHIN_MS)));
      expect(others.map(({ shownAs }) => shownAs)).toEqual(others.map(() => 'Success'));
      const next = await admin.over(behind, WITHIN_MS);
      expect(next.shownAs).toBe('Success');
      expect(next.startedOn >= job.completedOn).toBe(true);
    },
    WITHIN_MS + 60_000,
  );
});
