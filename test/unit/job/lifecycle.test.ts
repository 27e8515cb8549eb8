import { describe, expect, it } from '@jest/globals';
import { movesOf, REMOVABLE, VERBS, type Verb } from '../../../shared/job/lifecycle.ts';
import { ALL_STATUSES, isCompleted } from '../../../shared/job/status.ts';

/** The table of the design, as it is written there: the verb, from where, to where, and what else it needs. */
const DESIGNED: Readonly<Record<Verb, readonly string[]>> = {
  claim: ['Ready → In Progress', 'Suspended → In Progress: its date has come, not to come'],
  proceed: ['In Progress → In Progress: the lease was given back'],
  recover: ['In Progress → In Progress: the lease has run out'],
  giveUp: ['In Progress → Failed: the lease has run out'],
  wake: ['Suspended → Ready: its date has come'],
  checkpoint: ['In Progress → In Progress: own claim'],
  yield: ['In Progress → In Progress: own claim'],
  succeed: ['In Progress → Succeeded: own claim', 'Pausing → Succeeded: own claim'],
  fail: ['In Progress → Failed: own claim', 'Pausing → Failed: own claim'],
  retry: ['In Progress → Suspended: own claim'],
  await: ['In Progress → Suspended: own claim'],
  answer: ['Suspended → Ready: own claim, it waits for an event'],
  withdraw: ['Ready → Canceling', 'Suspended → Canceling'],
  postpone: ['Ready → Suspended', 'In Progress → Pausing', 'Pausing → Pausing'],
  reschedule: ['Suspended → Suspended: has a date'],
  pause: ['In Progress → Pausing', 'Pausing → Pausing'],
  resume: ['Suspended → Ready'],
  cancel: [
    'Ready → Canceled',
    'Suspended → Canceled',
    'In Progress → Canceling',
    'Pausing → Canceling',
    'Canceling → Canceling',
  ],
  settle: [
    'Pausing → Suspended: own claim, the date that was read',
    'Canceling → Canceled: own claim, not to be deleted',
    'Pausing → Suspended: nobody holds it, the date that was read',
    'Canceling → Canceled: nobody holds it, not to be deleted',
  ],
};

const NAMES: Readonly<Record<number, string>> = {
  0: 'Ready',
  10: 'Suspended',
  20: 'In Progress',
  21: 'Pausing',
  22: 'Canceling',
  30: 'Succeeded',
  31: 'Failed',
  32: 'Canceled',
};
const NEEDS: Readonly<Record<string, string>> = {
  ownClaim: 'own claim',
  leaseOver: 'nobody holds it',
  leaseGivenBack: 'the lease was given back',
  leaseRunOut: 'the lease has run out',
  dateDue: 'its date has come',
  hasDate: 'has a date',
  dateAsRead: 'the date that was read',
  staysWhenOver: 'not to be deleted',
  waitsForEvent: 'it waits for an event',
  hasCome: 'not to come',
};

describe('the lifecycle', () => {
  it.each(VERBS)('lets "%s" do what the design says, and nothing else', (verb) => {
    const told = movesOf(verb).map(({ from, to, needs }) => {
      const also = needs.map((need) => NEEDS[need]).join(', ');
      return `${NAMES[from]} → ${NAMES[to]}${also === '' ? '' : `: ${also}`}`;
    });
    expect(told).toEqual(DESIGNED[verb]);
  });

  it('leads nowhere from a completed job', () => {
    const out = VERBS.flatMap((verb) => movesOf(verb)).filter(({ from }) => isCompleted(from));
    expect(out).toEqual([]);
  });

  it('leads out of every other status, and into each but the first by a verb', () => {
    const all = VERBS.flatMap((verb) => movesOf(verb));
    const open = ALL_STATUSES.filter((status) => !isCompleted(status));
    expect(open.filter((status) => !all.some(({ from, to }) => from === status && to !== status))).toEqual(
      [],
    );
    expect(ALL_STATUSES.filter((status) => !all.some(({ to }) => to === status))).toEqual([]);
  });

  it('lets a job end only by its holder, by a person while it waits, or when nobody holds it', () => {
    const ends = VERBS.flatMap((verb) => movesOf(verb).map((move) => ({ verb, ...move }))).filter(({ to }) =>
      isCompleted(to),
    );
    const unguarded = ends.filter(({ needs }) => needs.length === 0).map(({ verb, from }) => [verb, from]);
    expect(unguarded).toEqual([
      ['cancel', 0],
      ['cancel', 10],
    ]);
  });
});

describe('a job may be removed', () => {
  it('from wherever nobody works on it; one that is asked to stop when it has stopped', () => {
    const told = REMOVABLE.map(({ from, needs }) =>
      [NAMES[from], ...needs.map((need) => NEEDS[need])].join(': '),
    );
    expect(told.toSorted()).toEqual([
      'Canceled',
      'Canceling: nobody holds it',
      'Canceling: own claim',
      'Failed',
      'Ready',
      'Succeeded',
      'Suspended',
    ]);
  });
});
