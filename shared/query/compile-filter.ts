import type { TextColumn } from '../job/job.ts';
import { tokenKey } from '../service/token-key.ts';
import type { Call, ColumnName, Comparison, Expr, Literal, Operand, Shift } from './ast.ts';
import {
  COLUMNS,
  type Column,
  type ColumnType,
  columnNamed,
  folded,
  TOKEN_KEY,
  type Value,
} from './columns.ts';
import { parseFilter } from './parse-filter.ts';
import { QueryFault } from './query-fault.ts';

/** A filter whose names are known and whose types fit: what is evaluated. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly op: Comparison; readonly left: Term; readonly right: Term }
  | { readonly kind: 'text'; readonly op: TextOp; readonly of: Term; readonly what: Term };

export type Term =
  | { readonly kind: 'column'; readonly column: Column }
  | { readonly kind: 'constant'; readonly value: Value }
  /** The moment at which the query is asked, and so many milliseconds. */
  | { readonly kind: 'now'; readonly byMs: number };

export const TEXT_OPS = ['contains', 'startswith', 'endswith'] as const;
export type TextOp = (typeof TEXT_OPS)[number];

export interface Filter {
  readonly condition: Condition;
  /** The columns it asks for whose texts may be shortened on the row. */
  readonly texts: readonly TextColumn[];
}

/** Throws `QueryFault`. */
export function compileFilter(text: string): Filter {
  const condition = conditionOf(parseFilter(text));
  return { condition, texts: [...new Set(columnsOf(condition).flatMap(({ text: long }) => long ?? []))] };
}

/** A term and what it is a value of. */
interface Typed {
  readonly term: Term;
  readonly type: ColumnType | 'null';
  readonly at: number;
}

function conditionOf(expr: Expr): Condition {
  switch (expr.kind) {
    case 'and':
    case 'or':
      return { kind: expr.kind, parts: expr.parts.map(conditionOf) };
    case 'not':
      return { kind: 'not', of: conditionOf(expr.of) };
    case 'compare':
      return comparison(expr.op, expr.left, expr.right);
    case 'in':
      return among(expr.of, expr.values);
    case 'column':
    case 'literal':
    case 'call':
    case 'shift':
      return predicate(expr);
    default:
      return expr satisfies never;
  }
}

function among(of: Operand, values: readonly Literal[]): Condition {
  return { kind: 'or', parts: values.map((value) => comparison('eq', of, value)) };
}

/** An operand on its own. */
function predicate(expr: Operand): Condition {
  if (expr.kind === 'call' && isTextOp(expr.name)) return textTest(expr.name, expr);
  const { term, type, at } = typed(expr);
  if (type !== 'boolean') throw new QueryFault(at, 'This is not true or false; compare it with something.');
  return { kind: 'compare', op: 'eq', left: term, right: { kind: 'constant', value: true } };
}

function comparison(op: Comparison, leftSide: Operand, rightSide: Operand): Condition {
  const [left, right] = alike(typed(leftSide), typed(rightSide));
  const isOrder = op !== 'eq' && op !== 'ne';
  if (isOrder && (left.type === 'boolean' || left.type === 'null' || right.type === 'null')) {
    throw new QueryFault(left.at, `"${op}" needs values that have an order; use eq or ne.`);
  }
  const sides = { left: left.term, right: right.term };
  return { kind: 'compare', op, ...(isOrder ? sides : byTokenKey(sides)) };
}

/** Whether a token is a certain one is told by its key, which every row has. */
function byTokenKey({ left, right }: { left: Term; right: Term }): { left: Term; right: Term } {
  const keyed = { kind: 'column', column: TOKEN_KEY } as const;
  const key = (of: Term, other: Term): Term | undefined =>
    of.kind === 'column' && of.column.text === 'dependencyToken' && other.kind === 'constant'
      ? { kind: 'constant', value: typeof other.value === 'string' ? tokenKey(other.value) : other.value }
      : undefined;
  const [ofRight, ofLeft] = [key(left, right), key(right, left)];
  if (ofRight !== undefined) return { left: keyed, right: ofRight };
  return ofLeft === undefined ? { left, right } : { left: ofLeft, right: keyed };
}

function textTest(op: TextOp, { args, at }: Call): Condition {
  const [of, what, ...more] = args;
  if (of === undefined || what === undefined || more.length > 0) {
    throw new QueryFault(at, `"${op}" takes two texts: ${op}(name,'some text').`);
  }
  const [left, right] = alike(typed(of), typed(what));
  for (const { type, at: place } of [left, right]) {
    if (type !== 'string') throw new QueryFault(place, `"${op}" takes texts; this is not one.`);
  }
  return { kind: 'text', op, of: left.term, what: right.term };
}

