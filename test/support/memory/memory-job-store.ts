import type { Job } from '../../../shared/job/job.ts';
import type { Lane } from '../../../shared/job/lane.ts';
import { isCompleted } from '../../../shared/job/status.ts';
import {
  applied,
  isLegal,
  type LineChange,
  type Removal,
  type Transition,
  wasAlreadyMade,
} from '../../../shared/job/transition.ts';
import {
  byAge,
  type Chains,
  type DuePage,
  type DueQuery,
  isOlder,
  JobExists,
  type JobStore,
  type LineEntry,
  type LinePart,
  type Link,
  TailAhead,
  type TimelineEntry,
  type TimelineRange,
  TransitionRefused,
  type WatchedPage,
  type WatchedToken,
} from '../../../shared/service/ports.ts';
import { MemoryAudit } from './memory-audit.ts';

interface Line {
  last: number;
  watchAt?: string | undefined;
  readonly links: Map<number, Link>;
}

/** Jobs and the lines of their tokens in maps; passes the same contract suites as the stores on DynamoDB. */
export class MemoryJobStore implements JobStore, Chains {
  readonly #rows = new Map<string, Job>();
  readonly #lines = new Map<string, Line>();
  readonly #audit: MemoryAudit;

  constructor(audit = new MemoryAudit()) {
    this.#audit = audit;
  }

