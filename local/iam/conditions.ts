import { arnMatches, wildcardMatches } from './wildcard.ts';

/** What is known about a request besides action and resource; the keys in lower case, for IAM does not look at their case. */
export type RequestContext = Readonly<Record<string, readonly string[]>>;

/** One line of a `Condition` block: `{ StringLike: { 's3:prefix': ['assets/*'] } }`. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The keys that requests here come with. A policy that asks for another one could not be judged. */
export const knownKeys: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalarn',
  'aws:requestedregion',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'iam:passedtoservice',
  's3:prefix',
  'ses:fromaddress',
]);

type Comparison = (wanted: string, given: string) => boolean;

const sameIgnoringCase: Comparison = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

const comparisons: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: sameIgnoringCase,
  StringLike: wildcardMatches,
  ArnEquals: arnMatches, // the two behave identically (IAM User Guide, "ARN condition operators")
  ArnLike: arnMatches,
  Bool: sameIgnoringCase,
};

const operatorPattern = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/;

interface Operator {
  readonly quantifier: string | undefined;
  readonly compare: Comparison;
  readonly isNegated: boolean;
  readonly ifExists: boolean;
}

/** Why a condition could not be judged here, or nothing. */
export function conditionFault({ operator, key }: Condition): string | undefined {
  if (operator !== 'Null' && !parseOperator(operator)) return `the operator ${operator} is not known here`;
  return knownKeys.has(key.toLowerCase()) ? undefined : `the condition key ${key} is not known here`;
}

export function conditionHolds({ operator, key, values }: Condition, context: RequestContext): boolean {
  const given = context[key.toLowerCase()];
  if (operator === 'Null') return values.includes(String(given === undefined));
  const parsed = parseOperator(operator);
  if (!parsed) throw new Error(`the operator ${operator} is not known here`);
  return given === undefined ? holdsWithoutValue(parsed) : compareAll(parsed, values, given);
}

/** A key that the request does not have satisfies what says "not", "if exists" and "all of them"; nothing else. */
const holdsWithoutValue = ({ quantifier, isNegated, ifExists }: Operator): boolean =>
  ifExists || quantifier === 'ForAllValues' || (isNegated && quantifier === undefined);

function compareAll(
  { quantifier, compare, isNegated }: Operator,
  values: readonly string[],
  given: readonly string[],
) {
  const fits = (one: string) => values.some((wanted) => compare(wanted, one)) !== isNegated;
  return quantifier === 'ForAllValues' || (quantifier === undefined && isNegated)
    ? given.every(fits)
    : given.some(fits);
}

function parseOperator(text: string): Operator | undefined {
  const [, quantifier, name = '', ifExists] = operatorPattern.exec(text) ?? [];
  const positive = name.replace('Not', '');
  const compare = comparisons[positive];
  const isNegated = positive !== name;
  if (!compare || (isNegated && positive === 'Bool')) return undefined;
  return { quantifier, compare, isNegated, ifExists: ifExists !== undefined };
}
