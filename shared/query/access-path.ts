import { sequenceAt } from '../job/sequence.ts';
import { ALL_STATUSES, isCompleted, type StatusCode } from '../job/status.ts';
import { STATUS_VALUES } from './columns.ts';
import type { Condition, Filter, Term } from './compile-filter.ts';
import { truthOf } from './matches.ts';

/** Where the rows that a filter may match are looked for. All of them are there, with others. */
export type AccessPath =
  | { readonly by: 'nothing' }
  | { readonly by: 'id'; readonly jobIds: readonly string[] }
  /** The index of jobs that are not Completed. */
  | { readonly by: 'open' }
  /** Sequences from one to another, both included. */
  | { readonly by: 'timeline'; readonly from: number; readonly to: number };

/** The cheapest one. `upTo`: the highest sequence of interest. */
export function accessPath({ condition }: Filter, now: number, upTo: number): AccessPath {
  const statuses = ALL_STATUSES.filter((status) => mayHave(status, condition, now));
  if (statuses.length === 0) return { by: 'nothing' };
  const needs = partsOf(condition);
  const jobIds = needs.map(idsOf).find((ids) => ids !== undefined);
  if (jobIds !== undefined) return { by: 'id', jobIds };
  if (!statuses.some(isCompleted)) return { by: 'open' };
  return within(needs, now, upTo);
}

/** Whether a job in this status could match, whatever else it is. */
function mayHave(status: StatusCode, condition: Condition, now: number): boolean {
  const truth = truthOf(condition, now, ({ name }) => STATUS_VALUES.get(status)?.get(name));
  return truth === true || truth === undefined;
}

/** What must be true, all of it. */
const partsOf = (condition: Condition): readonly Condition[] =>
  condition.kind === 'and' ? condition.parts.flatMap(partsOf) : [condition];

/** The ids that this allows, if it allows no others. */
function idsOf(condition: Condition): string[] | undefined {
  if (condition.kind === 'or') {
    const ids = condition.parts.map(idsOf);
    return ids.includes(undefined) ? undefined : [...new Set(ids.flatMap((some) => some ?? []))];
  }
  if (condition.kind !== 'compare' || condition.op !== 'eq') return undefined;
  const { left, right } = condition;
  if (isColumn(left, 'jobId') && right.kind === 'constant') return [String(right.value)];
  if (isColumn(right, 'jobId') && left.kind === 'constant') return [String(left.value)];
  return undefined;
}

const isColumn = (term: Term, name: string): boolean => term.kind === 'column' && term.column.name === name;

/** A sequence may run ahead of `createdOn`: the clock of another creator of the token was ahead. */
const AHEAD_MS = 60_000;
/** Before this a job was created before it, too. */
const NOT_BEFORE_CREATION = new Set(['createdOn', 'modifiedOn', 'startedOn', 'completedOn']);

function within(needs: readonly Condition[], now: number, upTo: number): AccessPath {
  const bounds = needs.flatMap((need) => boundOf(need, now));
  const from = Math.max(0, ...bounds.map((bound) => bound.from ?? 0));
  const to = Math.min(upTo, ...bounds.map((bound) => bound.to ?? upTo));
  return from > to ? { by: 'nothing' } : { by: 'timeline', from, to };
}

interface Bound {
  readonly from?: number;
  readonly to?: number;
}

const TURNED = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' } as const;

function boundOf(need: Condition, now: number): Bound[] {
  if (need.kind !== 'compare') return [];
  const { op, left, right } = need;
  if (left.kind !== 'column') return right.kind === 'column' ? boundOf(turned(need), now) : [];
  const limit = numberOf(right, now);
  if (limit === undefined) return [];
  const { name } = left.column;
  const isFrom = op === 'gt' || op === 'ge' || op === 'eq';
  const isTo = op === 'lt' || op === 'le' || op === 'eq';
  if (name === 'sequence')
    return [{ ...(isFrom && { from: Math.floor(limit) }), ...(isTo && { to: Math.ceil(limit) }) }];
  return [
    ...(isFrom && name === 'createdOn' ? [{ from: sequenceAt(limit) }] : []),
    ...(isTo && NOT_BEFORE_CREATION.has(name) ? [{ to: sequenceAt(limit + AHEAD_MS) }] : []),
  ];
}

type Comparing = Extract<Condition, { kind: 'compare' }>;
const turned = ({ op, left, right }: Comparing): Comparing => ({
  kind: 'compare',
  op: TURNED[op],
  left: right,
  right: left,
});

function numberOf(term: Term, now: number): number | undefined {
  if (term.kind === 'now') return now + term.byMs;
  return term.kind === 'constant' && typeof term.value === 'number' ? term.value : undefined;
}