  async insert(job: Job): Promise<void> {
    if (!this.#isThere(job)) this.put(job);
  }

  async insertAll(jobs: readonly Job[]): Promise<ReadonlySet<string>> {
    for (const job of jobs) this.put(job);
    return new Set(jobs.map(({ jobId }) => jobId));
  }

  async get(jobId: string): Promise<Job | undefined> {
    return this.#rows.get(jobId);
  }

  async getAll(jobIds: readonly string[]): Promise<Job[]> {
    return jobIds.flatMap((jobId) => this.#rows.get(jobId) ?? []);
  }

  async make(step: Transition): Promise<Job> {
    const current = this.#rows.get(step.jobId);
    if (current === undefined) throw new TransitionRefused(step);
    if (!isLegal(current, step)) {
      if (wasAlreadyMade(current, step)) return current;
      throw new TransitionRefused(step, current);
    }
    const next = applied(current, step);
    this.put(next);
    this.#change(step.line);
    if (step.note !== undefined) this.#audit.write(step.note.of, step.note.entry);
    return next;
  }

  async remove(step: Removal): Promise<void> {
    const current = this.#rows.get(step.jobId);
    if (current === undefined) return;
    if (!isLegal(current, step)) throw new TransitionRefused(step, current);
    this.#rows.delete(step.jobId);
    this.#change(step.line);
  }

  async timeline({ before, notBefore = 0, limit }: TimelineRange): Promise<TimelineEntry[]> {
    return this.rows()
      .map(({ sequence, jobId }) => ({ sequence, jobId }))
      .filter((entry) => entry.sequence >= notBefore && isOlder(entry, before))
      .toSorted(byAge)
      .slice(0, limit);
  }

  async due({ by, from = '', limit }: DueQuery): Promise<DuePage> {
    const due = this.rows()
      .filter(({ watchAt, jobId }) => watchAt !== undefined && watchAt <= by && jobId > from)
      .map(({ jobId }) => jobId)
      .toSorted();
    const jobIds = due.slice(0, limit);
    const next = jobIds.at(-1);
    return { jobIds, ...(due.length > limit && next !== undefined && { next }) };
  }

  async append(entries: readonly LineEntry[], watchAt: string): Promise<void> {
    const there = entries.filter(({ job }) => this.#isThere(job));
    if (there.length === entries.length) return;
    for (const { job } of there) throw new JobExists(job.jobId, this.#rows.get(job.jobId));
    const [first] = entries;
    if (first === undefined) return;
    const line = this.#lineOf(first.job.dependencyToken);
    if (line.last >= first.job.sequence) throw new TailAhead(line.last);
    line.watchAt ??= watchAt;
    for (const [place, { job, lane }] of entries.entries()) {
      this.putInLine(job, lane, entries[place - 1]?.job.sequence);
    }
  }

  async head(token: string): Promise<Link | undefined> {
    const { links } = this.#lineOf(token);
    const first = Math.min(...links.keys());
    return links.get(first);
  }

  async line(token: string, { after = 0, upTo = Number.MAX_SAFE_INTEGER, limit }: LinePart): Promise<Link[]> {
    return this.linksOf(token)
      .filter(({ sequence }) => sequence > after && sequence <= upTo)
      .slice(0, limit);
  }

  async tail(token: string): Promise<number> {
    return this.#lineOf(token).last;
  }

  async watched({ by, from = '', limit }: DueQuery): Promise<WatchedPage> {
    const due = [...this.#lines]
      .flatMap(([token, { watchAt }]) => (watchAt === undefined ? [] : [{ token, watchAt }]))
      .filter(({ token, watchAt }) => watchAt <= by && token > from)
      .toSorted((a, b) => (a.token < b.token ? -1 : 1));
    const tokens = due.slice(0, limit);
    const next = tokens.at(-1)?.token;
    return { tokens, ...(due.length > limit && next !== undefined && { next }) };
  }

  async watch(seen: WatchedToken, { tail, watchAt }: { tail: number; watchAt?: string }): Promise<boolean> {
    const line = this.#lineOf(seen.token);
    if (line.watchAt !== seen.watchAt || line.last !== tail) return false;
    line.watchAt = watchAt;
    return true;
  }

  async removeOrphan({ token, sequence, jobId }: Link): Promise<boolean> {
    const job = this.#rows.get(jobId);
    if (job !== undefined && !isCompleted(job.statusCode)) return false;
    this.#lineOf(token).links.delete(sequence);
    return true;
  }

  /** Takes a row away, whatever it is. */
  forget(jobId: string): boolean {
    return this.#rows.delete(jobId);
  }

  /** Takes a token's tail away if nobody watches it and it has given out nothing above `upTo`. */
  forgetToken(token: string, upTo: number): boolean {
    const line = this.#lines.get(token);
    if (line === undefined || line.watchAt !== undefined || line.last > upTo) return false;
    return this.#lines.delete(token);
  }

  /** Puts a row as it is, legal or not: for arranging. */
  put(job: Job): void {
    this.#rows.set(job.jobId, Object.freeze({ ...job }));
  }

  /** A row as it is, and its place if it has a token: for arranging. */
  putInLine(job: Job, lane: Lane, behind?: number): void {
    this.put(job);
    const { dependencyToken: token, sequence, jobId } = job;
    if (token === undefined) return;
    const line = this.#lineOf(token);
    line.last = Math.max(line.last, sequence);
    line.links.set(sequence, { token, sequence, jobId, lane, ...(behind !== undefined && { behind }) });
  }

  /** At the end of a line, as part of a change of something else. */
  join(job: Job & { readonly dependencyToken: string }, lane: Lane, watchAt: string): void {
    this.#lineOf(job.dependencyToken).watchAt ??= watchAt;
    this.putInLine(job, lane);
  }

  /** The highest sequence that was given out. */
  lastOf(token: string): number {
    return this.#lineOf(token).last;
  }

  /** A token that is to be looked at by then: for arranging. */
  watchFrom(token: string, watchAt: string): void {
    this.#lineOf(token).watchAt = watchAt;
  }

  rows(): Job[] {
    return [...this.#rows.values()];
  }

  /** The places of a line, oldest first. */
  linksOf(token: string): Link[] {
    return [...this.#lineOf(token).links.values()].toSorted((a, b) => a.sequence - b.sequence);
  }

  watchAtOf(token: string): string | undefined {
    return this.#lineOf(token).watchAt;
  }

  /** True if this very insert was made before; refuses another job of the same id. */
  #isThere(job: Job): boolean {
    const current = this.#rows.get(job.jobId);
    if (current === undefined) return false;
    const isOurs =
      current.sequence === job.sequence &&
      current.createdBy === job.createdBy &&
      current.createdOn === job.createdOn &&
      current.requestHash === job.requestHash;
    if (!isOurs) throw new JobExists(job.jobId, current);
    return true;
  }

  #lineOf(token: string): Line {
    const line = this.#lines.get(token) ?? { last: 0, links: new Map<number, Link>() };
    this.#lines.set(token, line);
    return line;
  }

  #change(change: LineChange | undefined): void {
    if (change === undefined) return;
    const line = this.#lineOf(change.token);
    if (change.leaves) line.links.delete(change.sequence);
    if (change.watchAt !== undefined) line.watchAt = change.watchAt;
  }
}
