import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { endAtOnce, isStillRunning } from '../processes/started-process.ts';

const startedSchema = z.object({ pid: z.number(), startTime: z.string() });

const recordSchema = startedSchema.extend({
  url: z.string(),
  children: z.array(startedSchema.extend({ what: z.string() })),
});

/** What a service writes down about itself, for the next start and for those who look for it. */
export type ServiceRecord = z.infer<typeof recordSchema>;

const recordFile = (dataFolder: string) => join(dataFolder, 'service.json');

/** The live service that uses this data folder, if there is one. A recycled process id is not taken for it. */
export function runningService(dataFolder: string): { pid: number; url: string } | undefined {
  const record = readRecord(dataFolder);
  return record && isStillRunning(record) ? { pid: record.pid, url: record.url } : undefined;
}

/** Replaced as a whole, so that a reader or a kill never meets half a file. */
export function writeRecord(dataFolder: string, record: ServiceRecord): void {
  const file = recordFile(dataFolder);
  writeFileSync(`${file}.new`, JSON.stringify(record, null, 2));
  renameSync(`${file}.new`, file);
}

export function forgetRecord(dataFolder: string): void {
  rmSync(recordFile(dataFolder), { force: true });
}

/** Ends what a killed service left running; says what it was. */
export function endLeftovers(dataFolder: string): string[] {
  const leftovers = (readRecord(dataFolder)?.children ?? []).filter(isStillRunning);
  for (const leftover of leftovers) endAtOnce(leftover);
  return leftovers.map(({ what, pid }) => `${what} (process ${pid})`);
}

function readRecord(dataFolder: string): ServiceRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(recordFile(dataFolder), 'utf8')));
  } catch {
    return undefined;
  }
}
