import type { UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Move, Need } from '../job/lifecycle.ts';
import type { Guard, Removal, Transition } from '../job/transition.ts';
import { attributesOf, openShard, type Sharding } from './job-item.ts';

type Guarded = Guard & { readonly moves: readonly Pick<Move, 'from' | 'needs'>[] };

/** One conditional write that makes a transition, or changes nothing: every store write of a job is built here. */
export function guardedUpdate(step: Transition, sharding: Sharding) {
  const words = new Words();
  return {
    UpdateExpression: changes(step, sharding, words),
    ...guarded(step, words),
  } satisfies Omit<UpdateCommandInput, 'TableName' | 'Key'>;
}

/** The condition of a delete that takes a job away. */
export const guardedDelete = (step: Removal) => guarded(step, new Words());

function guarded(step: Guarded, words: Words) {
  const ConditionExpression = condition(step, words);
  return {
    ConditionExpression,
    ExpressionAttributeNames: words.names,
    ExpressionAttributeValues: words.values,
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
}

function changes(step: Transition, sharding: Sharding, words: Words): string {
  const set = { ...attributesOf(step.set), statusCode: step.to, ...indexKeys(step, sharding) };
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

const condition = (step: Guarded, words: Words): string =>
  step.moves.map((move) => `(${mayMove(move, step, words)})`).join(' OR ');

const mayMove = (move: Guarded['moves'][number], step: Guarded, words: Words): string =>
  [
    isInStatus(move, words),
    ...isMeant(step, words),
    ...move.needs.map((need) => sentence(need, step, words)),
  ].join(' AND ');

/** Ids of clients may be used again: the row must be the one that the writer, or the ring, means. */
function isMeant({ sequence, lineOf }: Guarded, words: Words): string[] {
  const token = () => words.name('dependencyToken');
  return [
    ...(sequence === undefined ? [] : [`${words.name('sequence')} = ${words.value('sequence', sequence)}`]),
    ...(lineOf === undefined
      ? []
      : [
          lineOf.token === undefined
            ? `attribute_not_exists(${token()})`
            : `${token()} = ${words.value('token', lineOf.token)}`,
        ]),
  ];
}

const isInStatus = ({ from }: Guarded['moves'][number], words: Words): string =>
  `${words.name('statusCode')} = ${words.value(`from${from}`, from)}`;

function sentence(need: Need, step: Guard, words: Words): string {
  const lease = () => words.name('leaseEndsAt');
  const date = () => words.name('postponeUntil');
  const now = () => words.value('now', step.now);
  switch (need) {
    case 'ownClaim':
      return `${words.name('claimNumber')} = ${words.value('ownClaim', step.ownClaim)}`;
    case 'leaseOver':
      return `(attribute_not_exists(${lease()}) OR ${lease()} <= ${now()})`;
    case 'leaseGivenBack':
      return `attribute_not_exists(${lease()})`;
    case 'leaseRunOut':
      return `${lease()} <= ${now()}`;
    case 'dateDue':
      return `${date()} <= ${now()}`;
    case 'hasDate':
      return `attribute_exists(${date()})`;
    case 'dateAsRead':
      return step.dateRead === undefined
        ? `attribute_not_exists(${date()})`
        : `${date()} = ${words.value('dateRead', step.dateRead)}`;
    case 'waitsForEvent':
      return `attribute_exists(${words.name('isWaitingForEvent')})`;
    case 'neverClaimed':
      return `${words.name('claimNumber')} = ${words.value('zero', 0)}`;
    case 'noCrashes':
      return `attribute_not_exists(${words.name('crashCount')})`;
    case 'hasCome':
      return `attribute_not_exists(${words.name('isToCome')})`;
    case 'staysWhenOver':
      return `attribute_not_exists(${words.name('deleteWhenOver')})`;
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

  value(word: string, value: unknown): string {
    this.values[`:${word}`] = value;
    return `:${word}`;
  }
}
