import { readFile } from 'node:fs/promises';
import type { Found, FoundFile } from './find-files.ts';
import { progressBar } from './progress-bar.ts';
import type { ServiceClient } from './service-client.ts';

interface Ticket {
  readonly path: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

export interface Upload {
  readonly files: number;
  readonly seconds: number;
  readonly failed: readonly { path: string; reason: string }[];
}

/** The API takes this many at once. */
const FILES_PER_REQUEST = 1_000;
const AT_ONCE = 12;

/** Announces the files and PUTs them, several at a time, to the URLs that the API gives. */
export async function uploadAll({ files }: Found, client: ServiceClient): Promise<Upload> {
  const startedAt = performance.now();
  const failed: { path: string; reason: string }[] = [];
  const bar = progressBar('files uploaded', files.length);
  for (let at = 0; at < files.length; at += FILES_PER_REQUEST) {
    const batch = files.slice(at, at + FILES_PER_REQUEST);
    const announced = batch.map(({ path, size }) => ({ path, size }));
    const { uploads } = await client.post<{ uploads: Ticket[] }>('/assets/uploads', { files: announced });
    const queue = uploads.entries();
    const worker = async (): Promise<void> => {
      for (const [index, ticket] of queue) {
        const reason = await put(ticket, batch[index]);
        if (reason !== undefined) failed.push({ path: ticket.path, reason });
        bar.step();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  bar.end();
  return { files: files.length - failed.length, seconds: (performance.now() - startedAt) / 1000, failed };
}

/** Why it did not work, if so: a file that can't be read is one that never arrives. */
async function put({ url, headers }: Ticket, file: FoundFile | undefined): Promise<string | undefined> {
  if (file === undefined) return 'the service answered with a ticket that was not asked for';
  try {
    const response = await fetch(url, { method: 'PUT', headers, body: await readFile(file.file) });
    return response.ok ? undefined : `${response.status} ${(await response.text()).slice(0, 200)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
