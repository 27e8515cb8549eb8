import { setTimeout as pause } from 'node:timers/promises';
import { progressBar } from './progress-bar.ts';
import type { ServiceClient, ShownJob } from './service-client.ts';

const POLL_MS = 250;
const OVER = new Set(['Success', 'Fail', 'Stopped']);

/** Creates the job and looks at it until it is over. */
export async function followJob(
  folder: string,
  client: ServiceClient,
  say: (line: string) => void,
): Promise<ShownJob> {
  const order = { operation: 'process-assets', name: `Process ${folder}`, input: { folder } };
  const { jobId } = await client.post<ShownJob>('/jobs', order);
  say(`  job ${jobId}`);
  const bar = progressBar('files processed', 0);
  for (;;) {
    const job = await client.get<ShownJob>(`/jobs/${jobId}`);
    const { done = 0, total } = job.progress ?? {};
    bar.at(job.result?.files ?? done, job.result?.files ?? total);
    if (OVER.has(job.shownAs)) {
      bar.end();
      return job;
    }
    await pause(POLL_MS);
  }
}
