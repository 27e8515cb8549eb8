import type { Job } from '../../shared/job/job.ts';
import { downloadLog } from '../../shared/service/download-log.ts';
import { readLog } from '../../shared/service/read-log.ts';
import { aRunningJob } from './a-job.ts';
import { aLogHouse } from './a-log.ts';
import { aWorld } from './a-world.ts';
import { MemoryExports } from './memory/memory-exports.ts';

/** A running job that says lines, and whoever reads and downloads its log. `most` is the limit of the log. */
export function aReader(
  job: Job = aRunningJob({ jobId: '00000000-0000-4000-8000-000000000001' }),
  most = 100_000,
) {
  const world = aWorld();
  world.jobs.put(job);
  const writer = aLogHouse({ logs: world.logs, most }).writerOf(job);
  const reader = {
    ...world,
    logs: world.logs,
    pages: world.details,
    exports: new MemoryExports(world.clock),
  };
  return {
    job,
    reader,
    world,
    say: async (from: number, to: number, text = (n: number) => `line ${n}`) => {
      for (let n = from; n <= to; n++) {
        writer.add('info', text(n));
        if (n % 500 === 0) await writer.write();
      }
      await writer.write();
    },
    read: (query: Record<string, string> = {}) => readLog({ params: { jobId: job.jobId }, query }, reader),
    download: () => downloadLog({ jobId: job.jobId }, reader),
  };
}
