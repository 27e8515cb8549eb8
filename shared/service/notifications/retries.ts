/** After so many attempts, over most of a day, only admins try again. */
export const MOST_ATTEMPTS = 6;

const FIRST_MS = 10 * 60_000;
const GROWTH = 3;

/** When the scan tries again what has failed so many times: after 10 minutes, 30, 90, and so on; never after the last. */
export function retryAtAfter(attempts: number, now: number): { readonly retryAt?: string } {
  if (attempts >= MOST_ATTEMPTS) return {};
  return { retryAt: new Date(now + FIRST_MS * GROWTH ** (attempts - 1)).toISOString() };
}
