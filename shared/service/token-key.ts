import { createHash } from 'node:crypto';

/** Bytes of UTF-8 that a token may have on a row and in a key. */
const MAX_KEY_BYTES = 64;
const HASHED = 'sha256:';

/**
 * The form of a dependency token that rows and keys carry: the token itself where it is short, else its hash. No
 * token can be mistaken for the hash of another, since what looks like a hash is hashed too.
 */
export function tokenKey(token: string): string {
  const isShort = Buffer.byteLength(token) <= MAX_KEY_BYTES && !token.startsWith(HASHED);
  return isShort ? token : HASHED + createHash('sha256').update(token).digest('base64url');
}
