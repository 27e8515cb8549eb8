import { progressOf } from '../../job/progress.ts';
import type { Cause } from './cause.ts';

/** When a job will run, as far as that follows from what is known now; one of the three. */
export type ExpectedStart =
  | { readonly at: string }
  | { readonly notBefore: string }
  | { readonly notAfter: string };

/** By the schedule of the reprocessing scan: on every quarter of an hour. */
const SCAN_EVERY_MS = 15 * 60_000;
export const nextScan = (now: number): string => iso((Math.floor(now / SCAN_EVERY_MS) + 1) * SCAN_EVERY_MS);

/** Of a job that nobody is ahead of; nothing if it depends on people or an event, or has begun. */
export function startOf(
  { job: { postponeUntil: date }, because }: Cause,
  now: number,
): ExpectedStart | undefined {
  switch (because) {
    case 'isNext':
    case 'betweenSlices':
      return { at: iso(now) };
    case 'laneIsFull':
      return { notBefore: iso(now) };
    case 'rungNotYet':
    case 'workerDied':
      return { notAfter: nextScan(now) };
    case 'postponed':
    case 'retrying':
      return date === undefined ? undefined : { at: date };
    case 'waitsForEvent':
      return date === undefined ? undefined : { notAfter: date };
    case 'pausing':
      return date === undefined ? undefined : { notBefore: date };
    case 'waitsForTurn':
    case 'paused':
    case 'runs':
    case 'canceling':
    case 'over':
      return undefined;
    default:
      return because satisfies never;
  }
}

/** Of a job behind a head: not before its own date, nor before the head can be over. */
export function startBehind(own: Cause, head: Cause | undefined, now: number): ExpectedStart | undefined {
  const dates = [dateOf(own), head && (dateOf(head) ?? endOf(head, now))].filter(
    (date) => date !== undefined,
  );
  const latest = dates.toSorted().at(-1);
  return latest === undefined ? undefined : { notBefore: latest };
}

const dateOf = ({ job, hold }: Cause): string | undefined =>
  hold === 'postponed' || hold === 'retrying' || hold === 'pausing' ? job.postponeUntil : undefined;

/** At the rate at which it has got on since it began. */
function endOf({ job, hold }: Cause, now: number): string | undefined {
  const seconds = hold === 'runs' ? progressOf(job, now)?.etaSeconds : undefined;
  return seconds === undefined ? undefined : iso(now + seconds * 1_000);
}

const iso = (ms: number): string => new Date(ms).toISOString();
