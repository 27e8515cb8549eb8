import type { Job } from '../../shared/job/job.ts';
import type { LogEntry, LogLine } from '../../shared/job/log-entry.ts';
import type { LogChunk, LogStore } from '../../shared/service/log-store.ts';
import { LogView } from '../../shared/service/log-view.ts';
import { LogWriter } from '../../shared/service/log-writer.ts';
import { packLines } from '../../shared/service/packed-log.ts';
import { linesAfter, linesBefore } from '../../shared/service/walk-log.ts';
import { MemoryLogs } from './memory/memory-logs.ts';
import { NOON, settableClock } from './memory/settable-clock.ts';

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

/** All that comes, in its order. */
export async function allOf(lines: AsyncIterable<LogEntry>): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

export const textsOf = (lines: readonly LogEntry[]): string[] => lines.map(({ text }) => text);
export const numbersOf = (lines: readonly LogEntry[]): number[] => lines.map(({ number }) => number);

/** From 1 to a number. */
export const upTo = (last: number): number[] => Array.from({ length: last }, (_, place) => place + 1);

/** Lines that say their numbers, a second apart. */
export const linesFrom = (first: number, count: number): LogLine[] =>
  Array.from({ length: count }, (_, place) => ({
    at: NOON + 1_000 * (first + place),
    level: 'info',
    text: `line ${first + place}`,
  }));

export const aChunk = (first: number, count: number, most?: number): LogChunk => ({
  first,
  count,
  packed: packLines(linesFrom(first, count)),
  ...(most !== undefined && { most }),
});

/** Pages and segments of a log, by their first lines; `lost` are segments whose lines are gone. */
export interface KeptLog {
  readonly segments?: readonly (readonly [first: number, count: number, most?: number])[];
  readonly pages?: readonly (readonly [slot: number, first: number, count: number, most?: number])[];
  readonly lost?: readonly number[];
}

/** Logs of which a crash, or the limit, has left some segments without lines. */
export class HoledLogs extends MemoryLogs {
  readonly lost = new Set<number>();
  /** How many segments were asked for. */
  read = 0;

  override readSegment: MemoryLogs['readSegment'] = async (segment) => {
    this.read++;
    return this.lost.has(segment.first) ? undefined : MemoryLogs.prototype.readSegment.call(this, segment);
  };
}

export async function keptLog(
  own: Job,
  { segments = [], pages = [], lost = [] }: KeptLog,
): Promise<HoledLogs> {
  const logs = new HoledLogs();
  for (const [first, count, most] of segments) await logs.putSegment(own, aChunk(first, count, most));
  for (const [slot, ...page] of pages) await logs.putPage(own, slot, aChunk(...page));
  for (const first of lost) logs.lost.add(first);
  return logs;
}
