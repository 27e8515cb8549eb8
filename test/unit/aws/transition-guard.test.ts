import { describe, expect, it } from '@jest/globals';
import { guardedUpdate } from '../../../shared/aws/transition-guard.ts';
import { type Move, movesOf, VERBS } from '../../../shared/job/lifecycle.ts';
import { type Transition, transition } from '../../../shared/job/transition.ts';
import { at } from '../../support/a-job.ts';
import { WORKER_STEPS } from '../../support/situations.ts';

const SHARDING = { shards: 1 };
const STEPS = Object.entries(WORKER_STEPS).map(([verb, make]) => [verb, make('job-1')] as const);

const LEASE_ENDED = '(attribute_not_exists(#leaseEndsAt) OR #leaseEndsAt <= :now)';
const RUNNING_OR_PAUSING =
  '(#statusCode = :from20 AND #claimNumber = :ownClaim) OR (#statusCode = :from21 AND #claimNumber = :ownClaim)';

/** What each write demands of the row, as an engineer reads it in a log. */
const CONDITIONS: Readonly<Record<string, string>> = {
  claim:
    '(#statusCode = :from0) OR (#statusCode = :from10 AND #postponeUntil <= :now) OR ' +
    `(#statusCode = :from20 AND ${LEASE_ENDED})`,
  checkpoint: '(#statusCode = :from20 AND #claimNumber = :ownClaim)',
  yield: '(#statusCode = :from20 AND #claimNumber = :ownClaim)',
  succeed: RUNNING_OR_PAUSING,
  fail: RUNNING_OR_PAUSING,
};

describe('the write of a step', () => {
  it.each(STEPS)('"%s" is made only on the condition that the lifecycle demands', (verb, step) => {
    expect(guardedUpdate(step, SHARDING).ConditionExpression).toBe(CONDITIONS[verb]);
  });

  it.each(STEPS)(
    '"%s" answers with the row after it, or with the one that stood in the way',
    (_verb, step) => {
      expect(guardedUpdate(step, SHARDING)).toMatchObject({
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
    },
  );

  it('of a claim raises the claim number, keeps the first start and ends the wait', () => {
    expect(guardedUpdate(stepFor('claim'), SHARDING)).toMatchObject({
      UpdateExpression:
        'SET #modifiedOn = :modifiedOn, #leaseEndsAt = :leaseEndsAt, #hostId = :hostId, #statusCode = :statusCode, ' +
        '#startedOn = if_not_exists(#startedOn, :startedOn) ADD #claimNumber :one REMOVE #postponeUntil',
      ExpressionAttributeValues: { ':statusCode': 20, ':one': 1, ':from0': 0, ':from10': 10, ':from20': 20 },
    });
  });

  it('of a completion takes the row out of the index of open jobs', () => {
    expect(guardedUpdate(stepFor('succeed'), SHARDING).UpdateExpression).toMatch(
      / REMOVE #leaseEndsAt, #hostId, #watchAt, #openShard$/,
    );
  });

  it('that moves the watch names the shard too, so that the row stays in that index', () => {
    expect(guardedUpdate(stepFor('yield'), SHARDING).ExpressionAttributeValues).toMatchObject({
      ':watchAt': at(660_000),
      ':openShard': 'open#0',
    });
  });
});

/** Every move of the lifecycle alone, also those whose verbs are still to come. */
const LONE_MOVES: (readonly [string, Transition])[] = VERBS.flatMap((verb) =>
  movesOf(verb).map((move: Move) => {
    const base = transition({ verb, jobId: 'job-1', to: move.to, now: at(), ownClaim: 3 });
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

function stepFor(verb: string): Transition {
  const step = WORKER_STEPS[verb]?.('job-1');
  if (step === undefined) throw new Error(`There is no step "${verb}".`);
  return step;
}
