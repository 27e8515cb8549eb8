import type { Job } from '../job/job.ts';
import type { Operations } from '../service/operation.ts';
import type { Comparison } from './ast.ts';
import type { Column, Value } from './columns.ts';
import type { Condition, Filter, Term, TextOp } from './compile-filter.ts';

/** What a query is asked of: when, and which operations there are. */
export interface Asked {
  readonly now: number;
  readonly operations: Operations<never>;
}

/** `null` as OData has it: neither true nor false. `undefined`: what was read does not tell. */
export type Truth = boolean | null | undefined;

/** Whether the row fits; `undefined` if that hangs on a text that is shortened on it. */
export const matches = ({ condition }: Filter, job: Job, { now, operations }: Asked): Truth =>
  truthOf(condition, now, (column) => column.valueOf(job, operations));

type Read = (column: Column) => Value | undefined;

export function truthOf(condition: Condition, now: number, read: Read): Truth {
  switch (condition.kind) {
    case 'and':
      return all(condition.parts.map((part) => truthOf(part, now, read)));
    case 'or':
      return any(condition.parts.map((part) => truthOf(part, now, read)));
    case 'not':
      return negated(truthOf(condition.of, now, read));
    case 'compare':
      return compared(condition.op, valueOf(condition.left, now, read), valueOf(condition.right, now, read));
    case 'text':
      return tested(condition.op, valueOf(condition.of, now, read), valueOf(condition.what, now, read));
    default:
      return condition satisfies never;
  }
}

const negated = (truth: Truth): Truth => (typeof truth === 'boolean' ? !truth : truth);

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  if (truths.includes(undefined)) return undefined;
  return truths.includes(null) ? null : true;
}

const any = (truths: readonly Truth[]): Truth => negated(all(truths.map(negated)));

function valueOf(term: Term, now: number, read: Read): Value | undefined {
  if (term.kind === 'constant') return term.value;
  return term.kind === 'now' ? now + term.byMs : read(term.column);
}

/** Nothing is larger or smaller than null, and only null equals it. */
function compared(op: Comparison, left: Value | undefined, right: Value | undefined): Truth {
  if (left === undefined || right === undefined) return undefined;
  if (op === 'eq') return left === right;
  if (op === 'ne') return left !== right;
  if (left === null || right === null) return false;
  if (op === 'gt') return left > right;
  if (op === 'ge') return left >= right;
  return op === 'lt' ? left < right : left <= right;
}

function tested(op: TextOp, of: Value | undefined, what: Value | undefined): Truth {
  if (of === undefined || what === undefined) return undefined;
  if (typeof of !== 'string' || typeof what !== 'string') return null;
  if (op === 'contains') return of.includes(what);
  return op === 'startswith' ? of.startsWith(what) : of.endsWith(what);
}
