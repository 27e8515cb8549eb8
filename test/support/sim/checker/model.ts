import type { Job } from '../../../../shared/job/job.ts';
import type { Series } from '../../../../shared/service/series/series.ts';
import type { Asked, AskedOfSeries, Happening } from '../happening.ts';

/** Instants of two processes are compared with this much patience: clocks differ. In milliseconds. */
export const PATIENCE_MS = 1_000;

export const READY = 0;
export const SUSPENDED = 10;
export const RUNNING = 20;
export const PAUSING = 21;
export const CANCELING = 22;
export const SUCCEEDED = 30;
export const FAILED = 31;
export const CANCELED = 32;

export const isOver = ({ statusCode }: Job): boolean => statusCode >= SUCCEEDED;
export const isLocked = ({ statusCode }: Job): boolean =>
  statusCode === RUNNING || statusCode === PAUSING || statusCode === CANCELING;

export const dateOf = ({ postponeUntil }: Job): number | undefined =>
  postponeUntil === undefined ? undefined : Date.parse(postponeUntil);

interface Tail {
  readonly last: number;
  readonly watchAt: string | undefined;
}

/** What the checker knows of the tables, from the commits that it has seen. */
export class Model {
  readonly rows = new Map<string, Job>();
  /** Job ids by sequence, of each token. */
  readonly lines = new Map<string, Map<number, string>>();
  readonly tails = new Map<string, Tail>();
  readonly series = new Map<string, Series>();
  readonly #asked = new Map<string, Set<Asked>>();
  readonly #askedOfSeries = new Map<string, Set<AskedOfSeries>>();

  lineOf(token: string): Map<number, string> {
    const line = this.lines.get(token) ?? new Map<number, string>();
    this.lines.set(token, line);
    return line;
  }

  /** The oldest open job of a token, by the places in its line. */
  headOf(token: string): Job | undefined {
    const line = this.lineOf(token);
    if (line.size === 0) return undefined;
    return this.rows.get(line.get(Math.min(...line.keys())) ?? '');
  }

  /** Whether somebody has ever asked for this: an answer may come later than its effect. */
  wasAsked(jobId: string, ...verbs: readonly Asked[]): boolean {
    const asked = this.#asked.get(jobId);
    return verbs.some((verb) => asked?.has(verb));
  }

  wasAskedOfSeries(seriesId: string, verb: AskedOfSeries): boolean {
    return this.#askedOfSeries.get(seriesId)?.has(verb) === true;
  }

  apply(happening: Happening): void {
    if (happening.kind === 'asked') {
      const asked = this.#asked.get(happening.jobId) ?? new Set();
      this.#asked.set(happening.jobId, asked.add(happening.verb));
    }
    if (happening.kind === 'series-asked') {
      const { seriesId, verb } = happening;
      this.#askedOfSeries.set(seriesId, (this.#askedOfSeries.get(seriesId) ?? new Set()).add(verb));
    }
    if (happening.kind !== 'commit') return;
    const { series } = happening;
    if (series?.after !== undefined) this.series.set(series.seriesId, series.after);
    else if (series !== undefined) this.series.delete(series.seriesId);
    for (const { jobId, after } of happening.rows) {
      if (after === undefined) this.rows.delete(jobId);
      else this.rows.set(jobId, after);
    }
    for (const { token, sequence, jobId, isThere } of happening.places) {
      if (isThere) this.lineOf(token).set(sequence, jobId);
      else this.lineOf(token).delete(sequence);
    }
    for (const { token, last, watchAt } of happening.tails) this.tails.set(token, { last, watchAt });
  }
}

/** Says what is wrong with what has just happened; the model has it already. */
export type Rule = (happening: Happening, now: number, model: Model) => string | undefined;

export interface NamedRule {
  readonly name: string;
  readonly rule: Rule;
}
