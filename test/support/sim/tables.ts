import type { AuditEntry } from '../../../shared/job/audit-entry.ts';
import type { Job } from '../../../shared/job/job.ts';
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
  type Chains,
  type DueQuery,
  JobExists,
  type LineEntry,
  type LinePart,
  type Link,
  TailAhead,
  TransitionRefused,
  type WatchedToken,
} from '../../../shared/service/ports.ts';
import type { Commit, PlaceChange, RowChange, TailChange } from './happening.ts';
import { Item } from './item.ts';
import { SimLine, type Tail } from './line.ts';

interface Surroundings {
  readonly now: () => number;
  /** How much later than the others an item of a transaction is seen, in milliseconds. */
  readonly spread: () => number;
  /** How far the indexes lag behind for this item and this reader, in milliseconds. */
  readonly lag: () => number;
  readonly committed: (commit: Omit<Commit, 'host'>) => void;
}

const NO_TAIL: Tail = { last: 0, watchAt: undefined };
const isThere = (job: Job, current: Job): boolean =>
  current.sequence === job.sequence &&
  current.createdOn === job.createdOn &&
  current.createdBy === job.createdBy &&
  current.requestHash === job.requestHash;

const linksOf = (entries: readonly LineEntry[]): Link[] =>
  entries.map(({ job: { dependencyToken: token, sequence, jobId }, lane }, index) => {
    const behind = entries[index - 1]?.job.sequence;
    return { token, sequence, jobId, lane, ...(behind !== undefined && { behind }) };
  });

/**
 * Simulated tables. Each call takes effect at once, when it is called; the items of a transaction become visible one
 * after the other, as DynamoDB's reads are not isolated from transactions, and its indexes lag.
 */
export class SimTables {
  readonly #rows = new Map<string, Item<Job>>();
  readonly #lines = new Map<string, SimLine>();
  readonly #around: Surroundings;
  /** When all that was written last is visible; only then its writer gets an answer. */
  settledAt = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  insert(job: Job): void {
    if (!this.isThere(job))
      this.#commit({ verb: 'insert' }, [{ jobId: job.jobId, before: undefined, after: job }]);
  }

  get(jobId: string): Job | undefined {
    return this.#rows.get(jobId)?.asOf(this.#around.now());
  }

  getLagging(jobId: string): Job | undefined {
    return this.#rows.get(jobId)?.asOf(this.#around.now() - this.#around.lag());
  }

  make(step: Transition): Job | undefined {
    const current = this.#rowOf(step.jobId).latest;
    if (current === undefined) throw new TransitionRefused(step);
    if (!isLegal(current, step)) {
      if (wasAlreadyMade(current, step)) return current;
      throw new TransitionRefused(step, current);
    }
    const next = applied(current, step);
    const change = { jobId: step.jobId, before: current, after: next };
    this.#commit({ verb: step.verb, noted: step.note?.entry }, [change], step.line);
    // A transaction does not tell the row.
    return step.line === undefined && step.note === undefined ? next : undefined;
  }

  remove(step: Removal): void {
    const current = this.#rowOf(step.jobId).latest;
    if (current === undefined) return;
    if (!isLegal(current, step)) throw new TransitionRefused(step, current);
    this.#commit({ verb: 'delete' }, [{ jobId: step.jobId, before: current, after: undefined }], step.line);
  }