const isTextOp = (name: string): name is TextOp => TEXT_OPS.some((op) => op === name);

function typed(expr: Operand): Typed {
  switch (expr.kind) {
    case 'column':
      return columnTerm(expr);
    case 'literal':
      return literalTerm(expr);
    case 'call':
      return now(expr);
    case 'shift':
      return shifted(expr);
    default:
      return expr satisfies never;
  }
}

function columnTerm({ name, at }: ColumnName): Typed {
  const column = columnNamed(name);
  if (column !== undefined) return { term: { kind: 'column', column }, type: column.type, at };
  const known = COLUMNS.map((one) => one.name).join(', ');
  throw new QueryFault(at, `There is no column "${name.slice(0, 100)}" to filter by. There are: ${known}.`);
}

function now({ name, args, at }: Call): Typed {
  if (name === 'now' && args.length === 0) return { term: { kind: 'now', byMs: 0 }, type: 'date', at };
  const known = [...TEXT_OPS.map((op) => `${op}(column,'text')`), 'now()'].join(', ');
  throw new QueryFault(at, `This function is not known here. Known: ${known}.`);
}

function shifted({ of, byMs, at }: Shift): Typed {
  const { term } = typed(of);
  if (term.kind === 'now') return { term: { kind: 'now', byMs: term.byMs + byMs }, type: 'date', at };
  throw new QueryFault(at, "A duration is added to now() only: now() sub duration'P30D'.");
}

function literalTerm({ type, text, at }: Literal): Typed {
  switch (type) {
    case 'null':
      return { term: constant(null), type: 'null', at };
    case 'boolean':
      return { term: constant(text === 'true'), type: 'boolean', at };
    case 'number':
      return { term: constant(Number(text)), type: 'number', at };
    case 'date':
      return { term: constant(instantOf(text, at)), type: 'date', at };
    case 'guid':
      return { term: constant(folded(text)), type: 'guid', at };
    case 'string':
      return { term: constant(text), type: 'string', at };
    default:
      return type satisfies never;
  }
}

const constant = (value: Value): Term => ({ kind: 'constant', value });

/** A date without a time is its first moment, one without a zone is UTC. */
function instantOf(text: string, at: number): number {
  const [day, time] = [text.slice(0, 10), text.slice(10).toUpperCase()];
  const hasZone = time === '' || /(?:Z|[+-]\d\d:\d\d)$/.test(time);
  const ms = Date.parse(`${day}${time}${hasZone ? '' : 'Z'}`);
  // JavaScript takes the 30th of February for the 2nd of March.
  const isDay = !Number.isNaN(ms) && new Date(day).toISOString().startsWith(day);
  if (!isDay) throw new QueryFault(at, 'There is no such date.');
  return ms;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Both sides as values of one type; texts in the case in which they are compared. */
function alike(left: Typed, right: Typed): [Typed, Typed] {
  const [a, b] = [asGuidLike(left, right), asGuidLike(right, left)];
  if (a.type !== b.type && a.type !== 'null' && b.type !== 'null') {
    throw new QueryFault(b.at, `${WANTED[a.type]} is wanted here.`);
  }
  const isExact = [a, b].some(({ term }) => term.kind === 'column' && term.column.isExact);
  return isExact ? [a, b] : [foldedConstant(a), foldedConstant(b)];
}

const WANTED: Readonly<Record<ColumnType | 'null', string>> = {
  string: "A text in quotes such as 'text'",
  number: 'A number without quotes',
  date: 'A date without quotes such as 2026-01-31T00:00:00Z, or now(),',
  guid: 'A GUID such as 5531d753-95af-e711-a94e-000d3a11e605',
  boolean: 'true or false',
  null: 'null',
};

/** Dataverse takes GUIDs in quotes too. */
function asGuidLike(one: Typed, other: Typed): Typed {
  const { term, type } = one;
  if (type !== 'string' || other.type !== 'guid' || term.kind !== 'constant') return one;
  return typeof term.value === 'string' && GUID.test(term.value) ? { ...one, type: 'guid' } : one;
}

function foldedConstant(one: Typed): Typed {
  const { term } = one;
  if (term.kind !== 'constant' || typeof term.value !== 'string') return one;
  return { ...one, term: constant(folded(term.value)) };
}

function columnsOf(condition: Condition): Column[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap(columnsOf);
    case 'not':
      return columnsOf(condition.of);
    case 'compare':
      return [condition.left, condition.right].flatMap(columnOf);
    case 'text':
      return [condition.of, condition.what].flatMap(columnOf);
    default:
      return condition satisfies never;
  }
}

const columnOf = (term: Term): Column[] =>
  term.kind === 'column' && term.column !== TOKEN_KEY ? [term.column] : [];
