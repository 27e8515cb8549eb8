import type { Job } from '../../../../shared/job/job.ts';
import type { Happening } from '../happening.ts';
import { CANCELED, CANCELING, isOver, type Model, type Rule } from './model.ts';

type Created = Extract<Happening, { kind: 'created' }>;
type Answered = Extract<Happening, { kind: 'answered' }>;

const birthOf = ({ jobId, sequence }: Job): string => `${jobId}@${sequence}`;

/** What was acknowledged to a client holds. */
export class Promises {
  /** Every job that there ever was, by birth. */
  readonly #born = new Set<string>();
  readonly #bodies = new Map<string, string>();
  readonly #newAnswers = new Set<string>();
  readonly #ordered = new Map<string, Set<string>>();
  readonly #canceled = new Set<string>();

  /** A create that was acknowledged is kept; the same order with the same id gives the same job. */
  readonly createsOnce: Rule = (happening, _now, model) => {
    if (happening.kind === 'commit') {
      for (const { before, after } of happening.rows) if (!before && after) this.#born.add(birthOf(after));
    }
    if (happening.kind === 'ordered') {
      const { id = '', body } = happening.order;
      this.#ordered.set(id, (this.#ordered.get(id) ?? new Set()).add(body));
    }
    return happening.kind === 'created' ? this.#created(happening, model) : undefined;
  };

  #created({ order, answer }: Created, model: Model): string | undefined {
    if (answer.is === 'unknown') return undefined;
    if (answer.is === 'refused') return this.#refused(order, answer.code);
    const { job, isNew = false } = answer;
    if (job === undefined) return 'a create was answered without a job';
    if (order.id !== undefined && job.jobId !== order.id) return `${order.id} became ${job.jobId}`;
    const birth = birthOf(job);
    if (!this.#born.has(birth)) return `${birth} was acknowledged, and never kept`;
    const deletesItself = job.deleteOnSuccess === true && job.requestHash === undefined;
    const mayBeGone = deletesItself || model.wasAsked(job.jobId, 'delete', 'force-delete');
    if (!model.rows.has(job.jobId) && !mayBeGone) return `${job.jobId} was acknowledged, and is lost`;
    const body = this.#bodies.get(birth) ?? order.body;
    this.#bodies.set(birth, body);
    if (body !== order.body) return `${birth} was the answer to two different orders`;
    if (isNew && this.#newAnswers.has(birth)) return `${birth} was new twice`;
    if (isNew) this.#newAnswers.add(birth);
    return undefined;
  }

  #refused({ id, body }: Created['order'], code: string): string | undefined {
    const isOther = id !== undefined && (this.#ordered.get(id)?.size ?? 0) > 1;
    return code === 'Conflict' && isOther ? undefined : `a create was refused with ${code}: ${body}`;
  }

  /** A cancel that was accepted ends in Canceled, or with the job gone: never in anything else. */
  readonly keepsCancels: Rule = (happening, _now, model) => {
    if (happening.kind === 'answered') return this.#answered(happening, model);
    if (happening.kind !== 'commit') return undefined;
    for (const { after } of happening.rows) {
      if (after && isOver(after) && after.statusCode !== CANCELED && this.#canceled.has(birthOf(after))) {
        return `${after.jobId} was canceled, and ended ${after.statusCode}`;
      }
    }
    return undefined;
  };

  #answered({ jobId, verb, answer }: Answered, model: Model): string | undefined {
    if (answer.is === 'refused') {
      return ['VerbRefused', 'NotFound'].includes(answer.code)
        ? undefined
        : `${verb} was refused with ${answer.code}`;
    }
    const job = answer.is === 'done' ? answer.job : undefined;
    if (job?.statusCode !== CANCELED && job?.statusCode !== CANCELING) return undefined;
    const birth = birthOf(job);
    this.#canceled.add(birth);
    const row = model.rows.get(jobId);
    const isOther = row !== undefined && birthOf(row) === birth && isOver(row) && row.statusCode !== CANCELED;
    return isOther ? `${jobId} was canceled, and has ended ${row.statusCode}` : undefined;
  }
}
