/** What a query says, as it was written: names are not looked up yet. `at` is the offset in the text. */

export type Expr = Every | Not | Compare | Among | Operand;
export type Operand = Literal | ColumnName | Call | Shift;

/** `and`, `or`: two parts or more. */
export interface Every {
  readonly kind: 'and' | 'or';
  readonly parts: readonly Expr[];
}

export interface Not {
  readonly kind: 'not';
  readonly of: Expr;
}

export const COMPARISONS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Compare {
  readonly kind: 'compare';
  readonly op: Comparison;
  readonly left: Operand;
  readonly right: Operand;
}

/** `in`. */
export interface Among {
  readonly kind: 'in';
  readonly of: Operand;
  readonly values: readonly Literal[];
}

export interface ColumnName {
  readonly kind: 'column';
  readonly name: string;
  readonly at: number;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Operand[];
  readonly at: number;
}

/** A date and a duration that is added to it: negative for `sub`. */
export interface Shift {
  readonly kind: 'shift';
  readonly of: Operand;
  readonly byMs: number;
  readonly at: number;
}

export type LiteralType = 'null' | 'boolean' | 'number' | 'string' | 'date' | 'guid';

export interface Literal {
  readonly kind: 'literal';
  readonly type: LiteralType;
  /** Without quotes; numbers as they were written, for they may be larger than a double holds exactly. */
  readonly text: string;
  readonly at: number;
}
