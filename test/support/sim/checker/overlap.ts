import type { Commit, Happening, Run } from '../happening.ts';
import { isLocked, type Model, type Rule } from './model.ts';
import { orderOf } from './order.ts';

/** Workers at work: who runs what. */
export class Overlap {
  readonly #live = new Map<string, Run>();
  readonly #taken = new Set<string>();

  /** Two runs of a job, or of a token, never overlap; and nobody works without a claim. */
  readonly isAlone: Rule = (happening, _now, model) => {
    if (happening.kind === 'began') return this.#begin(happening.run, model);
    if (happening.kind === 'ended') this.#live.delete(happening.run.host + happening.run.jobId);
    if (happening.kind === 'died') return this.#die(happening);
    if (happening.kind === 'effect') return claimLost(happening.run, model);
    return happening.kind === 'commit' ? this.#takenAway(happening) : undefined;
  };

  #begin(run: Run, model: Model): string | undefined {
    const token = model.rows.get(run.jobId)?.dependencyToken;
    for (const other of this.#live.values()) {
      if (other.jobId === run.jobId)
        return `${run.jobId} runs twice at once, on ${other.host} and ${run.host}`;
      const isOfToken = token !== undefined && model.rows.get(other.jobId)?.dependencyToken === token;
      if (isOfToken) return `${other.jobId} and ${run.jobId} of ${token} run at once`;
    }
    this.#live.set(run.host + run.jobId, run);
    return claimLost(run, model);
  }

  /** A job that always kills its worker takes nobody else with it twice. */
  #die({ host, cause }: Extract<Happening, { kind: 'died' }>): string | undefined {
    const died = [...this.#live.values()].filter((run) => run.host === host);
    for (const run of died) this.#live.delete(host + run.jobId);
    const killer = typeof cause === 'string' ? undefined : died.find(({ jobId }) => jobId === cause.jobId);
    if (killer === undefined || orderOf(killer)?.manner !== 'killer') return undefined;
    for (const { jobId } of died) {
      const pair = `${killer.jobId} ${jobId}`;
      if (jobId !== killer.jobId && this.#taken.has(pair))
        return `${killer.jobId} took ${jobId} with it twice`;
      this.#taken.add(pair);
    }
    return undefined;
  }

  #takenAway({ rows }: Commit): string | undefined {
    for (const { jobId, before, after } of rows) {
      if (before === undefined || !isLocked(before)) continue;
      const isKept = after !== undefined && isLocked(after) && after.claimNumber === before.claimNumber;
      const run = isKept ? undefined : [...this.#live.values()].find((each) => each.jobId === jobId);
      if (run !== undefined) return `${jobId} was taken away from ${run.host}, which works on it`;
    }
    return undefined;
  }
}

function claimLost({ jobId, claimNumber }: Run, model: Model): string | undefined {
  const row = model.rows.get(jobId);
  if (row !== undefined && isLocked(row) && row.claimNumber === claimNumber) return undefined;
  return `${jobId} is worked on by claim ${claimNumber}, and is ${row?.statusCode ?? 'gone'} with claim ${row?.claimNumber ?? 0}`;
}
