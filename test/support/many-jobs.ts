import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient, Shown } from './api-client.ts';

const PER_BATCH = 1_000;
const LOOK_EVERY_MS = 2_000;
/** Looking at thousands of jobs is work as well: most of the time is left to theirs. */
const SHARE_OF_LOOKS = 10;

/** Creates jobs by batches; their ids in the order of the orders. */
export async function createMany(client: ApiClient, orders: readonly unknown[]): Promise<string[]> {
  const created: string[] = [];
  for (let from = 0; from < orders.length; from += PER_BATCH) {
    const { items } = await client.post('/jobs/batch', { jobs: orders.slice(from, from + PER_BATCH) });
    for (const item of items) {
      if (item.job === undefined) throw new Error(`An order was refused: ${JSON.stringify(item)}`);
      created.push(item.job.jobId);
    }
  }
  return created;
}

/** Waits until so many jobs of an operation are over; they, by id. */
export async function allOver(
  client: ApiClient,
  { operation, wanted, withinMs }: { operation: string; wanted: number; withinMs: number },
  tell: (done: number) => void = () => undefined,
): Promise<Map<string, Shown>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const began = Date.now();
    const jobs = await listAll(client, operation);
    const over = jobs.filter(({ completedOn }) => completedOn !== undefined);
    tell(over.length);
    if (over.length === wanted) return new Map(over.map((job) => [job.jobId, job]));
    if (Date.now() > deadline) {
      const seen = JSON.stringify(countBy(jobs.map((job) => job.shownAs)));
      throw new Error(`${over.length} of ${wanted} jobs were over after ${withinMs} ms: ${seen}`);
    }
    await delay(Math.max(LOOK_EVERY_MS, SHARE_OF_LOOKS * (Date.now() - began)));
  }
}

async function listAll(client: ApiClient, operation: string): Promise<Shown[]> {
  const found: Shown[] = [];
  let cursor: string | undefined;
  do {
    const after = cursor === undefined ? '' : `&cursor=${cursor}`;
    const page = await client.get(`/jobs?limit=1000&operation=${operation}${after}`);
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

export const countBy = (words: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, each]) => [word, each.length]));
