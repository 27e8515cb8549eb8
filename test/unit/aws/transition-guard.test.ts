import { describe, expect, it } from '@jest/globals';
import { guardedDelete, guardedUpdate } from '../../../shared/aws/transition-guard.ts';
import { type Move, movesOf, VERBS } from '../../../shared/job/lifecycle.ts';
import { onlyIf, type Transition, transition } from '../../../shared/job/transition.ts';
import { aRunningJob, at } from '../../support/a-job.ts';
import { STEPS as ALL_STEPS, isRemoval, OF_A_RING, stepOf, TRANSITIONS } from '../../support/all-steps.ts';

const SHARDING = { shards: 1 };
const JOB = aRunningJob();
const STEPS = Object.entries(TRANSITIONS).map(([name, plan]) => [name, plan(JOB)] as const);
const REMOVALS = Object.entries(ALL_STEPS).flatMap(([name, plan]) => {
  const step = plan(JOB);
  return isRemoval(step) ? [[name, step] as const] : [];
});

const OWN_RUNNING = '(#statusCode = :from20 AND #claimNumber = :ownClaim)';
const OWN_RUNNING_OR_PAUSING = `${OWN_RUNNING} OR (#statusCode = :from21 AND #claimNumber = :ownClaim)`;
const LEASE_OVER = '(attribute_not_exists(#leaseEndsAt) OR #leaseEndsAt <= :now)';
const RUNNING = '(#statusCode = :from20)';
const STAYS = 'attribute_not_exists(#deleteWhenOver)';

/** What each write demands of the row, as an engineer reads it in a log. */
const CONDITIONS: Readonly<Record<string, string>> = {
  claim:
    '(#statusCode = :from0) OR (#statusCode = :from10 AND #postponeUntil <= :now AND attribute_not_exists(#isToCome))',
  'claim, beside others':
    '(#statusCode = :from0 AND attribute_not_exists(#crashCount)) OR ' +
    '(#statusCode = :from10 AND #postponeUntil <= :now AND attribute_not_exists(#isToCome) AND attribute_not_exists(#crashCount))',
  proceed: '(#statusCode = :from20 AND attribute_not_exists(#leaseEndsAt))',
  recover: '(#statusCode = :from20 AND #leaseEndsAt <= :now)',
  'give up': '(#statusCode = :from20 AND #leaseEndsAt <= :now)',
  wake: '(#statusCode = :from10 AND #postponeUntil <= :now)',
  checkpoint: OWN_RUNNING,
  yield: OWN_RUNNING,
  succeed: OWN_RUNNING_OR_PAUSING,
  fail: OWN_RUNNING_OR_PAUSING,
  retry: OWN_RUNNING,
  await: OWN_RUNNING,
  answer: '(#statusCode = :from10 AND #claimNumber = :ownClaim AND attribute_exists(#isWaitingForEvent))',
  'withdraw a Ready one': '(#statusCode = :from0)',
  'withdraw and delete a Suspended one': '(#statusCode = :from10)',
  'pause, by its worker':
    '(#statusCode = :from21 AND #claimNumber = :ownClaim AND attribute_not_exists(#postponeUntil))',
  'postpone, by its worker':
    '(#statusCode = :from21 AND #claimNumber = :ownClaim AND #postponeUntil = :dateRead)',
  'cancel, by its worker': `(#statusCode = :from22 AND #claimNumber = :ownClaim AND ${STAYS})`,
  'pause, for the dead': `(#statusCode = :from21 AND ${LEASE_OVER} AND attribute_not_exists(#postponeUntil))`,
  'postpone, for the dead': `(#statusCode = :from21 AND ${LEASE_OVER} AND #postponeUntil = :dateRead)`,
  'cancel, for the dead': `(#statusCode = :from22 AND ${LEASE_OVER} AND ${STAYS})`,
  'postpone one that waits': '(#statusCode = :from0)',
  // What people ask for holds from the very status that was read.
  'postpone one that runs': RUNNING,
  reschedule: '(#statusCode = :from10 AND attribute_exists(#postponeUntil))',
  pause: RUNNING,
  resume: '(#statusCode = :from10)',
  'cancel one that waits': '(#statusCode = :from10)',
  'cancel one that runs': RUNNING,
  'cancel and delete one that runs': RUNNING,
  'remove, by its worker': `(#statusCode = :from22 AND #claimNumber = :ownClaim) OR (#statusCode = :from22 AND ${LEASE_OVER})`,
  'remove, for the dead': `(#statusCode = :from22 AND ${LEASE_OVER})`,
  'delete a Ready one': '(#statusCode = :from0)',
  'delete a Suspended one': '(#statusCode = :from10)',
  'delete a Succeeded one': '(#statusCode = :from30)',
  'delete a Failed one': '(#statusCode = :from31)',
  'delete a Canceled one': '(#statusCode = :from32)',
};

