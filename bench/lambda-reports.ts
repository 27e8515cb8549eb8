import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a function has done so far, by the reports that follow its invocations. */
export interface Invocations {
  readonly count: number;
  /** Seconds times gigabytes. */
  readonly gbSeconds: number;
  /** What it wrote into its log itself. */
  readonly loggedBytes: number;
}

const NONE: Invocations = { count: 0, gbSeconds: 0, loggedBytes: 0 };
const REPORT = /^REPORT .* Duration: (\d+) ms Memory Size: (\d+) MB/;

/** By the name of the function without its stage. */
export function invocationsIn(logFolder: string): Map<string, Invocations> {
  const files = readdirSync(logFolder).filter((name) => name.startsWith('longhaul-local-'));
  return new Map(
    files.map((name) => [
      name.slice('longhaul-local-'.length, -'.log'.length),
      readFileSync(join(logFolder, name), 'utf8').split('\n').reduce(withLine, NONE),
    ]),
  );
}

function withLine({ count, gbSeconds, loggedBytes }: Invocations, line: string): Invocations {
  const [, ms, mb] = REPORT.exec(line) ?? [];
  if (ms === undefined) return { count, gbSeconds, loggedBytes: loggedBytes + line.length };
  return {
    count: count + 1,
    gbSeconds: gbSeconds + (Number(ms) / 1_000) * (Number(mb) / 1_024),
    loggedBytes,
  };
}
