import type { History } from './history.ts';

/** What a walk over the past has left where it was, up to a sequence. */
export interface Seen {
  readonly upTo: number;
  readonly open: number;
  readonly completed: number;
}

/** How many completed jobs are kept, from what a walk has seen and what the indexes say of the rest. */
export async function countCompleted({ upTo, open, completed }: Seen, history: History): Promise<number> {
  const [younger, allOpen] = await Promise.all([
    history.count({ from: upTo + 1, to: Number.MAX_SAFE_INTEGER }),
    history.countOpen(),
  ]);
  // Indexes lag: what has just been completed may be counted as open, and then less goes, never more.
  return completed + Math.max(0, younger - Math.max(0, allOpen - open));
}
