import * as z from 'zod';
import type { AskedOfSeries, Commit, Happening } from '../happening.ts';
import { calendarOf, dateAfter } from './calendar.ts';
import { type Model, PATIENCE_MS, type Rule } from './model.ts';

/** What is ordered, as far as it says when. */
const Ordered = z.object({
  recurrence: z.object({ pattern: z.string(), startTime: z.string().optional() }),
});

/** What was said of a series was so. */
export class SeriesAnswers {
  readonly #versions = new Map<string, Set<string>>();
  /** First occurrences: their ids are those of the orders that have one. */
  readonly #begun = new Set<string>();
  readonly #made = new Map<string, Set<string>>();
  readonly #ordered = new Map<string, Set<string>>();
  readonly #counts = new Map<string, { asked: number; refused: number; made: number }>();

  /** Every version that is shown was committed; a deletion that was acknowledged holds. */
  readonly hold: Rule = (happening, now, model) => {
    if (happening.kind === 'commit') this.#commit(happening);
    if (happening.kind === 'series-ordered') {
      const { id = '', body } = happening.order;
      this.#ordered.set(id, (this.#ordered.get(id) ?? new Set()).add(body));
    }
    if (happening.kind === 'series-created') return this.#created(happening, now);
    return happening.kind === 'series-answered' ? this.#answered(happening, model) : undefined;
  };

  /** None that was refused is made, and none is made twice. */
  readonly countOnce: Rule = (happening) => {
    if (happening.kind === 'series-asked') this.#of(happening).asked++;
    const isRefusal = happening.kind === 'series-answered' && happening.answer.is === 'refused';
    if (isRefusal) this.#of(happening).refused++;
    const verb = happening.kind === 'commit' ? verbOf(happening) : undefined;
    if (happening.kind === 'commit' && happening.series !== undefined && verb !== undefined)
      this.#of({ ...happening.series, verb }).made++;
    const wrong = [...this.#counts].find(([, { asked, refused, made }]) => made + refused > asked);
    return wrong && `${wrong[0]} was made more often than asked, or refused and made`;
  };

  #of({ seriesId, verb }: { seriesId: string; verb: AskedOfSeries }) {
    const key = `${verb} of ${seriesId}`;
    const count = this.#counts.get(key) ?? { asked: 0, refused: 0, made: 0 };
    this.#counts.set(key, count);
    return count;
  }

  #commit({ series }: Commit): void {
    const after = series?.after;
    if (after === undefined) return;
    if (after.version === 1 && after.nextJobId !== undefined) this.#begun.add(after.nextJobId);
    const versions = this.#versions.get(after.seriesId) ?? new Set();
    this.#versions.set(after.seriesId, versions.add(JSON.stringify(after)));
  }

  #created(
    { order, answer }: Extract<Happening, { kind: 'series-created' }>,
    now: number,
  ): string | undefined {
    if (answer.is === 'unknown') return undefined;
    if (answer.is === 'refused') {
      // The order of before may be over, or its id was given to another one.
      const isAgain = order.id !== undefined && this.#begun.has(order.id);
      const isOther = order.id !== undefined && (this.#ordered.get(order.id)?.size ?? 0) > 1;
      const mayBe = answer.code === 'Conflict' && (isAgain || isOther);
      if (answer.code === 'InvalidInput' && hasNoDate(order.body, now)) return undefined;
      return mayBe ? undefined : `an order was refused with ${answer.code}: ${order.body}`;
    }
    const { series, isNew = false } = answer;
    if (series === undefined) return 'an order was answered without a series';
    const text = JSON.stringify(series);
    if (isNew && this.#versions.get(series.seriesId)?.has(text) !== true)
      return `${series.seriesId} was acknowledged, and never kept`;
    const made = this.#made.get(order.id ?? series.seriesId) ?? new Set();
    this.#made.set(order.id ?? series.seriesId, made);
    if (isNew && made.has(text)) return `${series.seriesId} was new twice`;
    made.add(text);
    return undefined;
  }

  #answered(
    { seriesId, verb, answer, ifVersion }: Extract<Happening, { kind: 'series-answered' }>,
    model: Model,
  ): string | undefined {
    if (answer.is === 'unknown') return undefined;
    if (answer.is === 'refused') {
      return ['NotFound', 'Conflict', 'PreconditionFailed', 'InvalidInput'].includes(answer.code)
        ? undefined
        : `${verb} was refused with ${answer.code}`;
    }
    const { series } = answer;
    if (verb === 'delete') {
      const isThere = (model.series.get(seriesId)?.version ?? 0) > 1;
      return isThere ? `${seriesId} was deleted, and is there` : undefined;
    }
    if (series === undefined || this.#versions.get(seriesId)?.has(JSON.stringify(series)) !== true)
      return `${verb} of ${seriesId} was answered with what never was`;
    const isThatVersion = ifVersion === undefined || series.version - ifVersion <= 1;
    if (!isThatVersion)
      return `${verb} of ${seriesId} was for version ${ifVersion}, and led to ${series.version}`;
    const isAsAsked = verb === 'patch' || (series.isPaused === true) === (verb === 'pause');
    return isAsAsked ? undefined : `${verb} of ${seriesId} was acknowledged, and not made`;
  }
}

/** It is over before it begins. */
function hasNoDate(body: string, now: number): boolean {
  const { pattern, startTime = new Date(now).toISOString() } = Ordered.parse(JSON.parse(body)).recurrence;
  return dateAfter(calendarOf({ pattern, startTime }), now + PATIENCE_MS) === undefined;
}

/** What a change can only have been asked for as. */
function verbOf({ series }: Commit): AskedOfSeries | undefined {
  const { before, after } = series ?? {};
  if (before === undefined) return undefined;
  if (after === undefined) return 'delete';
  if (before.isPaused === after.isPaused) return undefined;
  return after.isPaused ? 'pause' : 'resume';
}
