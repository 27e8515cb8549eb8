import { createHash } from 'node:crypto';
import * as z from 'zod';
import { InvalidInput } from './errors.ts';

const Content = z.strictObject({ of: z.string(), at: z.string() });

/**
 * Where the next page of a list begins, as an opaque text. It belongs to the list that it came from: given
 * to another list or other filters it is refused, for it would silently skip items.
 */
export const pageCursor = (list: unknown, at: string): string =>
  Buffer.from(JSON.stringify({ of: fingerprint(list), at })).toString('base64url');

export function readPageCursor(list: unknown, cursor: string): string {
  const content = Content.safeParse(decoded(cursor));
  if (content.success && content.data.of === fingerprint(list)) return content.data.at;
  throw notACursor();
}

export function notACursor(): InvalidInput {
  const detail =
    'This is not a cursor of this list. Use nextCursor of the page before, with the same filters.';
  return new InvalidInput([{ in: 'query', pointer: '/cursor', detail }]);
}

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

const fingerprint = (list: unknown): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12);
