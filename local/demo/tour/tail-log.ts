import { setTimeout as pause } from 'node:timers/promises';
import type { Guide } from './guide.ts';
import { POLL_MS } from './watch.ts';

interface Line {
  readonly at: string;
  readonly level: string;
  readonly text: string;
  readonly etaSeconds?: number;
}

interface LogPage {
  readonly items: readonly Line[];
  readonly next: number;
  readonly isComplete: boolean;
}

/** The latest lines, and then each new one, until the job is over. */
export async function tailLog(jobId: string, guide: Guide): Promise<void> {
  const path = `/jobs/${jobId}/logs`;
  const latest = await guide.get<LogPage>(
    `${path}?limit=3`,
    ({ items }) => `the latest ${items.length} lines`,
  );
  for (const line of latest.items.toReversed()) guide.answer(inShort(line));
  guide.repeat(`${path}?after=${latest.next}`);
  for (let { next, isComplete } = latest; !isComplete; ) {
    const page = await guide.again<LogPage>(`${path}?after=${next}`);
    for (const line of page.items) guide.answer(inShort(line));
    ({ next, isComplete } = page);
    if (!isComplete) await pause(POLL_MS);
  }
}

function inShort({ at, level, text, etaSeconds }: Line): string {
  const left = etaSeconds === undefined ? '' : `  (about ${etaSeconds} s left)`;
  return `${at.slice('2026-11-22T'.length, -1)}  ${level.padEnd(5)}  ${text}${left}`;
}
