import * as z from 'zod';
import type { Job } from '../job/job.ts';
import { NEVER } from '../job/watch.ts';
import type { History } from '../service/history.ts';
import type { JobStore, TimelineEntry } from '../service/ports.ts';
import type { AccessPath } from './access-path.ts';

export interface CandidateReader {
  readonly jobs: Pick<JobStore, 'getAll' | 'due' | 'timeline'>;
  readonly history: Pick<History, 'oldest'>;
}

export interface CandidatePage {
  readonly rows: readonly Job[];
  /** Where the next page begins. */
  readonly next: string;
}

interface Walk {
  /** `next` of the page before. */
  readonly from?: string | undefined;
  /** Which end of the timeline comes first; the other paths have no order. */
  readonly newestFirst: boolean;
}

const PAGE = 200;

/**
 * The rows along a path, page by page; they may lag by a moment. On the timeline every job has one place for good: each
 * comes once. In the index of open jobs they move while they are worked on: one may come twice, or be passed by.
 */
export function candidates(path: AccessPath, walk: Walk, reader: CandidateReader): Pages {
  switch (path.by) {
    case 'nothing':
      return byId([], walk, reader);
    case 'id':
      return byId(path.jobIds, walk, reader);
    case 'open':
      return open(walk, reader);
    case 'timeline':
      return walk.newestFirst ? downTimeline(path, walk, reader) : upTimeline(path, walk, reader);
    default:
      return path satisfies never;
  }
}

type Pages = AsyncGenerator<CandidatePage, void, void>;

async function* byId(jobIds: readonly string[], { from = '0' }: Walk, { jobs }: CandidateReader): Pages {
  for (let at = Number(from); at < jobIds.length; at += PAGE) {
    yield { rows: await jobs.getAll(jobIds.slice(at, at + PAGE)), next: String(at + PAGE) };
  }
}

async function* open({ from }: Walk, { jobs }: CandidateReader): Pages {
  let at = from;
  do {
    const { jobIds, next } = await jobs.due({ by: NEVER, from: at, limit: PAGE });
    at = next;
    if (jobIds.length > 0) yield { rows: await jobs.getAll(jobIds), next: next ?? '' };
  } while (at !== undefined && at !== '');
}

type Range = Extract<AccessPath, { by: 'timeline' }>;

const Entry = z.object({ sequence: z.number(), jobId: z.string() });
const entryFrom = (text: string | undefined, start: TimelineEntry): TimelineEntry =>
  text === undefined ? start : Entry.parse(JSON.parse(text));

async function* downTimeline(
  { from: notBefore, to }: Range,
  { from }: Walk,
  { jobs }: CandidateReader,
): Pages {
  for (let before = entryFrom(from, { sequence: to + 1, jobId: '' }); ; ) {
    const entries = await jobs.timeline({ before, notBefore, limit: PAGE });
    const last = yield* pageOf(entries, jobs);
    if (last === undefined) return;
    before = last;
  }
}

async function* upTimeline(
  { from: first, to }: Range,
  { from }: Walk,
  { jobs, history }: CandidateReader,
): Pages {
  // Of those with the sequence before the first the last: no id is above this.
  for (let after = entryFrom(from, { sequence: first - 1, jobId: '\u{10FFFF}' }); ; ) {
    const entries = await history.oldest({ after, upTo: to, limit: PAGE });
    const last = yield* pageOf(entries, jobs);
    if (last === undefined) return;
    after = last;
  }
}

/** The last entry, if others may follow. */
async function* pageOf(
  entries: readonly TimelineEntry[],
  jobs: Pick<JobStore, 'getAll'>,
): AsyncGenerator<CandidatePage, TimelineEntry | undefined, void> {
  const last = entries.at(-1);
  if (last === undefined) return undefined;
  yield { rows: await jobs.getAll(entries.map(({ jobId }) => jobId)), next: JSON.stringify(last) };
  return entries.length < PAGE ? undefined : last;
}
