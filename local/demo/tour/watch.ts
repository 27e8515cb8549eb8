import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from '../../cannot-start.ts';
import type { ShownJob } from '../service-client.ts';
import type { Guide } from './guide.ts';
import { stepsBar } from './steps-bar.ts';

export const POLL_MS = 250;
const PATIENCE_MS = 60_000;

/** Looks at a job with a live bar until it is as wanted. */
export async function watch(
  { jobId }: Pick<ShownJob, 'jobId'>,
  wanted: (job: ShownJob) => boolean,
  guide: Guide,
): Promise<ShownJob> {
  const path = `/jobs/${jobId}`;
  guide.repeat(path);
  const bar = stepsBar();
  try {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const job = await guide.again<ShownJob>(path);
      bar.show(job);
      if (wanted(job)) return job;
      if (performance.now() > until)
        throw new CannotStart(`the job ${jobId} is still ${inShort(job)} after a minute`);
      await pause(POLL_MS);
    }
  } finally {
    bar.end();
  }
}

/** As far as this percentage; a job that is over goes no further. */
export const cameTo =
  (percent: number) =>
  ({ progress, shownAs }: ShownJob): boolean =>
    (progress?.percent ?? 0) >= percent || isOver(shownAs);

export const isShownAs =
  (...words: readonly string[]) =>
  ({ shownAs }: ShownJob): boolean =>
    words.includes(shownAs);

const isOver = (shownAs: string): boolean => ['Success', 'Fail', 'Stopped'].includes(shownAs);

/** What people see of a job in one line. */
export function inShort({ shownAs, statusLabel, progress, postponeUntil }: ShownJob): string {
  const facts = [
    `${shownAs} (${statusLabel})`,
    progress !== undefined && `${progress.done} of ${progress.total ?? '?'} steps`,
    shownAs === 'Scheduled' && postponeUntil !== undefined && `until ${postponeUntil}`,
    progress?.etaSeconds !== undefined && shownAs === 'Active' && `about ${progress.etaSeconds} s left`,
  ];
  return facts.filter((fact) => fact !== false).join(', ');
}
