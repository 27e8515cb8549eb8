import { isHeld } from '../../job/hold.ts';
import { statusLabel } from '../../job/status.ts';
import type { Cause } from './cause.ts';
import { nextScan } from './expected-start.ts';
import type { Ahead, Head } from './surroundings.ts';

/** An explanation in words, for people. Whom they call is a name where the audit has one, and an id otherwise. */

export const sentenceOf = (own: Cause, now: number): string => `It ${predicate(own, now)}.`;

export function sentenceBehind(
  own: Cause,
  { ahead, head, first }: { ahead: Ahead; head: Head; first: Cause | undefined },
  now: number,
): string {
  const many = `${ahead.isMore ? 'more than ' : ''}${ahead.count.toLocaleString('en')}`;
  const jobs = ahead.count === 1 ? 'one job of its token is' : `${many} jobs of its token are`;
  const theFirst = ahead.count === 1 ? 'That one' : 'The first of them';
  const who =
    first === undefined
      ? `${theFirst}, ${head.link.jobId}, has just gone, or has left its place behind: the reprocessing scan clears that away by ${nextScan(now)}.`
      : `${theFirst}, "${first.job.name}" (${head.link.jobId}), ${predicate(first, now)}.`;
  const joint = own.because === 'waitsForTurn' ? ': ' : '. Besides, ';
  return `It ${predicate(own, now)}${joint}${jobs} ahead of it. ${who}`;
}

function predicate(cause: Cause, now: number): string {
  const { job, because, load } = cause;
  const { postponeUntil: date } = job;
  switch (because) {
    case 'isNext':
      return 'may run now, and its ring is on its way';
    case 'betweenSlices':
      return 'is between two slices of its work, and goes on as soon as its ring is heard';
    case 'laneIsFull':
      return `may run now, but the lane "${load?.lane}" is at its limit: ${load?.inFlight} rings are being answered and ${load?.waiting} wait`;
    case 'rungNotYet':
      return `may run now, but no ring for it is on its way: the reprocessing scan rings by ${nextScan(now)}`;
    case 'waitsForTurn':
      return 'waits for its turn';
    case 'postponed':
      return `is postponed until ${date} by ${who(cause)}`;
    case 'retrying':
      return `has failed, and is tried again at ${date}`;
    case 'waitsForEvent':
      return `waits for an event${date === undefined ? '' : `, until ${date} at the latest`}`;
    case 'paused':
      return `is paused by ${who(cause)}, until somebody resumes ${job.isToCome ? 'its series' : 'it'}`;
    case 'runs':
      return 'is running';
    case 'workerDied':
      return `has lost its worker, whose lease ended at ${job.leaseEndsAt}: another one takes it by ${nextScan(now)}`;
    case 'pausing':
      return `is asked by ${who(cause)} to stop, ${date === undefined ? 'and will then be paused' : `and to wait until ${date}`}: ${stops(cause, now)}`;
    case 'canceling':
      return `is being canceled by ${who(cause)}: ${stops(cause, now)}`;
    case 'over':
      return `is over: ${statusLabel(job.statusCode)}, since ${job.completedOn}`;
    default:
      return because satisfies never;
  }
}

const who = ({ askedBy }: Cause): string =>
  askedBy === undefined
    ? 'somebody'
    : `${askedBy.byName ?? askedBy.by} since ${askedBy.at}${askedBy.reason === undefined ? '' : ` (${askedBy.reason})`}`;

const stops = ({ job }: Cause, now: number): string =>
  isHeld(job, new Date(now).toISOString())
    ? 'its worker stops at its next checkpoint'
    : `nobody works on it, so whoever hears its ring does that, by ${nextScan(now)}`;