  due({ by, from = '', limit }: DueQuery): { jobIds: string[]; next?: string } {
    const now = this.#around.now();
    const ids: string[] = [];
    for (const [jobId, row] of this.#rows) {
      const watchAt = row.asOf(now - this.#around.lag())?.watchAt;
      if (watchAt !== undefined && watchAt <= by && jobId > from) ids.push(jobId);
    }
    const jobIds = ids.toSorted().slice(0, limit);
    const next = jobIds.at(-1);
    return { jobIds, ...(ids.length > limit && next !== undefined && { next }) };
  }

  append(entries: readonly LineEntry[], watchAt: string): void {
    const [first] = entries;
    const [there, ...others] = entries.filter(({ job }) => this.isThere(job));
    if (first === undefined || (there !== undefined && others.length + 1 === entries.length)) return;
    if (there !== undefined) throw new JobExists(there.job.jobId, this.#rowOf(there.job.jobId).latest);
    const { tail } = this.#lineOf(first.job.dependencyToken);
    const { last, watchAt: watched } = tail.latest ?? NO_TAIL;
    if (last >= this.lowest(entries)) throw new TailAhead(last);
    const token = first.job.dependencyToken;
    this.#commit(
      { verb: 'append' },
      entries.map(({ job }) => ({ jobId: job.jobId, before: undefined, after: job })),
      undefined,
      linksOf(entries),
      { token, last: Math.max(last, entries.at(-1)?.job.sequence ?? 0), watchAt: watched ?? watchAt },
    );
  }

  /** What is compared with the tail. */
  protected lowest([first]: readonly LineEntry[]): number {
    return first?.job.sequence ?? 0;
  }

  head(token: string): Link | undefined {
    return this.#lineOf(token).head(this.#around.now());
  }

  line(token: string, part: LinePart): Link[] {
    return this.#lineOf(token).seen(this.#around.now(), part);
  }

  /** Who stands behind this place. */
  follower(link: Link): Link | undefined {
    return this.#lineOf(link.token).follower(link);
  }

  tail(token: string): number {
    return this.#lineOf(token).tail.asOf(this.#around.now())?.last ?? 0;
  }

  watched({ by, from = '', limit }: DueQuery): { tokens: WatchedToken[]; next?: string } {
    const now = this.#around.now();
    const due: WatchedToken[] = [];
    for (const [token, { tail }] of this.#lines) {
      const watchAt = tail.asOf(now - this.#around.lag())?.watchAt;
      if (watchAt !== undefined && watchAt <= by && token > from) due.push({ token, watchAt });
    }
    const tokens = due.toSorted((a, b) => (a.token < b.token ? -1 : 1)).slice(0, limit);
    const next = tokens.at(-1)?.token;
    return { tokens, ...(due.length > limit && next !== undefined && { next }) };
  }

  watch({ token, watchAt: seen }: WatchedToken, change: Parameters<Chains['watch']>[1]): boolean {
    const { tail } = this.#lineOf(token);
    const { last, watchAt } = tail.latest ?? NO_TAIL;
    if (watchAt !== seen || last !== change.tail) return false;
    this.#commit({ verb: 'watch' }, [], undefined, [], { token, last, watchAt: change.watchAt });
    return true;
  }

  removeOrphan({ token, sequence, jobId }: Link): boolean {
    const job = this.#rows.get(jobId)?.latest;
    if (job !== undefined && !isCompleted(job.statusCode)) return false;
    this.#commit({ verb: 'remove-orphan' }, [], { token, sequence, leaves: true });
    return true;
  }

  /** When a write to these items can be made: not in the middle of somebody else's transaction. */
  freeAt(jobIds: readonly string[], token?: string): number {
    const rows = jobIds.map((jobId) => this.#rows.get(jobId)?.settledAt ?? 0);
    const line = token === undefined ? 0 : this.#lineOf(token).settledAt;
    return Math.max(line, ...rows);
  }

  /** True if this very insert was made before; refuses another job of the same id. */
  protected isThere(job: Job): boolean {
    const current = this.#rowOf(job.jobId).latest;
    if (current === undefined) return false;
    if (!isThere(job, current)) throw new JobExists(job.jobId, current);
    return true;
  }

  #commit(
    { verb, noted }: { verb: string; noted?: AuditEntry | undefined },
    rows: readonly RowChange[],
    change?: LineChange,
    added: readonly Link[] = [],
    raised?: TailChange,
  ): void {
    const { now, spread, committed } = this.#around;
    const places: PlaceChange[] = added.map((link) => ({ ...link, isThere: true }));
    const tails = raised === undefined ? [] : [raised];
    if (change?.leaves) places.push(...this.#leaving(change));
    if (change?.watchAt !== undefined) {
      const { token, watchAt } = change;
      tails.push({ token, watchAt, last: this.#lineOf(token).tail.latest?.last ?? 0 });
    }
    const isAlone = rows.length + places.length + tails.length === 1;
    const from = (): number => {
      const moment = now() + (isAlone ? 0 : spread());
      this.settledAt = Math.max(this.settledAt, moment);
      return moment;
    };
    for (const { jobId, after } of rows)
      this.#rowOf(jobId).write(after && Object.freeze({ ...after }), from());
    for (const { token, sequence, isThere: isIn } of places) {
      const link = isIn ? added.find((each) => each.sequence === sequence) : undefined;
      this.#lineOf(token).place(sequence).write(link, from());
    }
    for (const { token, last, watchAt } of tails) this.#lineOf(token).tail.write({ last, watchAt }, from());
    for (const { token } of [...places, ...tails]) this.#lineOf(token).settledAt = this.settledAt;
    committed({ kind: 'commit', verb, rows, places, tails, ...(noted !== undefined && { noted }) });
  }

  #leaving({ token, sequence }: LineChange): PlaceChange[] {
    const link = this.#lineOf(token).place(sequence).latest;
    return link === undefined ? [] : [{ ...link, isThere: false }];
  }

  #rowOf(jobId: string): Item<Job> {
    const row = this.#rows.get(jobId) ?? new Item<Job>();
    this.#rows.set(jobId, row);
    return row;
  }

  #lineOf(token: string): SimLine {
    const line = this.#lines.get(token) ?? new SimLine();
    this.#lines.set(token, line);
    return line;
  }
}
