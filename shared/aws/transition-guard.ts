import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Move, Need } from '../job/lifecycle.ts';
import type { Transition } from '../job/transition.ts';
import { openShard, type Sharding } from './job-item.ts';

type Update = Omit<UpdateCommandInput, 'TableName' | 'Key'>;

/** One conditional write that makes a transition, or changes nothing: every store write of a job is built here. */
export function guardedUpdate(step: Transition, sharding: Sharding): Update {
  const words = new Words();
  return {
    UpdateExpression: changes(step, sharding, words),
    ConditionExpression: condition(step, words),
    ExpressionAttributeNames: words.names,
    ExpressionAttributeValues: words.values,
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function changes(step: Transition, sharding: Sharding, words: Words): string {
  const set = { ...step.set, statusCode: step.to, ...indexKeys(step, sharding) };
  const assignments = [
    ...Object.entries(set).map(([name, value]) => `${words.name(name)} = ${words.value(name, value)}`),
    ...Object.entries(step.setOnce).map(
      ([name, value]) =>
        `${words.name(name)} = if_not_exists(${words.name(name)}, ${words.value(name, value)})`,
    ),
  ];
  const removed = [...step.remove, ...(step.remove.includes('watchAt') ? ['openShard'] : [])];
  return [
    `SET ${assignments.join(', ')}`,
    step.raisesClaim && `ADD ${words.name('claimNumber')} ${words.value('one', 1)}`,
    removed.length > 0 && `REMOVE ${removed.map((name) => words.name(name)).join(', ')}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** The row is in the index `open` exactly as long as it has a `watchAt`. */
const indexKeys = (step: Transition, sharding: Sharding): Record<string, string> =>
  step.set.watchAt === undefined ? {} : { openShard: openShard(step.jobId, sharding) };

const condition = (step: Transition, words: Words): string =>
  step.moves.map((move) => `(${mayMove(move, step, words)})`).join(' OR ');

const mayMove = (move: Move, step: Transition, words: Words): string =>
  [isInStatus(move, words), ...move.needs.map((need) => sentence(need, step, words))].join(' AND ');

const isInStatus = (move: Move, words: Words): string =>
  `${words.name('statusCode')} = ${words.value(`from${move.from}`, move.from)}`;

function sentence(need: Need, step: Transition, words: Words): string {
  const lease = words.nameFor('leaseEndsAt');
  const date = words.nameFor('postponeUntil');
  switch (need) {
    case 'ownClaim':
      return `${words.name('claimNumber')} = ${words.value('ownClaim', step.ownClaim)}`;
    case 'leaseEnded':
      return `(attribute_not_exists(${lease()}) OR ${lease()} <= ${words.value('now', step.now)})`;
    case 'dateDue':
      return `${date()} <= ${words.value('now', step.now)}`;
    case 'hasDate':
      return `attribute_exists(${date()})`;
    default:
      return need satisfies never;
  }
}

/** Names and values of an expression: DynamoDB refuses those that are given and not used. */
class Words {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, unknown> = {};

  name(attribute: string): string {
    this.names[`#${attribute}`] = attribute;
    return `#${attribute}`;
  }

  nameFor(attribute: string): () => string {
    return () => this.name(attribute);
  }

  value(word: string, value: unknown): string {
    this.values[`:${word}`] = value;
    return `:${word}`;
  }
}
