import type { Expr } from './ast.ts';

/** Generated from `filter.peggy`; throws `SyntaxError`, or a `RangeError` if it is nested too deep. */
export function parse(text: string): Expr;

export class SyntaxError extends Error {
  readonly location: { readonly start: { readonly offset: number } };
  readonly found: string | null;
  readonly expected: readonly {
    readonly type: string;
    readonly description?: string;
    readonly text?: string;
  }[];
}
