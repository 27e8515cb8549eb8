import type { Scope } from './inspection.ts';

/** Two characters at least, so that `C:\docs\a.xml` is a (broken) path and not a scheme. */
const scheme = /^[a-z][a-z0-9+.-]+:/i;
const protocolRelative = /^[\\/]{2}/;
const sameFile = /^(?:[#?]|$)/;

/** As browsers do: line breaks and tabs inside an address, and spaces around it, mean nothing. */
export const cleanTarget = (target: string): string => target.replace(/[\t\n\r]/g, '').trim();

/** Where a target leads by its form alone; an empty one means the file itself. */
export function scopeOf(target: string): Exclude<Scope, 'key'> {
  const cleaned = cleanTarget(target.slice(0, 4096));
  if (sameFile.test(cleaned)) return 'same-file';
  return scheme.test(cleaned) || protocolRelative.test(cleaned) ? 'external' : 'local';
}
