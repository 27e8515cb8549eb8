import { describe, expect, it } from '@jest/globals';
import { type Hold, holdOf } from '../../../shared/job/hold.ts';
import { Status } from '../../../shared/job/status.ts';
import { at } from '../../support/a-job.ts';
import { jobIn, NOW, SITUATIONS, type Situation, wordsOf } from '../../support/situations.ts';

/** What somebody who knows the design would answer, by status; a date that has come holds nobody. */
const WAITS: Record<Situation['date'], Hold> = {
  'has come': 'isNext',
  'lies ahead': 'postponed',
  absent: 'paused',
};
const WORKS: Record<Situation['lease'], Hold> = {
  alive: 'runs',
  ended: 'workerDied',
  'given back': 'betweenSlices',
};
const RIGHT: Record<Situation['status'], (situation: Situation) => Hold> = {
  [Status.WaitingForResources]: () => 'isNext',
  [Status.Waiting]: ({ date, waits }) =>
    waits === 'for an event' && date !== 'has come' ? 'waitsForEvent' : WAITS[date],
  [Status.InProgress]: ({ lease }) => WORKS[lease],
  [Status.Pausing]: () => 'pausing',
  [Status.Canceling]: () => 'canceling',
  [Status.Succeeded]: () => 'over',
  [Status.Failed]: () => 'over',
  [Status.Canceled]: () => 'over',
};

describe('what holds a job that nobody is ahead of', () => {
  it('is told in every situation', () => {
    const told = SITUATIONS.map((now) => `${wordsOf(now)}: ${holdOf(jobIn(now), at(NOW))}`);
    expect(told).toEqual(SITUATIONS.map((now) => `${wordsOf(now)}: ${RIGHT[now.status](now)}`));
  });

  const SUSPENDED = { statusCode: Status.Waiting };
  it.each<[string, Parameters<typeof holdOf>[0], Hold]>([
    ['a next try', { ...SUSPENDED, postponeUntil: at(NOW + 1), isRetrying: true }, 'retrying'],
    ['a next try whose date has come', { ...SUSPENDED, postponeUntil: at(NOW), isRetrying: true }, 'isNext'],
    ['an event without a deadline', { ...SUSPENDED, isWaitingForEvent: true }, 'waitsForEvent'],
    ['an event', { ...SUSPENDED, isWaitingForEvent: true, postponeUntil: at(NOW + 1) }, 'waitsForEvent'],
    [
      'an event that came too late',
      { ...SUSPENDED, isWaitingForEvent: true, postponeUntil: at(NOW) },
      'isNext',
    ],
  ])('tells for what it waits: %s', (_what, job, hold) => {
    expect(holdOf(job, at(NOW))).toBe(hold);
  });
});
