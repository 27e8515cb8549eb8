/** How serious a line is, from least to most. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line of a job's log, as it is said. */
export interface LogLine {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly level: LogLevel;
  readonly text: string;
  /** What it is about: a path, an id. */
  readonly item?: string;
  /** How long the job was thought to take from then on. */
  readonly etaSeconds?: number;
}

/** A line at its place in the log: numbers begin with 1 and leave none out. */
export interface LogEntry extends LogLine {
  readonly number: number;
  /** So many lines, up to this number, are not there any more: this one stands for them. */
  readonly missing?: number;
}

/** Characters; what is longer is cut. */
export const MAX_LINE = 1_000;
export const MAX_LINE_ITEM = 1_024;

/** What would take three hundred years is not known. */
const NEVER_SECONDS = 10_000_000_000;

/** A line as it is kept: bounded, and text that any decoder reads, whatever an operation has put into it. */
export const boundedLine = (line: LogLine): LogLine => {
  const { at, level, etaSeconds } = line;
  return {
    at: Math.trunc(at),
    level,
    text: cut(line.text, MAX_LINE),
    ...(line.item !== undefined && { item: cut(line.item, MAX_LINE_ITEM) }),
    ...(etaSeconds !== undefined &&
      Math.abs(etaSeconds) < NEVER_SECONDS && { etaSeconds: Math.trunc(etaSeconds) }),
  };
};

const cut = (text: string, most: number): string =>
  (text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`).toWellFormed();

/** Which lines of a log of `last` are left out where at most `most` are kept: the first tenth stays, and the newest. */
export function leftOut(last: number, most: number | undefined): { from: number; to: number } | undefined {
  if (most === undefined || last <= most) return undefined;
  const head = Math.floor(most / 10);
  return { from: head + 1, to: last - (most - head) };
}
