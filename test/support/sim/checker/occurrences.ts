import type { Job } from '../../../../shared/job/job.ts';
import type { Series } from '../../../../shared/service/series/series.ts';
import type { Commit, Run } from '../happening.ts';
import { CANCELED, dateOf, isOver, type Model, PATIENCE_MS, READY, type Rule } from './model.ts';

const MISSED_MS = 20 * 60_000;
/** A worker that decides, is slow, and whose write is late: longer ago nobody can have looked at the clock. */
const LONGEST_DECISION_MS = 100_000;

interface Coming {
  readonly series: Series;
  readonly was: Job;
  readonly became: Job;
  readonly now: number;
  readonly model: Model;
}

/** The occurrences of series, when their dates come and when they run. */
export class Occurrences {
  /** Of each series the one that came last. */
  readonly #last = new Map<string, string>();
  /** When those that had come were over, or gone. */
  readonly #overAt = new Map<string, number>();
  /** With which input each is to run. */
  readonly #inputs = new Map<string, string>();

  /** None comes while its series is paused; who is late, or meets the one before, comes or is left out as ordered. */
  readonly comeByPolicy: Rule = (happening, now, model) => {
    if (happening.kind !== 'commit') return undefined;
    this.#end(happening, now);
    const { series: step, rows, noted } = happening;
    const series = step?.before;
    const change = rows.find(({ jobId }) => jobId === series?.nextJobId);
    if (series === undefined || change?.before === undefined || change.after === undefined) return undefined;
    const coming = { series, was: change.before, became: change.after, now, model };
    const { jobId } = change;
    const isLeftOut = change.after.statusCode === CANCELED && noted?.by === 'service';
    if (isLeftOut) return this.#faultOfLeftOut(coming);
    if (change.after.statusCode !== READY) return undefined;
    const fault = this.#faultOfCome(coming);
    this.#last.set(series.seriesId, jobId);
    const said = step?.after?.lastJobId;
    return fault ?? (said === jobId ? undefined : `${jobId} has come, and the series says ${said ?? 'none'}`);
  };

  #faultOfCome({ series, was, became, now, model }: Coming): string | undefined {
    const { jobId } = was;
    const { recurrence, order, seriesId } = series;
    if (series.isPaused) return `${jobId} came while its series was paused`;
    const isLate = now - (dateOf(was) ?? 0) > MISSED_MS + LONGEST_DECISION_MS;
    if (isLate && recurrence.missed === 'skip') return `${jobId} came late, where late ones are left out`;
    const last = this.#last.get(seriesId);
    const isOpen = last !== undefined && model.rows.has(last) && !this.#overAt.has(last);
    if (recurrence.overlap === 'skip' && isOpen)
      return `${jobId} came while ${last}, the one before, was open`;
    const line = order.dependencyToken ?? (recurrence.overlap === 'queue' ? `series:${seriesId}` : undefined);
    return became.dependencyToken === line
      ? undefined
      : `${jobId} came into the line ${became.dependencyToken}, and belongs into ${line}`;
  }

  #faultOfLeftOut({ series, was, became, now }: Coming): string | undefined {
    const { jobId, postponeUntil = '' } = was;
    const { missed, overlap } = series.recurrence;
    if (became.friendlyMessage === undefined) return `${jobId} was left out without a word`;
    const date = Date.parse(postponeUntil);
    if (date > now + PATIENCE_MS) return `${jobId} was left out before its date`;
    if (missed === 'skip' && now - date > MISSED_MS - PATIENCE_MS) return undefined;
    const last = this.#last.get(series.seriesId);
    const wasOpen = last !== undefined && (this.#overAt.get(last) ?? now) >= date - PATIENCE_MS;
    if (overlap === 'skip' && wasOpen) return undefined;
    return `${jobId} was left out, and neither late nor was the one before open`;
  }

  #end({ rows }: Commit, now: number): void {
    for (const { jobId, before, after } of rows) {
      const isOpen = before !== undefined && !isOver(before);
      if (isOpen && (after === undefined || isOver(after))) this.#overAt.set(jobId, now);
    }
  }

  /** Each is what its series said when it was made, and runs with that. */
  readonly areAsOrdered: Rule = (happening) => {
    if (happening.kind === 'began') return this.#faultOfRun(happening.run);
    if (happening.kind !== 'commit' || happening.series?.after === undefined) return undefined;
    const { order, ownerId, createdBy, nextJobId } = happening.series.after;
    const made = happening.rows.find(({ jobId, before }) => jobId === nextJobId && before === undefined);
    if (made?.after === undefined) return undefined;
    this.#inputs.set(made.jobId, JSON.stringify(order.input));
    const { operation, maxRetries, ...row } = made.after;
    const isSame =
      operation === order.operation &&
      maxRetries === order.maxRetries &&
      row.ownerId === ownerId &&
      row.createdBy === createdBy;
    return isSame ? undefined : `${made.jobId} is not what its series orders`;
  };

  #faultOfRun({ jobId, input }: Run): string | undefined {
    const wanted = this.#inputs.get(jobId);
    return wanted === undefined || wanted === JSON.stringify(input)
      ? undefined
      : `${jobId} runs with ${JSON.stringify(input)}, and its series says ${wanted}`;
  }
}
