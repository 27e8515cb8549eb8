/** UUIDs that count: 00000000-0000-7000-8000-000000000001 and so on. */
export function countingIds(): () => string {
  let last = 0;
  return () => idOf(++last);
}

export const idOf = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
