import type { Job } from '../../../../shared/job/job.ts';
import type { Commit, Happening, Run } from '../happening.ts';
import { type Model, RUNNING, type Rule, SUCCEEDED } from './model.ts';
import { orderOf } from './order.ts';

/** What was done for a job since it was created. */
interface Deeds {
  readonly steps: Set<number>;
  readonly byClaim: Set<string>;
  /** The last checkpoint that was kept. */
  cursor: number;
  /** The same when it was claimed last. */
  cursorAtClaim: number;
  /** Its last claim took it over from another worker, dead or done with its slice. */
  wasTakenOver: boolean;
  /** Where a job that repeats another one went on. */
  base: number | undefined;
  planned: number;
}

/** What the workers have done. */
export class Steps {
  readonly #deeds = new Map<string, Deeds>();

  /** Steps are done in order, from the last checkpoint on; none is left out, and a job that succeeded did all. */
  readonly isComplete: Rule = (happening, _now, model) => {
    if (happening.kind === 'cursor') this.#keep(happening);
    if (happening.kind === 'began') return this.#goOn(happening.run, model);
    if (happening.kind === 'effect') return this.#do(happening, model);
    return happening.kind === 'commit' ? this.#count(happening) : undefined;
  };

  /** What comes late never takes back what was kept. */
  #keep(happening: Extract<Happening, { kind: 'cursor' }>): void {
    const deeds = this.#deedsOf(happening);
    deeds.cursor = Math.max(deeds.cursor, happening.step);
  }

  #goOn(run: Run, model: Model): string | undefined {
    const row = model.rows.get(run.jobId);
    const deeds = row && this.#deedsOf(row);
    const order = orderOf(run);
    if (deeds === undefined) return `${run.jobId} is gone, and runs`;
    if (order === undefined) return `${run.jobId} has lost its input`;
    deeds.planned = order.steps;
    if (row?.rerunOf !== undefined) deeds.base ??= run.from;
    if (run.from < deeds.cursorAtClaim) {
      return `${run.jobId} goes on from step ${run.from}, and ${deeds.cursorAtClaim} was kept`;
    }
    const mustBeAlone = order.isBulk || deeds.wasTakenOver;
    return mustBeAlone && run.lane !== 'bulk' ? `${run.jobId} runs in ${run.lane}, not alone` : undefined;
  }

  #do({ run, step }: Extract<Happening, { kind: 'effect' }>, model: Model): string | undefined {
    const row = model.rows.get(run.jobId);
    if (row === undefined) return `${run.jobId} is gone, and worked on`;
    const deeds = this.#deedsOf(row);
    const byClaim = `${run.claimNumber}/${step}`;
    if (deeds.byClaim.has(byClaim)) return `${run.jobId} did step ${step} twice by claim ${run.claimNumber}`;
    deeds.byClaim.add(byClaim);
    deeds.steps.add(step);
    const isFirst = step - 1 === (deeds.base ?? 0);
    return isFirst || deeds.steps.has(step - 1) ? undefined : `${run.jobId} left out step ${step - 1}`;
  }

  #count({ rows }: Commit): string | undefined {
    for (const { jobId, before, after } of rows) {
      if (after === undefined || before === undefined) continue;
      const deeds = this.#deedsOf(after);
      if (after.claimNumber !== before.claimNumber) {
        deeds.cursorAtClaim = deeds.cursor;
        deeds.wasTakenOver = before.statusCode === RUNNING;
      }
      const isDone = after.operation === 'reprocess' || deeds.steps.size + (deeds.base ?? 0) >= deeds.planned;
      if (after.statusCode === SUCCEEDED && !isDone)
        return `${jobId} succeeded after ${deeds.steps.size} steps`;
    }
    return undefined;
  }

  /** A client may use an id again. */
  #deedsOf({ jobId, createdOn }: Pick<Job, 'jobId' | 'createdOn'>): Deeds {
    const birth = `${jobId}@${createdOn}`;
    const deeds = this.#deeds.get(birth) ?? {
      steps: new Set(),
      byClaim: new Set(),
      cursor: 0,
      cursorAtClaim: 0,
      wasTakenOver: false,
      base: undefined,
      planned: Number.POSITIVE_INFINITY,
    };
    this.#deeds.set(birth, deeds);
    return deeds;
  }
}