/** Of the very job that was read, or in the line that was rung for: a client may have used its id again. */
function rightFor(name: string): string | undefined {
  const meant = OF_A_RING.includes(name) ? 'attribute_not_exists(#dependencyToken)' : '#sequence = :sequence';
  return CONDITIONS[name]?.replaceAll(/#statusCode = :from\d+/g, (status) => `${status} AND ${meant}`);
}

describe('the write of a step', () => {
  it.each(STEPS)('"%s" is made only on the condition that the lifecycle demands', (verb, step) => {
    expect(guardedUpdate(step, SHARDING).ConditionExpression).toBe(rightFor(verb));
  });

  it.each(REMOVALS)('"%s" takes the row away only on that condition', (name, step) => {
    expect(guardedDelete(step).ConditionExpression).toBe(rightFor(name));
  });

  it.each(STEPS)('"%s" is refused with the row that stood in the way', (_name, step) => {
    expect(guardedUpdate(step, SHARDING).ReturnValuesOnConditionCheckFailure).toBe('ALL_OLD');
  });

  it('of a claim raises the claim number, keeps the first start and ends the wait', () => {
    expect(guardedUpdate(stepOf('claim', JOB), SHARDING)).toMatchObject({
      UpdateExpression:
        'SET #modifiedOn = :modifiedOn, #leaseEndsAt = :leaseEndsAt, #hostId = :hostId, #statusCode = :statusCode, ' +
        '#startedOn = if_not_exists(#startedOn, :startedOn) ADD #claimNumber :one REMOVE #postponeUntil, #isRetrying, #isWaitingForEvent',
      ExpressionAttributeValues: { ':statusCode': 20, ':one': 1, ':from0': 0, ':from10': 10 },
    });
  });

  it('of one that no worker must have had looks at its claim number', () => {
    const { sequence: _any, ...step } = onlyIf(stepOf('cancel one that waits', JOB), 'neverClaimed');
    expect(guardedUpdate(step, SHARDING).ConditionExpression).toBe(
      '(#statusCode = :from10 AND #claimNumber = :zero)',
    );
  });

  it('of a completion takes the row out of the index of open jobs', () => {
    expect(guardedUpdate(stepOf('succeed', JOB), SHARDING).UpdateExpression).toMatch(
      / REMOVE #leaseEndsAt, #hostId, #watchAt, .*#openShard$/,
    );
  });

  it('that moves the watch names the shard too, so that the row stays in that index', () => {
    expect(
      guardedUpdate(stepOf('postpone one that waits', JOB), SHARDING).ExpressionAttributeValues,
    ).toMatchObject({
      ':watchAt': at(600_000 + 44 * 60_000),
      ':openShard': 'open#0',
    });
  });
});

/** Every move of the lifecycle alone. */
const LONE_MOVES: (readonly [string, Transition])[] = VERBS.flatMap((verb) =>
  movesOf(verb).map((move: Move) => {
    const base = transition({ verb, jobId: 'job-1', to: move.to, now: at(), ownClaim: 3, dateRead: at() });
    return [`${verb} ${move.from} → ${move.to} ${move.needs.join()}`, { ...base, moves: [move] }] as const;
  }),
);

describe('the words of an expression', () => {
  // DynamoDB refuses a name or value that is given and not used, and one that is used and not given.
  it.each([...STEPS, ...LONE_MOVES])(
    'of "%s" are all used, and all that are used are given',
    (_verb, step) => {
      const update = guardedUpdate(step, SHARDING);
      const expressions = `${update.UpdateExpression} ${update.ConditionExpression}`;
      const used = (mark: string) => new Set(expressions.match(new RegExp(`${mark}\\w+`, 'g')));
      expect(new Set(Object.keys(update.ExpressionAttributeNames ?? {}))).toEqual(used('#'));
      expect(new Set(Object.keys(update.ExpressionAttributeValues ?? {}))).toEqual(used(':'));
      expect(Object.values(update.ExpressionAttributeValues ?? {})).not.toContain(undefined);
    },
  );
});
