import type * as z from 'zod';
import { type Fault, InvalidInput } from './errors.ts';

interface ParseOptions {
  /** Where the value comes from; the body if left out. */
  readonly in?: Fault['in'];
  /** Fields that a later version serves: refused like unknown ones, but saying so. */
  readonly later?: readonly string[];
}

/** Turns what came from outside into a type, or throws `InvalidInput` with the JSON pointer of each fault. */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  options: ParseOptions = {},
): z.output<S> {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const faults = faultsOf(checked.error, '', options.later);
  const place = options.in;
  throw new InvalidInput(place === undefined ? faults : faults.map((fault) => ({ in: place, ...fault })));
}

export const faultsOf = (error: z.ZodError, under = '', later: readonly string[] = []): Fault[] =>
  error.issues.flatMap((issue) => faultsOfIssue(issue, under, later));

function faultsOfIssue(issue: z.core.$ZodIssue, under: string, later: readonly string[]): Fault[] {
  const at = under + pointerTo(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ pointer: at, detail: issue.message }];
  return issue.keys.map((key) => ({
    pointer: at + pointerTo([key]),
    detail: later.includes(key)
      ? 'This version does not serve this field yet; leave it out.'
      : 'There is no such field; leave it out.',
  }));
}

/** RFC 6901. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
