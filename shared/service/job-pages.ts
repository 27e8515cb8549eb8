import type { Incarnation } from '../job/details-key.ts';
import type { Json } from '../job/json.ts';
import type { OwnJob } from './ports.ts';

/** What a job keeps a list of. */
export const LISTS = ['items', 'export-items', 'export-log'] as const;
export type ListName = (typeof LISTS)[number];

/**
 * Long lists that a job keeps while it goes, such as what became of each item it works on: pages of lines, numbered from
 * 0. They are parts of the job's details and go with them.
 */
export interface JobPages {
  /** Writes a page, or writes it anew. Fenced: a worker that was replaced can't overwrite what its successor wrote. */
  put(own: OwnJob, list: ListName, page: number, lines: readonly Json[]): Promise<void>;
  /** Strongly consistent. */
  get(job: Incarnation, list: ListName, page: number): Promise<readonly Json[] | undefined>;
}

const AT_ONCE = 16;

/**
 * The pages from one on, in order, up to the first that is not there or has no lines: that is the end. `atOnce` of them are
 * read ahead.
 */
export async function* pagesFrom(
  first: number,
  read: (page: number) => Promise<readonly Json[] | undefined>,
  atOnce = AT_ONCE,
): AsyncGenerator<{ page: number; lines: readonly Json[] }, void, void> {
  for (let from = first; ; from += atOnce) {
    const some = await Promise.all(Array.from({ length: atOnce }, (_, place) => read(from + place)));
    for (const [place, lines = []] of some.entries()) {
      if (lines.length === 0) return;
      yield { page: from + place, lines };
    }
  }
}
