import * as z from 'zod';
import { type Job, MAX_TOKEN } from '../job/job.ts';
import type { Caller } from './caller.ts';
import { type Explainer, type Explanation, explain } from './explain/explain-job.ts';
import { headAt } from './explain/surroundings.ts';
import { type Page, PageQuery } from './page.ts';
import { notACursor, pageCursor, readPageCursor } from './page-cursor.ts';
import type { Chains, JobStore, Link } from './ports.ts';
import { tokenKey } from './token-key.ts';

const TOKEN = {
  error: `Name a dependency token: 1 to ${MAX_TOKEN.toString()} characters of well-formed Unicode.`,
};

/** The query of `GET /tokens`. */
export const LineQuery = z.strictObject({
  ...PageQuery,
  token: z
    .string(TOKEN)
    .min(1, TOKEN)
    .max(MAX_TOKEN, TOKEN)
    .refine((token) => token.isWellFormed(), TOKEN),
});
export type LineQuery = z.infer<typeof LineQuery>;

/** Who stands where. */
export interface InLine {
  /** 1 is the head. On later pages counted on from the page before, so whoever has left since is counted still. */
  readonly position: number;
  readonly link: Link;
  /** May lag by a moment; absent where it cannot be seen yet, or has just gone. */
  readonly job?: Job;
}

export interface Line extends Page<InLine> {
  readonly token: string;
  /** What holds the line; absent where nobody stands in it. */
  readonly head?: Explanation;
}

export interface LineReader extends Explainer {
  readonly jobs: Pick<JobStore, 'get' | 'getAll'>;
  readonly chains: Pick<Chains, 'line' | 'head'>;
}

/** The line of a token: its head and what holds it, and who stands in it, oldest first. A token nobody uses has an empty one. */
export async function showLine(query: LineQuery, caller: Caller, service: LineReader): Promise<Line> {
  const { token, limit, cursor } = query;
  const key = tokenKey(token);
  const from = cursor === undefined ? START : resumedAt(readPageCursor({ line: token }, cursor));
  const places = await service.chains.line(key, { after: from.after, limit: limit + 1 });
  const page = places.slice(0, limit);
  const [first] = cursor === undefined ? places : [await service.chains.head(key)];
  const rows = await service.jobs.getAll(page.map(({ jobId }) => jobId));
  const last = page.at(-1);
  return {
    token,
    ...(first !== undefined && (await headOf(first, caller, service))),
    items: page.map((link, n) => ({ position: from.position + n + 1, link, ...rowOf(link, token, rows) })),
    ...(places.length > limit &&
      last !== undefined && {
        nextCursor: pageCursor({ line: token }, `${from.position + limit}/${last.sequence}`),
      }),
  };
}

interface From {
  /** How many were shown before. */
  readonly position: number;
  readonly after: number | undefined;
}
const START: From = { position: 0, after: undefined };

function resumedAt(text: string): From {
  const [position, after] = text.split('/').map(Number);
  if (position === undefined || !Number.isSafeInteger(position) || !Number.isSafeInteger(after))
    throw notACursor();
  return { position, after };
}

async function headOf(first: Link, caller: Caller, service: LineReader): Promise<Pick<Line, 'head'>> {
  const { job } = await headAt(first, service.jobs);
  return job === undefined ? {} : { head: await explain({ job, place: first }, caller, service) };
}

/** The row of a place, with the token as people write it. */
function rowOf(link: Link, token: string, rows: readonly Job[]): { job?: Job } {
  const job = rows.find(({ jobId, sequence }) => jobId === link.jobId && sequence === link.sequence);
  return job === undefined ? {} : { job: { ...job, dependencyToken: token } };
}
