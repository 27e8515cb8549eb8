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
import type { PlaceChange, TailChange } from './happening.ts';
import { Item } from './item.ts';
import { SimLine, type Tail } from './line.ts';
import { SimSeries } from './series-table.ts';
import { type Change, linksOf, type Surroundings } from './table-change.ts';

const NO_TAIL: Tail = { last: 0, watchAt: undefined };
const isThere = (job: Job, current: Job): boolean =>
  current.sequence === job.sequence &&
  current.createdOn === job.createdOn &&
  current.createdBy === job.createdBy &&
  current.requestHash === job.requestHash;

/**
 * Simulated tables. Each call takes effect at once, when it is called; the items of a transaction become visible one
 * after the other, as DynamoDB's reads are not isolated from transactions, and its indexes lag.
 */
export class SimTables {
  readonly #rows = new Map<string, Item<Job>>();
  readonly #lines = new Map<string, SimLine>();
  readonly #around: Surroundings;
  readonly series: SimSeries;
  /** When all that was written last is visible; only then its writer gets an answer. */
  settledAt = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.series = new SimSeries(this, around);
  }

  insert(job: Job): void {
    if (!this.isThere(job))
      this.commit({ verb: 'insert', rows: [{ jobId: job.jobId, before: undefined, after: job }] });
  }

  /** As conditions see it. */
  latest(jobId: string): Job | undefined {
    return this.#rows.get(jobId)?.latest;
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
    const rows = [{ jobId: step.jobId, before: current, after: next }];
    this.commit({ verb: step.verb, noted: step.note?.entry, rows, line: step.line });
    // A transaction does not tell the row.
    return step.line === undefined && step.note === undefined ? next : undefined;
  }

  remove(step: Removal): void {
    const current = this.#rowOf(step.jobId).latest;
    if (current === undefined) return;
    if (!isLegal(current, step)) throw new TransitionRefused(step, current);
    const rows = [{ jobId: step.jobId, before: current, after: undefined }];
    this.commit({ verb: 'delete', rows, line: step.line });
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
    const rows = entries.map(({ job }) => ({ jobId: job.jobId, before: undefined, after: job }));
    this.commit({ verb: 'append', rows, joins: entries, raised: this.raised(entries, watchAt) });
  }

  /** The tail of a token when these have joined its line; refuses who stands before it. */
  raised(entries: readonly LineEntry[], watchAt: string): TailChange {
    const token = entries[0]?.job.dependencyToken ?? '';
    const { last, watchAt: watched } = this.#lineOf(token).tail.latest ?? NO_TAIL;
    if (last >= this.lowest(entries)) throw new TailAhead(last);
    return { token, last: Math.max(last, entries.at(-1)?.job.sequence ?? 0), watchAt: watched ?? watchAt };
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
    this.commit({ verb: 'watch', raised: { token, last, watchAt: change.watchAt } });
    return true;
  }

  removeOrphan({ token, sequence, jobId }: Link): boolean {
    const job = this.#rows.get(jobId)?.latest;
    if (job !== undefined && !isCompleted(job.statusCode)) return false;
    this.commit({ verb: 'remove-orphan', line: { token, sequence, leaves: true } });
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

  /** All of it at this moment; its items become visible one after the other. */
  commit({ verb, noted, rows = [], line, joins = [], raised, series }: Change): void {
    const { now, spread, committed } = this.#around;
    const added = linksOf(joins);
    const places: PlaceChange[] = added.map((link) => ({ ...link, isThere: true }));
    const tails = raised === undefined ? [] : [raised];
    if (line?.leaves) places.push(...this.#leaving(line));
    if (line?.watchAt !== undefined) {
      const { token, watchAt } = line;
      tails.push({ token, watchAt, last: this.#lineOf(token).tail.latest?.last ?? 0 });
    }
    const isAlone = series === undefined && rows.length + places.length + tails.length === 1;
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
    if (series !== undefined) this.series.write(series, from());
    for (const { token } of [...places, ...tails]) this.#lineOf(token).settledAt = this.settledAt;
    const also = { ...(noted !== undefined && { noted }), ...(series !== undefined && { series }) };
    committed({ kind: 'commit', verb, rows, places, tails, ...also });
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
