import { hash } from 'node:crypto';
import type { Inspection } from './inspection.ts';

/** What can be said of any bytes, whatever is wrong with them. */
export const identify = (bytes: Uint8Array): Pick<Inspection, 'size' | 'sha256'> => ({
  size: bytes.length,
  sha256: hash('sha256', bytes),
});
