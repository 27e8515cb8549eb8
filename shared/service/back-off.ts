const FIRST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;

/**
 * How long to wait before the next try: doubled each time up to ten minutes, and anywhere in the upper half of that,
 * so that jobs that failed together do not come back together.
 */
export function backOffMs(retryCount: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(retryCount, 20));
  return Math.round(most * (0.5 + random() / 2));
}
