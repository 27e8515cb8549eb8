import type * as z from 'zod';
import { type Fault, InvalidInput } from './errors.ts';

interface ParseOptions {
  /** Where the value comes from; the body if left out. */
  readonly in?: Fault['in'];
  /** Fields that a later version serves: refused like unknown ones, but saying so. */
  readonly later?: readonly string[];
}

/** Levels of arrays and objects in each other: more would break code that walks them by recursion. */
const MAX_DEPTH = 100;
const TOO_DEEP: Fault = { pointer: '', detail: `Must not be nested more than ${MAX_DEPTH} levels deep.` };

/** Turns what came from outside into a type, or throws `InvalidInput` with the JSON pointer of each fault. */
export function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  options: ParseOptions = {},
): z.output<S> {
  if (isTooDeep(value)) throw new InvalidInput([TOO_DEEP]);
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const faults = faultsOf(checked.error, '', options.later);
  const place = options.in;
  throw new InvalidInput(place === undefined ? faults : faults.map((fault) => ({ in: place, ...fault })));
}

/** Whoever sends ten thousand wrong fields need not read of each: an answer has room for 6 MB. */
const MAX_FAULTS = 100;
/** Of a name that a client made up. */
const MAX_NAME_SHOWN = 100;

export const faultsOf = (error: z.ZodError, under = '', later: readonly string[] = []): Fault[] =>
  error.issues.flatMap((issue) => faultsOfIssue(issue, under, later)).slice(0, MAX_FAULTS);

function faultsOfIssue(issue: z.core.$ZodIssue, under: string, later: readonly string[]): Fault[] {
  const at = under + pointerTo(issue.path);
  if (issue.code !== 'unrecognized_keys') return [{ pointer: at, detail: issue.message }];
  return issue.keys.slice(0, MAX_FAULTS).map((key) => unknownField(key, at, later));
}

function unknownField(key: string, at: string, later: readonly string[]): Fault {
  if (key.length > MAX_NAME_SHOWN) {
    const begin = key.slice(0, MAX_NAME_SHOWN).toWellFormed();
    return { pointer: at, detail: `There is no field "${begin}…"; leave it out.` };
  }
  const detail = later.includes(key)
    ? 'This version does not serve this field yet; leave it out.'
    : 'There is no such field; leave it out.';
  return { pointer: at + pointerTo([key]), detail };
}

/** RFC 6901. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap(partsOf);
  }
  return false;
}

const partsOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values({ ...value }) : [];
