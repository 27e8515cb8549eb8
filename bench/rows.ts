import { setTimeout as delay } from 'node:timers/promises';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

const Row = z.object({
  jobId: z.string(),
  createdOn: z.coerce.date(),
  startedOn: z.coerce.date(),
  completedOn: z.coerce.date(),
});
const Over = z.object({ jobId: z.string(), completedOn: z.string() });

/** When things happened to a job, in milliseconds since 1970. */
export interface Run {
  readonly created: number;
  readonly started: number;
  readonly completed: number;
}

const KEYS_PER_CALL = 100;
/** Rarely: a look costs the emulator as much as two jobs, on either side. The times are those of the rows, however late they are read. */
const LOOK_EVERY_MS = 250;
/** Longer than it takes a lane to find a worker dead. */
const PATIENCE_MS = 90_000;

/**
 * Waits until all jobs are over; their runs, in the order of the ids. Reads the rows by key, a hundred a call, so that
 * looking costs next to nothing beside the work.
 */
export async function untilOver(
  ids: readonly string[],
  { tables, table }: { tables: DynamoDBDocumentClient; table: string },
): Promise<Run[]> {
  let lastNews = Date.now();
  const runs = new Map<string, Run>();
  let open = [...ids];
  while (open.length > 0) {
    const keys = open.slice(0, KEYS_PER_CALL).map((jobId) => ({ jobId }));
    const { Responses } = await tables.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys } } }),
    );
    const seen = Responses?.[table] ?? [];
    const rows = seen.filter((item) => Over.safeParse(item).success);
    for (const { jobId, ...row } of rows.map((item) => Row.parse(item))) runs.set(jobId, runOf(row));
    open = open.filter((id) => !runs.has(id));
    if (rows.length > 0) lastNews = Date.now();
    if (Date.now() - lastNews > PATIENCE_MS) throw stuck(table, seen);
    if (rows.length < keys.length) await delay(LOOK_EVERY_MS);
  }
  return ids.flatMap((id) => runs.get(id) ?? []);
}

const runOf = ({ createdOn, startedOn, completedOn }: Omit<z.infer<typeof Row>, 'jobId'>): Run => ({
  created: createdOn.getTime(),
  started: startedOn.getTime(),
  completed: completedOn.getTime(),
});

const stuck = (table: string, seen: readonly unknown[]): Error =>
  new Error(`In ${table} nothing comes to its end any more. Open are ${JSON.stringify(seen.slice(0, 5))}`);
