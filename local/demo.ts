import { join, resolve } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { dataFolderPath } from './data-folder/data-folder.ts';
import { findFiles } from './demo/find-files.ts';
import { followJob } from './demo/follow-job.ts';
import { printReport } from './demo/report.ts';
import { ServiceClient } from './demo/service-client.ts';
import { tour } from './demo/tour/tour.ts';
import { uploadAll } from './demo/upload-all.ts';
import { useService } from './demo/use-service.ts';

/**
 * `npm run demo [-- folder]`: the main job on real files. Starts the service if none runs, uploads the folder,
 * processes it as a job, and reports; then shows what else can be done with jobs, call by call. Exit code 0 only if the
 * job succeeded and the tour came to its end.
 */
const ROOT = resolve(import.meta.dirname, '..');
/** Put on the disk by `npm ci`: four hundred Markdown documents that link to each other, and some code. */
const DEFAULT_FOLDER = 'node_modules/@ory/client';

const say = (line = ''): void => console.log(line);

async function demo(folder: string): Promise<boolean> {
  const found = await findFiles(folder);
  const service = await useService(ROOT, say);
  try {
    const client = new ServiceClient(service.url, service.token);
    say(`\nUploading ${found.files.length} files of ${folder} to ${found.target}`);
    const startedAt = performance.now();
    const upload = await uploadAll(found, client);
    say(`\nProcessing ${found.target} as a job`);
    const job = await followJob(found.target, client, say);
    printReport(
      { job, upload, skipped: found.skipped, seconds: (performance.now() - startedAt) / 1000 },
      say,
    );
    say('\nWhat else can be done with jobs, call by call');
    await tour(client, say, join(dataFolderPath(ROOT), 'tour.csv'));
    return job.shownAs === 'Success';
  } finally {
    await service.done();
  }
}

try {
  const chosen = process.argv[2];
  process.exitCode = (await demo(resolve(chosen ?? resolve(ROOT, DEFAULT_FOLDER)))) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  console.error(`The demo can't go on: ${error.message}`);
  process.exitCode = 1;
}
