import * as z from 'zod';
import { InvalidInput } from './errors.ts';
import { parse } from './parse.ts';

const Nothing = z.strictObject({});

/** For what is asked for by its path alone. A body that would have no effect is refused rather than passed over. */
export function requireNoBody(body: unknown): void {
  if (typeof body !== 'string' || body === '') return;
  parse(Nothing, jsonOf(body));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInput([{ pointer: '', detail: 'Leave the body out, or send {}.' }]);
  }
}
