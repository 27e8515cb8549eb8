import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, apiClient, type Shown } from '../support/api-client.ts';
import { type RunningLonghaul, startLonghaul } from '../support/service.ts';

const FOLDER = '/content/dam/crash';
const FILES = 1_500;

describe('a service that is killed in the middle of a job', () => {
  let service: RunningLonghaul;

  beforeAll(async () => {
    service = await startLonghaul();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const client = async (): Promise<ApiClient> => apiClient(service.url, await service.token('operator'));

  it('goes on from the last checkpoint after the next start, and every asset counts once', async () => {
    const before = await client();
    for (let at = 0; at < FILES; at += 500) await before.upload(markdownFiles(at, 500));
    const { jobId } = await before.post('/jobs', { operation: 'process-assets', input: { folder: FOLDER } });
    const interrupted = await underWay(before, jobId);
    await service.kill('SIGKILL');
    service = await service.restart();
    const after = await client();
    const [found, job]: Shown[] = [await after.get(`/jobs/${jobId}`), await after.over(jobId)];
    expect(found.progress.done).toBeGreaterThanOrEqual(interrupted);
    expect(job).toMatchObject({ shownAs: 'Success', progress: { done: FILES, total: FILES, percent: 100 } });
    expect(job.result).toMatchObject({
      files: FILES,
      processed: FILES,
      references: { internal: FILES, broken: 0 },
    });
  });
});

const markdownFiles = (from: number, count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, n) => [`${FOLDER}/${from + n}.md`, `# ${from + n}\n\n[first](0.md)\n`]),
  );

/** How far the job has come, as soon as a checkpoint in the middle of the work is saved. */
async function underWay(client: ApiClient, jobId: string): Promise<number> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const job = await client.get(`/jobs/${jobId}`);
    const { done = 0 } = job.progress ?? {};
    if (job.shownAs !== 'Active' && done > 0)
      throw new Error(`Too late to interrupt: ${JSON.stringify(job)}`);
    if (done > 0) return done;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The job did not get under way.');
}
