import type { Job } from '../../shared/job/job.ts';
import type { LogEntry } from '../../shared/job/log-entry.ts';
import type { LogStore } from '../../shared/service/log-store.ts';
import { LogView } from '../../shared/service/log-view.ts';
import { LogWriter } from '../../shared/service/log-writer.ts';
import { linesAfter, linesBefore } from '../../shared/service/walk-log.ts';
import { MemoryLogs } from './memory/memory-logs.ts';
import { settableClock } from './memory/settable-clock.ts';

/** Where a test keeps logs, and what it sees of them. */
export function aLogHouse({
  logs = new MemoryLogs(),
  most = 100_000,
}: {
  logs?: LogStore;
  most?: number;
} = {}) {
  const clock = settableClock();
  const said: string[] = [];
  let settingsRead = 0;
  const keeping = {
    logs,
    clock,
    alarm: clock.alarm,
    maxLogLines: async () => {
      settingsRead++;
      return most;
    },
    log: (text: string) => said.push(text),
  };
  return {
    logs,
    clock,
    said,
    settingsRead: () => settingsRead,
    /** The log as the n-th claim writes it. */
    writerOf: (job: Job, claimNumber = job.claimNumber, seen: LogStore = logs) =>
      new LogWriter({ ...job, claimNumber }, { ...keeping, logs: seen }),
  };
}

/** All lines, oldest first. */
export const upwards = async (job: Job, logs: LogStore, after = 0): Promise<LogEntry[]> =>
  allOf(linesAfter(after, await LogView.open(job, logs)));

/** All lines, newest first. */
export const downwards = async (job: Job, logs: LogStore): Promise<LogEntry[]> =>
  allOf(linesBefore(Number.MAX_SAFE_INTEGER, await LogView.open(job, logs)));

async function allOf(lines: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

export const textsOf = (lines: readonly LogEntry[]): string[] => lines.map(({ text }) => text);
export const numbersOf = (lines: readonly LogEntry[]): number[] => lines.map(({ number }) => number);

/** From 1 to a number. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, place) => place + 1);
